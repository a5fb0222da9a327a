"""Answers the work of bench:steps with PyTorch: greedy, free-running (no grammar), float32, with the weights that are shipped.

    python bench/steps/reference.py WORK.json ANSWERS.json

WORK.json comes from reference-work.ts. The weights are read out of the model folder's ONNX file (8-bit blocks, dequantized),
into the model definition of models/training: the graph itself is not run.
"""

import hashlib
import json
import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from models.training.model import ActionModel, ModelConfig  # noqa: E402
from models.training.shipped import load_weights  # noqa: E402

END = 2
MAX_TOKENS = 96


def load_model(folder: Path) -> ActionModel:
    config = ModelConfig(**{**json.loads((folder / "lam.json").read_text())["provenance"]["model"], "tied": False})
    model = ActionModel(config)
    model.load_state_dict(load_weights(folder, config))
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
