"""A Llama-style decoder: RMSNorm, rotary positions, grouped-query attention, SwiGLU.

Sources: Llama (arXiv 2302.13971), RMSNorm (arXiv 1910.07467), rotary embeddings (arXiv 2104.09864), grouped-query attention
(arXiv 2305.13245), SwiGLU (arXiv 2002.05202). What is computed here is what graph.py writes as ONNX; tests compare both.

Shape letters in this file: B rows, T tokens, P tokens before them in the cache, D hidden, H heads, K key/value heads, E head
size.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class ModelConfig:
    """Sizes of a model. The defaults make the shipped one: 3.5 M parameters."""

    vocab_size: int = 2048
    context_length: int = 1024
    num_layers: int = 4
    hidden_size: int = 256
    num_heads: int = 4
    num_kv_heads: int = 2
    head_dim: int = 64
    ffn_size: int = 704
    rope_theta: float = 10_000.0
    norm_epsilon: float = 1e-6
    tied: bool = True
    """True: one matrix is the embedding and, transposed, the output projection."""


Pair = tuple[Tensor, Tensor]
Cache = list[Pair]
"""Per layer the rotated keys and the values of what was computed so far, [B, K, P, E] each."""


@dataclass(frozen=True)
class Branches:
    """Rows that hold a screen and then several tasks, each of which sees the screen and itself."""

    positions: Tensor
    """int64 [B, T]: the position that each token would have if its task were alone."""
    tasks: Tensor
    """int64 [B, T]: 0 for the screen, 1, 2, ... for the tasks."""

    def to(self, device: torch.device) -> "Branches":
        return Branches(self.positions.to(device), self.tasks.to(device))

    def visible(self) -> Tensor:
        """bool [B, 1, T, T]: which tokens (last axis) a token sees, in all heads."""
        places = torch.arange(self.tasks.shape[1], device=self.tasks.device)
        seen, own = self.tasks[:, None, :], self.tasks[:, :, None]
        return ((places[:, None] >= places) & ((seen == 0) | (seen == own)))[:, None]


def rotary_tables(config: ModelConfig) -> Pair:
    """Cosines and sines of position * theta^(-2i/E), [context length, E/2] each."""
    exponents = torch.arange(0, config.head_dim, 2, dtype=torch.float64) / config.head_dim
    positions = torch.arange(config.context_length, dtype=torch.float64)
    angles = torch.outer(positions, config.rope_theta**-exponents)
    return angles.cos().float(), angles.sin().float()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turns each pair (x[i], x[i + E/2]) of x [B, H, T, E] by its position's angle (cos, sin: [T, E/2] or [B, 1, T, E/2]).

    This is the half-split pairing of GPT-NeoX and of ONNX Runtime's GroupQueryAttention with rotary_interleaved=0.
    """
    first, second = x.chunk(2, dim=-1)
    return torch.cat((first * cos - second * sin, second * cos + first * sin), dim=-1)


