"""Tiny decoders with random weights in the shapes of well-known architectures, and what they compute, in plain NumPy.

Independent of ONNX Runtime on purpose, and without a cache: every position is computed from all tokens before it, in float64.
"""

from dataclasses import dataclass

import numpy as np

from .quantize import quantize

Array = np.ndarray


@dataclass(frozen=True)
class Shape:
    """What distinguishes the graphs that onnxruntime-genai's model builder writes."""

    name: str
    architecture: str
    """`model.type` of genai_config.json."""
    num_kv_heads: int = 2
    window: int | None = None
    """Positions that a token sees, itself included; None: all."""
    qkv_bias: bool = False
    qk_norm: bool = False
    bits: int | None = None
    """Of weights, which MatMulNBits then multiplies by; None: floats."""
    half: bool = False
    """Weights, KV and logits of 16 bits."""
    packed_qkv: bool = True
    rotary_outside: bool = False
    """RotaryEmbedding as operators of their own, which need position_ids."""
    growing: bool = False
    """MultiHeadAttention over a present that is a new tensor at each run, instead of GroupQueryAttention."""
    last_logits: bool = True
    """Logits of the last position only, as the builder's prune_lm_head makes them."""
    template_file: bool = False
    """The chat template in a file of its own, where newer tokenizers have it."""
    rope_theta: float = 10_000.0
    num_layers: int = 2
    hidden: int = 32
    num_heads: int = 4
    head_dim: int = 16
    ffn: int = 64
    vocab: int = 384
    context: int = 128
    epsilon: float = 1e-5


SHAPES = (
    Shape("llama", "llama", bits=4, rope_theta=500_000.0),
    Shape("mistral", "mistral", window=16, last_logits=False),
    Shape("qwen2", "qwen2", qkv_bias=True, rope_theta=1_000_000.0),
    Shape("qwen3", "qwen3", qk_norm=True, last_logits=False, rope_theta=1_000_000.0),
    Shape("phi3", "phi3", num_kv_heads=4, window=24),
    Shape("positions", "llama", packed_qkv=False, rotary_outside=True),
    Shape("half", "llama", half=True, last_logits=False),
    Shape("growing", "llama", packed_qkv=False, rotary_outside=True, growing=True, last_logits=False),
    # Long enough for the prompts of instruction models, in a vocabulary that spells most words letter by letter.
    Shape("chat", "llama", bits=4, rope_theta=500_000.0, template_file=True, context=4096),
)


@dataclass(frozen=True)
class Layer:
    """Matrices are [outputs, inputs], like PyTorch's."""

    input_norm: Array
    q: Array
    k: Array
    v: Array
    q_bias: Array
    k_bias: Array
    v_bias: Array
    q_norm: Array
    k_norm: Array
    output: Array
    ffn_norm: Array
    gate: Array
    up: Array
    down: Array


@dataclass(frozen=True)
class Weights:
    embedding: Array
    layers: tuple[Layer, ...]
    norm: Array
    head: Array


