"""Makes test/fixtures/models/tiny-reward/1: a reward model's folder with random weights, some 270 KB, and golden rewards.

    python -m models.training.fixtures_reward
"""

import json
import random
from pathlib import Path

import torch
from torch import nn

from .export_reward import dequantized_reward_model, export_reward_folder, rewards
from .folder import ModelCard
from .reward_model import RewardModel
from .tiny import CONFIG, OUT as TINY, SEED, TEXTS, random_model, random_prompt
from .tokenizer import SegmentEncoder

OUT = Path("test/fixtures/models/tiny-reward/1")
NUM_GOLDEN = 12


def random_reward_model() -> RewardModel:
    """The tiny action model's decoder with a random head, so that rewards spread over some units."""
    model = RewardModel(CONFIG)
    model.decoder = random_model()
    nn.init.normal_(model.head.weight, std=0.1)
    nn.init.normal_(model.head.bias, std=0.1)
    return model.eval()


def random_pair(rng: random.Random) -> list[str]:
    """Segments of a prompt and an answer to it."""
    name = f"={rng.choice(TEXTS[:60])}"
    return [*random_prompt(rng), name, "<|fn|>", "=click_input", "<|st|>", f"={rng.choice(('CONTINUE', 'FINISH'))}", "<|end|>"]


def main() -> None:
    encoder = SegmentEncoder.load(TINY)
    torch.manual_seed(SEED)
    model = random_reward_model()
    rows = [encoder.encode(random_pair(random.Random(seed))) for seed in range(16 + NUM_GOLDEN)]
    card = ModelCard(name="tiny-reward", version="1", role="reward", provenance={"command": "python -m models.training.fixtures_reward", "seed": SEED})
    lam = export_reward_folder(model, OUT, card, tokenizer=TINY, rows=rows[:16])
    # A single token and a row of the whole context stand for the ends of what a row can be.
    golden = [*rows[16:], [1], [(i * 31) % CONFIG.vocab_size for i in range(CONFIG.context_length)]]
    stored = dequantized_reward_model(model, card.bits)
    entries = [
        {"ids": row, "reward_fp32": round(float(exact), 6), "reward_dequantized": round(float(served), 6)}
        for row, exact, served in zip(golden, rewards(model, golden), rewards(stored, golden), strict=True)
    ]
    about = "Rewards from PyTorch: with the original float32 weights, and with the weights as stored in model.onnx."
    lines = ",\n".join("    " + json.dumps(entry, separators=(",", ":")) for entry in entries)
    (OUT / "golden.json").write_text(f'{{\n  "about": {json.dumps(about)},\n  "rows": [\n{lines}\n  ]\n}}\n')
    print(lam["quantization"])


if __name__ == "__main__":
    main()
