"""Writes a decoder as the ONNX graph that onnxruntime-genai's model builder writes for its architecture: the same inputs, outputs,
operators and attributes, as far as a runtime can tell the difference."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from .fixtures_reference import Array, Layer, Shape, Weights, rotary_caches
from .graph import IR_VERSION, MICROSOFT, ONNX_OPSET, Graph
from .quantize import BLOCK, quantize


def build_graph(shape: Shape, weights: Weights) -> onnx.ModelProto:
    return _Writer(shape).write(weights)


class _Writer:
    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.graph = Graph()
        self.numpy_type = np.float16 if shape.half else np.float32
        self.type = TensorProto.FLOAT16 if shape.half else TensorProto.FLOAT
        self.q_size = shape.num_heads * shape.head_dim
        self.kv_size = shape.num_kv_heads * shape.head_dim

    def write(self, weights: Weights) -> onnx.ModelProto:
        graph, shape = self.graph, self.shape
        self.caches = [self._floats(name, cache) for name, cache in zip(("cos_cache", "sin_cache"), rotary_caches(shape), strict=True)]
        self.mask = self._causal_mask() if shape.growing else self._lengths()
        embedding = self._floats("model.embed_tokens.weight", weights.embedding)
        residual = graph.node("/model/embed_tokens/Gather", [embedding, "input_ids"])
        delta = None
        for index, layer in enumerate(weights.layers):
            path = f"/model/layers.{index}"
            residual, x = self._norm(f"{path}/input_layernorm", (residual, delta), layer.input_norm)
            delta = self._attention(index, layer, x)
            residual, x = self._norm(f"{path}/post_attention_layernorm", (residual, delta), layer.ffn_norm)
            delta = self._feed_forward(f"{path}/mlp", layer, x)
        _, x = self._norm("/model/norm", (residual, delta), weights.norm)
        if shape.last_logits:
            last = graph.node("/lm_head/prune/Gather", [x, self._int64("/constants/-1", -1)], axis=1)
            x = graph.node("/lm_head/prune/Unsqueeze", [last, self._int64("/constants/[1]", [1])])
        self._matmul("/lm_head", x, weights.head, output="logits")
        return self._proto()

    def _floats(self, name: str, values: Array) -> str:
        return self.graph.constant(name, values.astype(self.numpy_type))

    def _int64(self, name: str, values: int | list[int]) -> str:
        """A constant; the same name again is the same constant."""
        if all(initializer.name != name for initializer in self.graph.initializers):
            # Not Graph.constant, which makes a scalar a vector.
            self.graph.initializers.append(numpy_helper.from_array(np.array(values, dtype=np.int64), name))
        return name

    def _lengths(self) -> list[str]:
        """The two length inputs of GroupQueryAttention: keys per row less one, and the mask's width."""
        graph, path = self.graph, "/model/attn_mask_reformat"
        one = self._int64("/constants/[1]", [1])
        total = graph.node(f"{path}/ReduceSum", ["attention_mask", one], keepdims=0)
        seqlens = graph.node(f"{path}/Sub/Cast", [graph.node(f"{path}/Sub", [total, one])], to=TensorProto.INT32)
        width = self._size(f"{path}/width", "attention_mask", 1)
        return [seqlens, graph.node(f"{path}/Gather/Cast", [width], to=TensorProto.INT32)]

    def _size(self, path: str, tensor: str, axis: int) -> str:
        shape = self.graph.node(f"{path}/Shape", [tensor])
        return self.graph.node(f"{path}/Gather", [shape, self._int64(f"/constants/{axis}", axis)], axis=0)

    def _causal_mask(self) -> list[str]:
        """What is added to scores [batch, heads, sequence, total]: 0 for what a token sees, and very little elsewhere."""
        graph, path = self.graph, "/model/causal_mask"
        zero, one = self._int64("/constants/0", 0), self._int64("/constants/1", 1)
        past = self._size(f"{path}/past", "past_key_values.0.key", 2)
        sequence, total = self._size(f"{path}/sequence", "input_ids", 1), self._size(f"{path}/total", "attention_mask", 1)
        new = graph.node(f"{path}/new/Range", [zero, sequence, one])
        rows = graph.node(f"{path}/rows/Unsqueeze", [graph.node(f"{path}/Add", [new, past]), self._int64("/constants/[1]", [1])])
        columns = graph.node(f"{path}/columns/Range", [zero, total, one])
        causal = graph.node(f"{path}/LessOrEqual", [columns, rows])
        given = graph.node(f"{path}/given/Cast", ["attention_mask"], to=TensorProto.BOOL)
        given = graph.node(f"{path}/given/Unsqueeze", [given, self._int64("/constants/[1, 2]", [1, 2])])
        visible = graph.node(f"{path}/And", [causal, given])
        values = self._floats("mask_values.visible", np.array(0.0)), self._floats("mask_values.hidden", np.array(-10_000.0))
        return [graph.node(f"{path}/Where", [visible, *values])]

    def _norm(self, path: str, summands: tuple[str, str | None], scale: Array) -> tuple[str, str]:
        """Returns (the sum, its normalised copy)."""
        residual, delta = summands
        weight = self._floats(f"{path[1:].replace('/', '.')}.weight", scale)
        if delta is None:
            name = f"{path}/SimplifiedLayerNormalization"
            return residual, self.graph.node(name, [residual, weight], axis=-1, epsilon=self.shape.epsilon, stash_type=1)
        name = f"{path}/SkipSimplifiedLayerNormalization"
        outputs = [f"{name}/output_0", "", "", f"{name}/output_3"]
        inputs = [residual, delta, weight]
        normed = self.graph.node(name, inputs, outputs=outputs, domain=MICROSOFT, epsilon=self.shape.epsilon)
        return outputs[3], normed

    def _attention(self, index: int, layer: Layer, x: str) -> str:
        path = f"/model/layers.{index}/attn"
        q, k, v = self._packed(path, layer, x) if self.shape.packed_qkv else self._unpacked(path, layer, x)
        if self.shape.rotary_outside:
            q, k = self._rotary(f"{path}/q_rotary", q), self._rotary(f"{path}/k_rotary", k)
        attend = self._multi_head if self.shape.growing else self._group_query
        return self._matmul(f"{path}/o_proj", attend(index, (q, k, v)), layer.output)

    def _packed(self, path: str, layer: Layer, x: str) -> tuple[str, str, str]:
        qkv = self._matmul(f"{path}/qkv_proj", x, np.concatenate((layer.q, layer.k, layer.v)))
        if self.shape.qkv_bias:
            bias = self._floats(f"{path}.qkv_proj.bias", np.concatenate((layer.q_bias, layer.k_bias, layer.v_bias)))
            qkv = self.graph.node(f"{path}/qkv_proj/Add", [qkv, bias])
        if not self.shape.qk_norm:
            return qkv, "", ""
        sizes = self._int64("/constants/qkv_sizes", [self.q_size, self.kv_size, self.kv_size])
        split = [f"{path}/qkv_proj/Split/output_{i}" for i in range(3)]
        self.graph.node(f"{path}/qkv_proj/Split", [qkv, sizes], outputs=split, axis=-1)
        q = self._head_norm(f"{path}/q_norm", (split[0], self.q_size), layer.q_norm)
        return q, self._head_norm(f"{path}/k_norm", (split[1], self.kv_size), layer.k_norm), split[2]

    def _head_norm(self, path: str, sized: tuple[str, int], scale: Array) -> str:
        x, size = sized
        heads = self.graph.node(f"{path}/1/Reshape", [x, self._int64("/constants/heads", [0, -1, self.shape.head_dim])])
        _, normed = self._norm(path, (heads, None), scale)
        return self.graph.node(f"{path}/2/Reshape", [normed, self._int64(f"/constants/flat/{size}", [0, -1, size])])

    def _unpacked(self, path: str, layer: Layer, x: str) -> tuple[str, str, str]:
        return (
            self._matmul(f"{path}/q_proj", x, layer.q),
            self._matmul(f"{path}/k_proj", x, layer.k),
            self._matmul(f"{path}/v_proj", x, layer.v),
        )

    def _rotary(self, path: str, x: str) -> str:
        inputs = [x, "position_ids", *self.caches]
        return self.graph.node(f"{path}/RotaryEmbedding", inputs, domain=MICROSOFT, interleaved=0, num_heads=0, rotary_embedding_dim=0)

    def _group_query(self, index: int, qkv: tuple[str, str, str]) -> str:
        shape, name = self.shape, f"/model/layers.{index}/attn/GroupQueryAttention"
        past = [f"past_key_values.{index}.{kind}" for kind in ("key", "value")]
        caches = ["", ""] if shape.rotary_outside else self.caches
        attributes = {} if shape.window is None else {"sliding_window_cache": 1}
        return self.graph.node(
            name,
            [*qkv, *past, *self.mask, *caches, "", "", ""],
            outputs=[f"{name}/output_0", f"present.{index}.key", f"present.{index}.value"],
            domain=MICROSOFT,
            num_heads=shape.num_heads,
            kv_num_heads=shape.num_kv_heads,
            scale=shape.head_dim**-0.5,
            local_window_size=shape.window or -1,
            softcap=0.0,
            do_rotary=int(not shape.rotary_outside),
            rotary_interleaved=0,
            **attributes,
        )

    def _multi_head(self, index: int, qkv: tuple[str, str, str]) -> str:
        q, k, v = qkv
        k = self._grown(f"/model/layers.{index}/attn/k_proj/repeat_kv", k, f"{index}.key")
        v = self._grown(f"/model/layers.{index}/attn/v_proj/repeat_kv", v, f"{index}.value")
        name = f"/model/layers.{index}/attn/MultiHeadAttention"
        attributes = {"num_heads": self.shape.num_heads, "scale": self.shape.head_dim**-0.5, "unidirectional": 0}
        return self.graph.node(name, [q, k, v, "", "", *self.mask, "", ""], domain=MICROSOFT, **attributes)

    def _grown(self, path: str, x: str, kind: str) -> str:
        """Appends to the past, which is the present; returns it as [batch, total, heads * head_dim], each head for its group."""
        graph, shape = self.graph, self.shape
        split = graph.node(f"{path}/1/Reshape", [x, self._int64("/constants/kv_heads", [0, 0, shape.num_kv_heads, shape.head_dim])])
        new = graph.node(f"{path}/1/Transpose", [split], perm=[0, 2, 1, 3])
        present = graph.node(f"{path}/Concat", [f"past_key_values.{kind}", new], outputs=[f"present.{kind}"], axis=2)
        grouped = graph.node(f"{path}/Unsqueeze", [present, self._int64("/constants/[2]", [2])])
        group = self._int64("/constants/group", [1, 1, shape.num_heads // shape.num_kv_heads, 1, 1])
        repeated = graph.node(f"{path}/Expand", [grouped, group])
        heads = graph.node(f"{path}/2/Reshape", [repeated, self._int64("/constants/all_heads", [0, shape.num_heads, -1, shape.head_dim])])
        rows = graph.node(f"{path}/2/Transpose", [heads], perm=[0, 2, 1, 3])
        return graph.node(f"{path}/3/Reshape", [rows, self._int64("/constants/rows", [0, 0, self.q_size])])

    def _feed_forward(self, path: str, layer: Layer, x: str) -> str:
        graph = self.graph
        gate = self._matmul(f"{path}/gate_proj", x, layer.gate)
        activated = graph.node(f"{path}/act_fn/Mul", [gate, graph.node(f"{path}/act_fn/Sigmoid", [gate])])
        product = graph.node(f"{path}/Mul", [activated, self._matmul(f"{path}/up_proj", x, layer.up)])
        return self._matmul(f"{path}/down_proj", product, layer.down)

    def _matmul(self, path: str, x: str, weight: Array, output: str | None = None) -> str:
        """x @ weight^T for a weight [outputs, inputs]."""
        name = path[1:].replace("/", ".")
        outputs = [output] if output else None
        if self.shape.bits is None:
            return self.graph.node(f"{path}/MatMul", [x, self._floats(f"{name}.weight", weight.T)], outputs=outputs)
        # Weights that quantize() gave back are quantized again without a difference.
        matrix = quantize(weight, self.shape.bits)
        packed = self.graph.constant(f"{name}.weight_Q{self.shape.bits}", matrix.packed)
        scales = self.graph.constant(f"{name}.weight_scale", matrix.scales)
        sizes = {"N": weight.shape[0], "K": weight.shape[1], "bits": self.shape.bits, "block_size": BLOCK}
        return self.graph.node(f"{path}/MatMulNBits", [x, packed, scales], outputs=outputs, domain=MICROSOFT, **sizes)

    def _proto(self) -> onnx.ModelProto:
        shape = self.shape

        def cache(prefix: str, length: str) -> list[onnx.ValueInfoProto]:
            # The last size is open, as the builder leaves it, because KV may be quantized.
            sizes = ["batch_size", shape.num_kv_heads, length, "kv_cache_dim"]
            names = (f"{prefix}.{index}.{kind}" for index in range(shape.num_layers) for kind in ("key", "value"))
            return [helper.make_tensor_value_info(name, self.type, sizes) for name in names]

        tokens = ["batch_size", "sequence_length"]
        inputs = [
            helper.make_tensor_value_info("input_ids", TensorProto.INT64, tokens),
            helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["batch_size", "total_sequence_length"]),
            *([helper.make_tensor_value_info("position_ids", TensorProto.INT64, tokens)] if shape.rotary_outside else []),
            *cache("past_key_values", "past_sequence_length"),
        ]
        positions = 1 if shape.last_logits else "sequence_length"
        logits = helper.make_tensor_value_info("logits", self.type, ["batch_size", positions, shape.vocab])
        outputs = [logits, *cache("present", "total_sequence_length")]
        graph = helper.make_graph(self.graph.nodes, "main_graph", inputs, outputs, self.graph.initializers)
        opsets = [helper.make_opsetid("", ONNX_OPSET), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, producer_name="lam-gateway", ir_version=IR_VERSION)