def random_weights(shape: Shape, seed: int = 11) -> Weights:
    """Weights as the graph holds them, rounded to its precision; logits spread widely, so that the best is no matter of rounding."""
    rng = np.random.default_rng(seed)

    def rounded(values: Array) -> Array:
        return values.astype(np.float16 if shape.half else np.float32).astype(np.float32)

    def matrix(outputs: int, inputs: int, scale: float) -> Array:
        values = rounded(rng.normal(0, scale / np.sqrt(inputs), (outputs, inputs)))
        return quantize(values, shape.bits).dequantize() if shape.bits else values

    def norm(size: int) -> Array:
        return rounded(rng.uniform(0.6, 1.4, size))

    def bias(size: int) -> Array:
        return rounded(rng.normal(0, 0.5, size)) if shape.qkv_bias else np.zeros(size, np.float32)

    hidden, q_size, kv_size = shape.hidden, shape.num_heads * shape.head_dim, shape.num_kv_heads * shape.head_dim
    layers = tuple(
        Layer(
            input_norm=norm(hidden),
            q=matrix(q_size, hidden, 1.6),
            k=matrix(kv_size, hidden, 1.6),
            v=matrix(kv_size, hidden, 1.0),
            q_bias=bias(q_size),
            k_bias=bias(kv_size),
            v_bias=bias(kv_size),
            q_norm=norm(shape.head_dim),
            k_norm=norm(shape.head_dim),
            output=matrix(hidden, q_size, 1.0),
            ffn_norm=norm(hidden),
            gate=matrix(shape.ffn, hidden, 1.0),
            up=matrix(shape.ffn, hidden, 1.0),
            down=matrix(hidden, shape.ffn, 1.0),
        )
        for _ in range(shape.num_layers)
    )
    embedding = rounded(rng.normal(0, 1, (shape.vocab, hidden)))
    return Weights(embedding, layers, norm=norm(hidden), head=matrix(shape.vocab, hidden, 2.0))


def rotary_caches(shape: Shape) -> tuple[Array, Array]:
    """cos and sin, float32 [context, head_dim / 2]."""
    frequencies = shape.rope_theta ** (-np.arange(0, shape.head_dim, 2) / shape.head_dim)
    angles = np.outer(np.arange(shape.context), frequencies)
    return np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)


def logits(shape: Shape, weights: Weights, tokens: list[int]) -> Array:
    """float64 [tokens, vocab]."""
    x = weights.embedding[tokens].astype(np.float64)
    for layer in weights.layers:
        x = x + _attention(shape, layer, _rms_norm(shape, x, layer.input_norm))
        y = _rms_norm(shape, x, layer.ffn_norm)
        gate = y @ layer.gate.T
        x = x + (gate / (1 + np.exp(-gate)) * (y @ layer.up.T)) @ layer.down.T
    return _rms_norm(shape, x, weights.norm) @ weights.head.T


def _rms_norm(shape: Shape, x: Array, scale: Array) -> Array:
    return x / np.sqrt((x**2).mean(-1, keepdims=True) + shape.epsilon) * scale


def _attention(shape: Shape, layer: Layer, x: Array) -> Array:
    def heads(matrix: Array, bias: Array, norm: Array | None) -> Array:
        split = (x @ matrix.T + bias).reshape(len(x), -1, shape.head_dim)
        return split if norm is None or not shape.qk_norm else _rms_norm(shape, split, norm)

    q = _rotate(shape, heads(layer.q, layer.q_bias, layer.q_norm))
    k = _rotate(shape, heads(layer.k, layer.k_bias, layer.k_norm))
    v = heads(layer.v, layer.v_bias, None)
    group = shape.num_heads // shape.num_kv_heads
    k, v = np.repeat(k, group, axis=1), np.repeat(v, group, axis=1)
    scores = np.einsum("qhd,khd->hqk", q, k) / np.sqrt(shape.head_dim)
    distance = np.arange(len(x))[:, None] - np.arange(len(x))[None, :]
    visible = (distance >= 0) & (distance < (shape.window or len(x)))
    scores = np.where(visible, scores, -np.inf)
    odds = np.exp(scores - scores.max(-1, keepdims=True))
    mixed = np.einsum("hqk,khd->qhd", odds / odds.sum(-1, keepdims=True), v)
    return mixed.reshape(len(x), -1) @ layer.output.T


def _rotate(shape: Shape, x: Array) -> Array:
    """x: [tokens, heads, head_dim]; the first half of a head's numbers are the real parts, the second the imaginary ones."""
    cos, sin = (cache[: len(x), None, :].astype(np.float64) for cache in rotary_caches(shape))
    real, imaginary = np.split(x, 2, axis=-1)
    return np.concatenate((real * cos - imaginary * sin, real * sin + imaginary * cos), axis=-1)
