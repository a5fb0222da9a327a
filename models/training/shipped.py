"""The weights of a model folder, read back from its graph: a training that goes on from a shipped model needs no checkpoint."""

import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from .model import ActionModel, ModelConfig


def load_weights(folder: Path, config: ModelConfig) -> dict[str, Tensor]:
    """The state of an ActionModel of the sizes `config`, from a graph with expanded 8-bit weights (see graph.py).

    Weights come back as they are stored, rounded to 8 bits. Raises ValueError if the graph is of other sizes.
    """
    graph = onnx.load(str(folder / "model.onnx")).graph
    stored = {tensor.name: tensor for tensor in graph.initializer}

    def array(name: str) -> np.ndarray:
        if name not in stored:
            raise ValueError(f"{folder} has no {name}: its graph was not written by this package")
        return numpy_helper.to_array(stored[name])

    def matrix(name: str) -> np.ndarray:
        levels = array(f"{name}.weight_quant").astype(np.float32) * array(f"{name}.weight_scale")
        return levels.reshape(len(levels), -1)

    state = {"embedding.weight": array("model.embed_tokens.weight"), "norm.weight": array("model.norm.weight")}
    if not config.tied:
        state["lm_head.weight"] = matrix("lm_head")
    heads = np.cumsum([config.num_heads, config.num_kv_heads]) * config.head_dim
    for index in range(config.num_layers):
        source, target = f"model.layers.{index}", f"layers.{index}"
        query, key, value = np.split(matrix(f"{source}.attn.qkv_proj"), heads)
        state |= {
            f"{target}.attention_norm.weight": array(f"{source}.input_layernorm.weight"),
            f"{target}.attention.query.weight": query,
            f"{target}.attention.key.weight": key,
            f"{target}.attention.value.weight": value,
            f"{target}.attention.output.weight": matrix(f"{source}.attn.o_proj"),
            f"{target}.ffn_norm.weight": array(f"{source}.post_attention_layernorm.weight"),
            f"{target}.ffn.gate.weight": matrix(f"{source}.mlp.gate_proj"),
            f"{target}.ffn.up.weight": matrix(f"{source}.mlp.up_proj"),
            f"{target}.ffn.down.weight": matrix(f"{source}.mlp.down_proj"),
        }
    weights = {name: torch.from_numpy(values.astype(np.float32)) for name, values in state.items()}
    expected = {name: weight.shape for name, weight in ActionModel(config).state_dict().items()}
    if {name: weight.shape for name, weight in weights.items()} != expected:
        raise ValueError(f"{folder} holds a model of other sizes")
    return weights


def training_of(folder: Path) -> dict:
    """What lam.json says of the training: `tokens`, `hours`, and whatever it went on from itself."""
    return json.loads((folder / "lam.json").read_text())["provenance"]["training"]
