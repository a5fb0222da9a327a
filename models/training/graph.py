"""Writes an ActionModel as the ONNX graph that onnxruntime-genai's model builder would write, with the same names.

inputs   input_ids int64 [batch, sequence], attention_mask int64 [batch, total],
         past_key_values.{i}.key|value float32 [batch, kv_heads, past, head_dim]
outputs  logits float32 [batch, 1, vocab] (last position only), present.{i}.key|value like the inputs

Past and present are meant to be bound to one buffer of the context's length. How long each row is follows from the number of
ones in its attention_mask. Operators: docs/ContribOperators.md of ONNX Runtime.
"""

from typing import Literal

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from .model import ActionModel, Layer
from .quantize import BLOCK, QuantizedMatrix, as_array, quantize

ONNX_OPSET = 21
IR_VERSION = 10
MICROSOFT = "com.microsoft"

Kernel = Literal["expanded", "int8_activations", "float_activations", "int8_prefill"]
"""How stored weights meet activations.

expanded: 8-bit weights become float32 once, when a session is created (all inputs of the expansion are constants, so ONNX
    Runtime folds it), and MatMul does the rest: as fast for prompts, and a row's result depends on no other row or chunk.
int8_activations, float_activations: MatMulNBits with accuracy_level 4 or 1. The former rounds activations to 8 bits, where a
    difference in the seventh digit, as chunks and batches make, can flip a rounding and move a logit by 0.1.
int8_prefill: DynamicQuantizeMatMul with a scale per column: several times as fast for blocks of tokens where the CPU multiplies
    8-bit integers, but activations are rounded by the largest of a run. For a graph that gets the same blocks of a prompt
    whatever else runs (see `write_prefill`).
"""
ACCURACY_LEVEL = {"int8_activations": 4, "float_activations": 1}