def attend_plainly(query: Tensor, key: Tensor, value: Tensor, visible: Tensor | None = None) -> Tensor:
    """softmax(Q K^T / sqrt(E)) V, where the T queries are the last T of the P + T positions and see none after their own.

    query [B, H, T, E], key and value [B, K, P + T, E] -> [B, H, T, E]. Each key/value head serves H / K query heads. `visible`
    (bool [B, 1, T, P + T]) is what queries see, if that is something else.
    """
    batch, heads, length, size = query.shape
    kv_heads, total = key.shape[1], key.shape[2]
    stacked = query.reshape(batch * kv_heads, heads // kv_heads * length, size)
    scores = stacked @ key.reshape(batch * kv_heads, total, size).mT
    scores = scores.view(batch, heads, length, total).float() * size**-0.5
    if visible is None:
        places = torch.arange(total, device=query.device)
        visible = places[total - length :, None] >= places
    weights = torch.where(visible, scores, float("-inf")).softmax(dim=-1).to(value.dtype)
    mixed = weights.view(batch * kv_heads, -1, total) @ value.reshape(batch * kv_heads, total, size)
    return mixed.view(batch, heads, length, size)


def attend_fused(query: Tensor, key: Tensor, value: Tensor, visible: Tensor | None = None) -> Tensor:
    """The same by PyTorch's fused kernel."""
    length, total, group = query.shape[2], key.shape[2], query.shape[1] // key.shape[1]
    mask = visible
    if mask is None and total > length:
        mask = torch.ones(length, total, dtype=torch.bool, device=query.device).tril(total - length)
    return F.scaled_dot_product_attention(
        query, key.repeat_interleave(group, dim=1), value.repeat_interleave(group, dim=1), attn_mask=mask, is_causal=mask is None
    )


class RMSNorm(nn.Module):
    """x / rms(x) * weight, over the last axis."""

    def __init__(self, size: int, epsilon: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.epsilon = epsilon

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x, (x.shape[-1],), self.weight.to(x.dtype), self.epsilon)


class Attention(nn.Module):
    """Causal attention of H query heads over K shared key/value heads."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        # Three matrices, because Muon treats each as a map of its own; one product, because that is faster.
        self.query = nn.Linear(config.hidden_size, config.num_heads * config.head_dim, bias=False)
        self.key = nn.Linear(config.hidden_size, config.num_kv_heads * config.head_dim, bias=False)
        self.value = nn.Linear(config.hidden_size, config.num_kv_heads * config.head_dim, bias=False)
        self.output = nn.Linear(config.num_heads * config.head_dim, config.hidden_size, bias=False)

    def packed_weight(self) -> Tensor:
        """[(H + 2K) * E, D]: query, key and value rows, as GroupQueryAttention expects them packed."""
        return torch.cat((self.query.weight, self.key.weight, self.value.weight))

    def forward(
        self, x: Tensor, tables: Pair, past: Pair | None, visible: Tensor | None = None
    ) -> tuple[Tensor, Pair]:
        """x [B, T, D] -> ([B, T, D], keys and values with the past in front). `tables`: cosines and sines of the positions."""
        batch, length, _ = x.shape
        heads, kv_heads = self.config.num_heads, self.config.num_kv_heads
        packed = F.linear(x, self.packed_weight()).view(batch, length, heads + 2 * kv_heads, self.config.head_dim)
        query, key, value = packed.transpose(1, 2).split((heads, kv_heads, kv_heads), dim=1)
        query, key = rotate(query, *tables), rotate(key, *tables)
        if past is not None:
            key, value = torch.cat((past[0], key), dim=2), torch.cat((past[1], value), dim=2)
        # Compiled, the plain form is two to four times faster on a CPU than the flash kernel, whose backward pass is slow there.
        attend = attend_plainly if torch.compiler.is_compiling() else attend_fused
        mixed = attend(query, key, value, visible)
        return self.output(mixed.transpose(1, 2).reshape(batch, length, -1)), (key, value)


class FeedForward(nn.Module):
    """SwiGLU: down(silu(gate(x)) * up(x))."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.gate = nn.Linear(config.hidden_size, config.ffn_size, bias=False)
        self.up = nn.Linear(config.hidden_size, config.ffn_size, bias=False)
        self.down = nn.Linear(config.ffn_size, config.hidden_size, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.down(F.silu(self.gate(x)) * self.up(x))


class Layer(nn.Module):
    """Attention and feed-forward, each on a normalised copy and added back."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.attention_norm = RMSNorm(config.hidden_size, config.norm_epsilon)
        self.attention = Attention(config)
        self.ffn_norm = RMSNorm(config.hidden_size, config.norm_epsilon)
        self.ffn = FeedForward(config)

    def forward(
        self, x: Tensor, tables: Pair, past: Pair | None, visible: Tensor | None = None
    ) -> tuple[Tensor, Pair]:
        mixed, present = self.attention(self.attention_norm(x), tables, past, visible)
        x = x + mixed
        return x + self.ffn(self.ffn_norm(x)), present


class ActionModel(nn.Module):
    """Token ids -> hidden states; `logits` maps those that matter to the vocabulary."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.num_layers))
        self.norm = RMSNorm(config.hidden_size, config.norm_epsilon)
        self.lm_head = None if config.tied else nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        cos, sin = rotary_tables(config)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        self._initialise()

    def _initialise(self) -> None:
        """Normal with std 1/sqrt(fan in); what writes to the residual stream starts at zero, so layers start as identity."""
        for name, weight in self.named_parameters():
            if name.endswith(("attention.output.weight", "ffn.down.weight")):
                nn.init.zeros_(weight)
            elif weight.ndim == 2:
                nn.init.normal_(weight, std=self.config.hidden_size**-0.5)

    def output_weight(self) -> Tensor:
        """[vocab, D]: the output projection."""
        return self.embedding.weight if self.lm_head is None else self.lm_head.weight

    def forward(self, ids: Tensor, cache: Cache | None = None, branches: Branches | None = None) -> Tensor:
        """ids [B, T] -> normalised hidden states [B, T, D]. A cache (a list, empty at first) is read and replaced in place.

        Rows are padded on the right: causal attention keeps padding from reaching what comes before it, so no mask is needed.
        Without a cache, rows may hold `branches`.
        """
        start = cache[0][0].shape[2] if cache else 0
        x = self.embedding(ids)
        # In half precision the residual stream, the widest traffic there is, is kept in half precision too.
        x = x.to(torch.get_autocast_dtype(x.device.type)) if torch.is_autocast_enabled(x.device.type) else x
        if branches is None:
            tables, visible = tuple(table[start : start + ids.shape[1]].to(x.dtype) for table in (self.cos, self.sin)), None
        else:
            tables = tuple(table[branches.positions][:, None].to(x.dtype) for table in (self.cos, self.sin))
            visible = branches.visible()
        for index, layer in enumerate(self.layers):
            x, present = layer(x, tables, cache[index] if cache and index < len(cache) else None, visible)
            if cache is not None:
                cache[index : index + 1] = [present]
        return self.norm(x)

    def logits(self, hidden: Tensor) -> Tensor:
        """Hidden states [..., D] -> logits [..., vocab]."""
        return F.linear(hidden, self.output_weight())

    def num_parameters(self) -> int:
        return sum(weight.numel() for weight in self.parameters())
