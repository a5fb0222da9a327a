"""Writes a reward model's folder: ONNX graph, tokenizer files, and lam.json about them.

inputs   input_ids int64 [batch, sequence], attention_mask int64 [batch, sequence]: ones, then zeros where a row is padded
output   reward float32 [batch], of each row's last token

There is no KV: a pair is computed once. A row's reward does not depend on the other rows nor on the padding.
"""

import json
import math
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnx import TensorProto, helper

from .export import ModelCard, checksum
from .graph import IR_VERSION, MICROSOFT, ONNX_OPSET, GraphWriter, Kernel
from .quantize import BLOCK, as_array, dequantized_model
from .reward_model import RewardModel

REWARD_FILES = ("model.onnx", "tokenizer.json", "tokenizer_config.json")


class RewardGraphWriter(GraphWriter):
    """One use: `RewardGraphWriter(model, bits=8, kernel="expanded").write()`."""

    def __init__(self, model: RewardModel, *, bits: int, kernel: Kernel) -> None:
        super().__init__(model.decoder, bits=bits, kernel=kernel)
        self.head = model.head

    def write(self) -> onnx.ModelProto:
        graph = self.graph
        lengths = self._lengths()
        last = self._last_positions(lengths[0])
        rotary = (graph.constant("cos_cache", as_array(self.model.cos)), graph.constant("sin_cache", as_array(self.model.sin)))
        embedding = graph.constant("model.embed_tokens.weight", as_array(self.model.embedding.weight))
        residual = graph.node("/model/embed_tokens/Gather", [embedding, "input_ids"])
        delta = None
        for index, layer in enumerate(self.model.layers):
            path = f"/model/layers.{index}"
            residual, x = self._norm(f"{path}/input_layernorm", residual, delta, layer.attention_norm.weight)
            mixed = self._attention(index, x, [*lengths, *rotary])
            if index == self.config.num_layers - 1:
                # Nothing after the last keys and values needs any position but each row's last.
                mixed = graph.node(f"{path}/attn/last/GatherND", [mixed, last], batch_dims=1)
                residual = graph.node(f"{path}/residual/last/GatherND", [residual, last], batch_dims=1)
            delta = self._matmul(f"{path}/attn/o_proj", mixed, as_array(layer.attention.output.weight))
            residual, x = self._norm(f"{path}/post_attention_layernorm", residual, delta, layer.ffn_norm.weight)
            delta = self._feed_forward(f"{path}/mlp", x, layer)
        _, x = self._norm("/model/norm", residual, delta, self.model.norm.weight)
        self._head(x)
        return self._proto()

    def _last_positions(self, last: str) -> str:
        """[batch, 1, 1]: indices of each row's last token, which is its length less one [batch]."""
        graph = self.graph
        wide = graph.node("/model/last/Cast", [last], to=TensorProto.INT64)
        return graph.node("/model/last/Unsqueeze", [wide, graph.constant("last_axes", np.array([1, 2], dtype=np.int64))])

    def _attention(self, index: int, x: str, lengths_and_rotary: list[str]) -> str:
        """As in a decoder, but without a past: keys and values are computed and forgotten."""
        layer, config, path = self.model.layers[index], self.config, f"/model/layers.{index}/attn"
        packed = self._matmul(f"{path}/qkv_proj", x, as_array(layer.attention.packed_weight()))
        return self.graph.node(
            f"{path}/GroupQueryAttention",
            [packed, "", "", "", "", *lengths_and_rotary],
            outputs=[f"{path}/GroupQueryAttention/output_{i}" for i in range(3)],
            domain=MICROSOFT,
            num_heads=config.num_heads,
            kv_num_heads=config.num_kv_heads,
            scale=config.head_dim**-0.5,
            do_rotary=1,
            rotary_interleaved=0,
        )

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
    for name in ("tokenizer.json", "tokenizer_config.json"):
        if tokenizer.resolve() != out.resolve():
            shutil.copyfile(tokenizer / name, out / name)
    served = ServedRewardModel(out / "model.onnx")
    errors = np.abs([served.rewards([row])[0] for row in rows] - rewards(model, rows))
    lam = {
        "format": 1,
        "name": card.name,
        "version": card.version,
        "role": "reward",
        "dialect": card.dialect,
        "context_length": config.context_length,
        "parameters": model.num_parameters(),
        "vocab_size": config.vocab_size,
        "num_layers": config.num_layers,
        "num_kv_heads": config.num_kv_heads,
        "head_dim": config.head_dim,
        "kv_dtype": "float32",
        "quantization": {
            "method": "block-wise integers, expanded at load" if card.kernel == "expanded" else "MatMulNBits",
            "bits": card.bits,
            "block_size": BLOCK,
            # Of the reward, the only number there is. Rounded up: it is a bound.
            "max_logit_error": math.ceil(float(errors.max()) * 1e4) / 1e4,
            "mean_logit_error": round(float(errors.mean()), 4),
        },
        "files": {name: checksum(out / name) for name in REWARD_FILES},
        "license": card.licence,
        "provenance": card.provenance,
        "evaluation": card.evaluation,
    }
    (out / "lam.json").write_text(json.dumps(lam, indent=2, ensure_ascii=False) + "\n")
    return lam
