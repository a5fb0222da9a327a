"""Answers the work of bench:steps with PyTorch: greedy, free-running (no grammar), float32, with the weights that are shipped.

    python bench/steps/reference.py WORK.json ANSWERS.json

WORK.json comes from reference-work.ts. The weights are read out of the model folder's ONNX file (8-bit blocks, dequantized),
into the model definition of models/training: the graph itself is not run.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from models.training.model import ActionModel, ModelConfig  # noqa: E402

END = 2
MAX_TOKENS = 96


def load_model(folder: Path) -> ActionModel:
    config = ModelConfig(**{**json.loads((folder / "lam.json").read_text())["provenance"]["model"], "tied": False})
    graph = onnx.load(folder / "model.onnx").graph
    tensors = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}

    def matrix(name: str) -> np.ndarray:
        levels, scales = tensors[f"{name}.weight_quant"], tensors[f"{name}.weight_scale"]
        zero_point = 128 if levels.dtype == np.uint8 else 0
        centred = levels.astype(np.float32) - zero_point
        return (centred * scales.reshape(*levels.shape[:2], 1)).reshape(len(levels), -1)

    state = {
        "embedding.weight": tensors["model.embed_tokens.weight"],
        "norm.weight": tensors["model.norm.weight"],
        "lm_head.weight": matrix("lm_head"),
    }
    heads = (config.num_heads * config.head_dim, config.num_kv_heads * config.head_dim)
    for index in range(config.num_layers):
        source, target = f"model.layers.{index}", f"layers.{index}"
        query, key, value = np.split(matrix(f"{source}.attn.qkv_proj"), [heads[0], heads[0] + heads[1]])
        state |= {
            f"{target}.attention_norm.weight": tensors[f"{source}.input_layernorm.weight"],
            f"{target}.ffn_norm.weight": tensors[f"{source}.post_attention_layernorm.weight"],
            f"{target}.attention.query.weight": query,
            f"{target}.attention.key.weight": key,
            f"{target}.attention.value.weight": value,
            f"{target}.attention.output.weight": matrix(f"{source}.attn.o_proj"),
            f"{target}.ffn.gate.weight": matrix(f"{source}.mlp.gate_proj"),
            f"{target}.ffn.up.weight": matrix(f"{source}.mlp.up_proj"),
            f"{target}.ffn.down.weight": matrix(f"{source}.mlp.down_proj"),
        }
    model = ActionModel(config)
    model.load_state_dict({name: torch.tensor(array) for name, array in state.items()})
    return model.eval()


@torch.no_grad()
def answer(model: ActionModel, prompt: list[int]) -> list[int]:
    """The greedy answer, the end token not in it; cut off after MAX_TOKENS."""
    cache: list = []
    hidden = model(torch.tensor([prompt]), cache)
    tokens: list[int] = []
    while len(tokens) < MAX_TOKENS and len(prompt) + len(tokens) < model.config.context_length:
        token = int(model.logits(hidden[0, -1]).argmax())
        if token == END:
            return tokens
        tokens.append(token)
        hidden = model(torch.tensor([[token]]), cache)
    return tokens


def main() -> None:
    work = json.loads(Path(sys.argv[1]).read_text())
    folder = Path(work["model"])
    model = load_model(folder)
    episodes = [
        {"seed": episode["seed"], "answers": [answer(model, prompt) for prompt in episode["prompts"]]} for episode in work["episodes"]
    ]
    digest = hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()
    Path(sys.argv[2]).write_text(json.dumps({"model": work["model"], "model_sha256": digest, "episodes": episodes}))


main()
