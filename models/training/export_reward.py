"""Writes a reward model's folder: ONNX graph, tokenizer files, and lam.json about them.

inputs   input_ids int64 [batch, sequence], attention_mask int64 [batch, sequence]: ones, then zeros where a row is padded
output   reward float32 [batch], of each row's last token

There is no KV: a pair is computed once. A row's reward does not depend on the other rows nor on the padding.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnx import TensorProto, helper

from .folder import TOKENIZER_FILES, ModelCard, copy_tokenizer, output_errors, write_lam_json
from .graph import IR_VERSION, MICROSOFT, ONNX_OPSET, GraphWriter, Kernel
from .quantize import as_array, dequantized_model
from .reward_model import RewardModel

REWARD_FILES = ("model.onnx", *TOKENIZER_FILES)


class RewardGraphWriter(GraphWriter):
    """One use: `RewardGraphWriter(model, bits=8, kernel="expanded").write()`."""

    def __init__(self, model: RewardModel, *, bits: int, kernel: Kernel) -> None:
        super().__init__(model.decoder, bits=bits, kernel=kernel)
        self.head = model.head

    def write(self) -> onnx.ModelProto:
        graph = self.graph
        lengths = self._lengths()
        last = self._last_positions(lengths[0])
        shared = [*lengths, *self._rotary()]
        embedding = graph.constant("model.embed_tokens.weight", as_array(self.model.embedding.weight))
        residual = graph.node("/model/embed_tokens/Gather", [embedding, "input_ids"])
        delta = None
        for index, layer in enumerate(self.model.layers):
            path = f"/model/layers.{index}"
            residual, x = self._norm(f"{path}/input_layernorm", residual, delta, layer.attention_norm.weight)
            mixed = self._attention(index, x, shared)
            if index == self.config.num_layers - 1:
                # Nothing after the last keys and values needs any position but each row's last.
                mixed = graph.node(f"{path}/attn/last/GatherND", [mixed, last], batch_dims=1)
                residual = graph.node(f"{path}/residual/last/GatherND", [residual, last], batch_dims=1)
            residual, delta = self._rest_of_layer(path, residual, mixed, layer)
        _, x = self._norm("/model/norm", residual, delta, self.model.norm.weight)
        self._head(x)
        return self._proto()

    def _last_positions(self, last: str) -> str:
        """[batch, 1, 1]: indices of each row's last token, which is its length less one [batch]."""
        graph = self.graph
        wide = graph.node("/model/last/Cast", [last], to=TensorProto.INT64)
        return graph.node("/model/last/Unsqueeze", [wide, graph.constant("last_axes", np.array([1, 2], dtype=np.int64))])

    def _attention(self, index: int, x: str, shared: list[str]) -> str:
        """As in a decoder, but without a past: keys and values are computed and forgotten."""
        path = f"/model/layers.{index}/attn/GroupQueryAttention"
        return self._group_query_attention(index, x, ["", "", *shared], [f"{path}/output_{i}" for i in (1, 2)])

    def _head(self, x: str) -> None:
        """x [batch, 1, D] -> reward [batch], in float32: one row of weights is not worth rounding."""
        graph = self.graph
        weight = graph.constant("reward_head.weight", as_array(self.head.weight).T)
        bias = graph.constant("reward_head.bias", as_array(self.head.bias))
        raw = graph.node("/reward_head/Add", [graph.node("/reward_head/MatMul", [x, weight]), bias])
        axes = graph.constant("reward_axes", np.array([1, 2], dtype=np.int64))
        graph.node("/reward_head/Squeeze", [raw, axes], outputs=["reward"])

    def _proto(self) -> onnx.ModelProto:
        rows = ["batch_size", "sequence_length"]
        inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, rows) for name in ("input_ids", "attention_mask")]
        outputs = [helper.make_tensor_value_info("reward", TensorProto.FLOAT, ["batch_size"])]
        graph = helper.make_graph(self.graph.nodes, "main_graph", inputs, outputs, self.graph.initializers)
        opsets = [helper.make_opsetid("", ONNX_OPSET), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, producer_name="lam-gateway", ir_version=IR_VERSION)


def dequantized_reward_model(model: RewardModel, bits: int) -> RewardModel:
    """A float32 copy of `model` with the weights the exported graph has."""
    decoder = dequantized_model(model.decoder, bits)
    copy = RewardModel(replace(model.config, tied=False))
    copy.decoder = decoder
    copy.head.load_state_dict(model.head.state_dict())
    return copy.float().cpu().eval()


@torch.no_grad()
def rewards(model: RewardModel, rows: Sequence[Sequence[int]]) -> np.ndarray:
    """float32 [rows]: what PyTorch says, one row at a time."""
    return np.array([float(model(torch.tensor([row]), torch.tensor([len(row)]))[0]) for row in rows], dtype=np.float32)


class ServedRewardModel:
    """Runs an exported graph the way the gateway does: rows padded on the right to the longest."""

    def __init__(self, model: bytes | Path) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        source = model if isinstance(model, bytes) else str(model)
        self._session = ort.InferenceSession(source, options, providers=["CPUExecutionProvider"])

    def rewards(self, rows: Sequence[Sequence[int]], *, padding: int = 0) -> np.ndarray:
        """float32 [rows], computed as one batch. `padding`: the token that fills short rows; it must not matter."""
        longest = max(map(len, rows))
        ids = np.array([[*row, *[padding] * (longest - len(row))] for row in rows], dtype=np.int64)
        mask = np.array([[1] * len(row) + [0] * (longest - len(row)) for row in rows], dtype=np.int64)
        return self._session.run(["reward"], {"input_ids": ids, "attention_mask": mask})[0]


def export_reward_folder(model: RewardModel, out: Path, card: ModelCard, *, tokenizer: Path, rows: Sequence[Sequence[int]]) -> dict:
    """Writes the folder `out` and returns its lam.json. `tokenizer` is the folder with the tokenizer files; `rows` are token id
    lists on which the quantization error is measured."""
    model = model.float().cpu().eval()
    config = model.config
    out.mkdir(parents=True, exist_ok=True)
    graph = RewardGraphWriter(model, bits=card.bits, kernel=card.kernel).write()
    (out / "model.onnx").write_bytes(graph.SerializeToString())
    copy_tokenizer(tokenizer, out)
    served = ServedRewardModel(out / "model.onnx")
    # Of the reward, the only number there is.
    errors = output_errors([np.abs(served.rewards([row])[0] - rewards(model, [row])[0]) for row in rows])
    return write_lam_json(out, card, config, parameters=model.num_parameters(), errors=errors, files=REWARD_FILES)
