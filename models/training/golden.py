"""Golden logits: what PyTorch computes for some prompts, for tests of the runtime that serves the exported graph."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from .export import last_logits
from .model import ActionModel, Cache
from .quantize import dequantized_model
from .served import ServedModel

GREEDY_TOKENS = 30
CHUNK = 16


@torch.no_grad()
def greedy(model: ActionModel, prompt: Sequence[int], num_tokens: int = GREEDY_TOKENS) -> tuple[list[int], float]:
    """The most likely continuation, and the smallest lead (in logits) that a chosen token had over the runner-up."""
    cache: Cache = []
    ids, tokens, margin = torch.tensor([list(prompt)]), [], float("inf")
    for _ in range(num_tokens):
        best = model.logits(model(ids, cache)[0, -1]).topk(2)
        margin = min(margin, float(best.values[0] - best.values[1]))
        tokens.append(int(best.indices[0]))
        ids = best.indices[:1].view(1, 1)
    return tokens, margin


@torch.no_grad()
def chunked_logits(model: ActionModel, prompt: Sequence[int]) -> np.ndarray:
    """Last logits [vocab] when the prompt is computed CHUNK tokens at a time."""
    cache: Cache = []
    for start in range(0, len(prompt), CHUNK):
        hidden = model(torch.tensor([list(prompt[start : start + CHUNK])]), cache)
    return model.logits(hidden[0, -1]).numpy()


def golden(model: ActionModel, onnx_path: Path, *, bits: int, candidates: Sequence[Sequence[int]], keep: int) -> dict:
    """Golden values of the `keep` candidates (token id lists) whose greedy continuation is decided most clearly.

    `tolerance` is how far a runtime may be from `logits_dequantized`: twice what ONNX Runtime in Python was, because where
    activations are rounded to int8, that may differ between processors; and at least 1e-3, the noise of float32 sums.
    """
    stored = dequantized_model(model, bits)
    model = model.float().cpu().eval()
    served = ServedModel(onnx_path, model.config)
    ranked = sorted(((*greedy(stored, prompt), prompt) for prompt in candidates), key=lambda entry: -entry[1])
    entries, served_error, chunk_error = [], 0.0, 0.0
    for continuation, margin, prompt in ranked[:keep]:
        expected = last_logits(stored, prompt)
        served_error = max(served_error, float(np.abs(served.chunk(prompt) - expected).max()))
        chunk_error = max(chunk_error, float(np.abs(chunked_logits(stored, prompt) - expected).max()))
        entries.append({
            "ids": list(prompt),
            "logits_fp32": _rounded(last_logits(model, prompt)),
            "logits_dequantized": _rounded(expected),
            "greedy": continuation,
            "greedy_margin": round(margin, 4),
        })
    return {
        "about": "Last-position logits from PyTorch: with the original float32 weights, and with the weights as stored in "
        "model.onnx; and the latter's greedy continuation, with the smallest lead of a chosen token.",
        "chunk": CHUNK,
        "chunked_max_difference": float(f"{chunk_error:.2g}"),
        "served_max_difference": round(served_error, 4),
        "tolerance": max(1e-3, round(2 * served_error, 4)),
        "prompts": entries,
    }


def write_golden(path: Path, content: dict) -> None:
    """One line per prompt: readable diffs without a line per number."""
    head = json.dumps({key: value for key, value in content.items() if key != "prompts"}, indent=2)[:-2]
    lines = ",\n".join("    " + json.dumps(entry, separators=(",", ":")) for entry in content["prompts"])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'{head},\n  "prompts": [\n{lines}\n  ]\n}}\n')


def _rounded(values: np.ndarray) -> list[float]:
    return [round(float(value), 4) for value in values]