class Graph:
    """Nodes and initializers under construction. A node's first output is named after the node."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = []

    def constant(self, name: str, value: np.ndarray) -> str:
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, path: str, inputs: list[str], *, outputs: list[str] | None = None, domain: str = "", **attributes) -> str:
        """Adds the node `path`, whose last component is its operator; returns its first output."""
        outputs = outputs or [f"{path}/output_0"]
        operator = path.rsplit("/", 1)[-1]
        self.nodes.append(helper.make_node(operator, inputs, outputs, name=path, domain=domain, **attributes))
        return outputs[0]


class GraphWriter:
    """One use: `GraphWriter(model, bits=8, kernel="expanded").write()`."""

    def __init__(self, model: ActionModel, *, bits: int, kernel: Kernel) -> None:
        if kernel == "expanded" and bits != 8:
            raise ValueError(f"only 8-bit weights can be expanded, not {bits}-bit ones")
        self.model = model
        self.config = model.config
        self.bits = bits
        self.kernel: Kernel = kernel
        self.graph = Graph()

    def write(self) -> onnx.ModelProto:
        graph, config = self.graph, self.config
        shared = [*self._lengths(), *self._rotary()]
        embedding = graph.constant("model.embed_tokens.weight", as_array(self.model.embedding.weight))
        residual = graph.node("/model/embed_tokens/Gather", [embedding, "input_ids"])
        # `delta` is what the layer before has yet to add to the residual: SkipSimplifiedLayerNormalization adds and normalises.
        delta = None
        for index, layer in enumerate(self.model.layers):
            path = f"/model/layers.{index}"
            residual, x = self._norm(f"{path}/input_layernorm", residual, delta, layer.attention_norm.weight)
            mixed = self._attention(index, x, shared)
            if index == config.num_layers - 1:
                # Nothing after the last keys and values needs any position but the last.
                last = graph.constant("last_position", np.array([-1], dtype=np.int64))
                mixed = graph.node(f"{path}/attn/last/Gather", [mixed, last], axis=1)
                residual = graph.node(f"{path}/residual/last/Gather", [residual, last], axis=1)
            residual, delta = self._rest_of_layer(path, residual, mixed, layer)
        _, x = self._norm("/model/norm", residual, delta, self.model.norm.weight)
        self._matmul("/lm_head", x, as_array(self.model.output_weight()), output="logits")
        return self._proto()

    def write_prefill(self) -> onnx.ModelProto:
        """A graph that only appends a block of a prompt to the KV: nothing behind the last layer's keys and values."""
        graph, config = self.graph, self.config
        shared = [*self._lengths(), *self._rotary()]
        embedding = graph.constant("model.embed_tokens.weight", as_array(self.model.embedding.weight).astype(np.float16))
        halves = graph.node("/model/embed_tokens/Gather", [embedding, "input_ids"])
        residual = graph.node("/model/embed_tokens/Cast", [halves], to=TensorProto.FLOAT)
        delta = None
        for index, layer in enumerate(self.model.layers):
            path = f"/model/layers.{index}"
            residual, x = self._norm(f"{path}/input_layernorm", residual, delta, layer.attention_norm.weight)
            mixed = self._attention(index, x, shared)
            if index == config.num_layers - 1:
                break
            residual, delta = self._rest_of_layer(path, residual, mixed, layer)
        return self._proto(has_logits=False)

    def _lengths(self) -> list[str]:
        """From attention_mask, the two length inputs of GroupQueryAttention: keys per row less one, and the mask's width."""
        graph, path = self.graph, "/model/attn_mask_reformat"
        one = graph.constant("one", np.array([1], dtype=np.int64))
        total = graph.node(f"{path}/ReduceSum", ["attention_mask", one], keepdims=0)
        less_one = graph.node(f"{path}/Sub", [total, one])
        seqlens = graph.node(f"{path}/seqlens_k/Cast", [less_one], to=TensorProto.INT32)
        shape = graph.node(f"{path}/Shape", ["attention_mask"])
        width = graph.node(f"{path}/Gather", [shape, graph.constant("one_scalar", np.array(1, dtype=np.int64))], axis=0)
        return [seqlens, graph.node(f"{path}/total_seq_len/Cast", [width], to=TensorProto.INT32)]

    def _norm(self, path: str, residual: str, delta: str | None, weight) -> tuple[str, str]:
        """Returns (residual + delta, its normalised copy)."""
        scale = self.graph.constant(f"{path[1:].replace('/', '.')}.weight", as_array(weight))
        epsilon = self.config.norm_epsilon
        if delta is None:
            name = f"{path}/SimplifiedLayerNormalization"
            return residual, self.graph.node(name, [residual, scale], axis=-1, epsilon=epsilon, stash_type=1)
        name = f"{path}/SkipSimplifiedLayerNormalization"
        outputs = [f"{name}/output_0", "", "", f"{name}/output_3"]
        normed = self.graph.node(name, [residual, delta, scale], outputs=outputs, domain=MICROSOFT, epsilon=epsilon)
        return outputs[3], normed

    def _rotary(self) -> list[str]:
        """The tables of cosines and sines."""
        return [self.graph.constant("cos_cache", as_array(self.model.cos)), self.graph.constant("sin_cache", as_array(self.model.sin))]

    def _rest_of_layer(self, path: str, residual: str, mixed: str, layer: Layer) -> tuple[str, str]:
        """What follows a layer's attention. Returns the residual, and what is yet to be added to it."""
        delta = self._matmul(f"{path}/attn/o_proj", mixed, as_array(layer.attention.output.weight))
        residual, x = self._norm(f"{path}/post_attention_layernorm", residual, delta, layer.ffn_norm.weight)
        return residual, self._feed_forward(f"{path}/mlp", x, layer)

    def _attention(self, index: int, x: str, shared: list[str]) -> str:
        """`shared`: lengths and rotary tables, the same for all layers."""
        past = [f"past_key_values.{index}.key", f"past_key_values.{index}.value"]
        return self._group_query_attention(index, x, [*past, *shared], [f"present.{index}.key", f"present.{index}.value"])

    def _group_query_attention(self, index: int, x: str, inputs: list[str], presents: list[str]) -> str:
        layer, config, path = self.model.layers[index], self.config, f"/model/layers.{index}/attn"
        packed = self._matmul(f"{path}/qkv_proj", x, as_array(layer.attention.packed_weight()))
        return self.graph.node(
            f"{path}/GroupQueryAttention",
            [packed, "", "", *inputs],
            outputs=[f"{path}/GroupQueryAttention/output_0", *presents],
            domain=MICROSOFT,
            num_heads=config.num_heads,
            kv_num_heads=config.num_kv_heads,
            scale=config.head_dim**-0.5,
            do_rotary=1,
            rotary_interleaved=0,
        )

    def _feed_forward(self, path: str, x: str, layer: Layer) -> str:
        graph = self.graph
        gate = self._matmul(f"{path}/gate_proj", x, as_array(layer.ffn.gate.weight))
        up = self._matmul(f"{path}/up_proj", x, as_array(layer.ffn.up.weight))
        # QuickGelu with alpha 1 is x * sigmoid(x): SiLU as one operator.
        activated = graph.node(f"{path}/act_fn/QuickGelu", [gate], domain=MICROSOFT, alpha=1.0)
        return self._matmul(f"{path}/down_proj", graph.node(f"{path}/Mul", [activated, up]), as_array(layer.ffn.down.weight))

    def _matmul(self, path: str, x: str, weight: np.ndarray, output: str | None = None) -> str:
        """x @ weight^T for a weight [N, K], stored in `bits` bits per element."""
        if self.kernel == "int8_prefill":
            return self._int8_matmul(path, x, weight)
        matrix = quantize(weight, self.bits)
        outputs = [output] if output else None
        if self.kernel == "expanded":
            return self.graph.node(f"{path}/MatMul", [x, self._expanded(path, matrix)], outputs=outputs)
        name = path[1:].replace("/", ".")
        packed = self.graph.constant(f"{name}.weight_quant", matrix.packed)
        scales = self.graph.constant(f"{name}.weight_scale", matrix.scales)
        return self.graph.node(
            f"{path}/MatMulNBits",
            [x, packed, scales],
            outputs=outputs,
            domain=MICROSOFT,
            N=weight.shape[0],
            K=weight.shape[1],
            bits=self.bits,
            block_size=BLOCK,
            accuracy_level=ACCURACY_LEVEL[self.kernel],
        )

    def _int8_matmul(self, path: str, x: str, weight: np.ndarray) -> str:
        """By column symmetric 8-bit integers; the operator's definition is in ONNX Runtime's docs/ContribOperators.md."""
        scales = np.abs(weight).max(axis=1).astype(np.float32) / 127
        levels = np.rint(weight / np.where(scales == 0, 1, scales)[:, None]).astype(np.int8)
        name = path[1:].replace("/", ".")
        columns = self.graph.constant(f"{name}.weight_int8", levels.T)
        inputs = [x, columns, self.graph.constant(f"{name}.weight_scale", scales)]
        return self.graph.node(f"{path}/DynamicQuantizeMatMul", inputs, domain=MICROSOFT)

    def _expanded(self, path: str, matrix: QuantizedMatrix) -> str:
        """The float32 matrix [K, N] out of the stored [N, K / BLOCK, BLOCK]: centred integers times their block's scale."""
        graph, name = self.graph, path[1:].replace("/", ".")
        rows, blocks = matrix.scales.shape
        levels = graph.constant(f"{name}.weight_quant", (matrix.packed.astype(np.int16) - 128).astype(np.int8))
        scales = graph.constant(f"{name}.weight_scale", matrix.scales[..., None])
        numbers = graph.node(f"{path}/weight/Cast", [levels], to=TensorProto.FLOAT)
        scaled = graph.node(f"{path}/weight/Mul", [numbers, scales])
        shape = graph.constant(f"{name}.weight_shape", np.array([rows, blocks * BLOCK], dtype=np.int64))
        flat = graph.node(f"{path}/weight/Reshape", [scaled, shape])
        return graph.node(f"{path}/weight/Transpose", [flat], perm=[1, 0])

    def _proto(self, *, has_logits: bool = True) -> onnx.ModelProto:
        config = self.config

        def cache(prefix: str, length: str) -> list[onnx.ValueInfoProto]:
            shape = ["batch_size", config.num_kv_heads, length, config.head_dim]
            names = (f"{prefix}.{index}.{kind}" for index in range(config.num_layers) for kind in ("key", "value"))
            return [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in names]

        inputs = [
            helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch_size", "sequence_length"]),
            helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["batch_size", "total_sequence_length"]),
            *cache("past_key_values", "past_sequence_length"),
        ]
        logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch_size", 1, config.vocab_size])
        outputs = [*([logits] if has_logits else []), *cache("present", "present_sequence_length")]
        graph = helper.make_graph(self.graph.nodes, "main_graph", inputs, outputs, self.graph.initializers)
        opsets = [helper.make_opsetid("", ONNX_OPSET), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, producer_name="lam-gateway", ir_version=IR_VERSION)


def build_graph(model: ActionModel, *, bits: int = 8, kernel: Kernel = "expanded") -> onnx.ModelProto:
    """The ONNX model of `model`, weights included."""
    return GraphWriter(model, bits=bits, kernel=kernel).write()


def build_prefill_graph(model: ActionModel) -> onnx.ModelProto:
    """The ONNX model that computes blocks of prompts for `model`."""
    return GraphWriter(model, bits=8, kernel="int8_prefill").write_prefill()
