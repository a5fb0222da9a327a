"""What the folders of all models have alike: tokenizer files, checksums, and lam.json."""

import hashlib
import json
import math
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from .graph import Kernel
from .model import ModelConfig
from .quantize import BLOCK

TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json")


@dataclass(frozen=True)
class ModelCard:
    """What lam.json says beyond sizes and checksums."""

    name: str
    version: str
    bits: int = 8
    kernel: Kernel = "expanded"
    role: str = "action"
    dialect: str = "compact"
    prefill: bool = True
    """Whether the folder gets a graph of its own for blocks of prompts."""
    licence: str = "Apache-2.0"
    provenance: dict = field(default_factory=dict)
    evaluation: dict = field(default_factory=dict)


def copy_tokenizer(source: Path, out: Path) -> None:
    """Copies the tokenizer's files from one folder into another, or leaves them where they are."""
    if source.resolve() != out.resolve():
        for name in TOKENIZER_FILES:
            shutil.copyfile(source / name, out / name)


def output_errors(differences: Sequence[np.ndarray]) -> dict[str, float]:
    """Largest and mean of |served - float32 PyTorch|, an array per prompt."""
    return {
        # Rounded up: it is a bound.
        "max_logit_error": math.ceil(float(np.max(differences)) * 1e4) / 1e4,
        "mean_logit_error": round(float(np.mean(differences)), 4),
    }


def write_lam_json(
    out: Path, card: ModelCard, config: ModelConfig, *, parameters: int, errors: dict[str, float], files: Sequence[str], prefill: dict | None = None
) -> dict:
    """Writes and returns lam.json of the folder `out`, in which `files` are. `errors`: what quantization changes, by `output_errors`."""
    lam = {
        "format": 1,
        "name": card.name,
        "version": card.version,
        "role": card.role,
        "dialect": card.dialect,
        "context_length": config.context_length,
        "parameters": parameters,
        "vocab_size": config.vocab_size,
        "num_layers": config.num_layers,
        "num_kv_heads": config.num_kv_heads,
        "head_dim": config.head_dim,
        "kv_dtype": "float32",
        "quantization": {
            "method": "block-wise integers, expanded at load" if card.kernel == "expanded" else "MatMulNBits",
            "bits": card.bits,
            "block_size": BLOCK,
            **errors,
        },
        **({"prefill": prefill} if prefill else {}),
        "files": {name: checksum(out / name) for name in files},
        "license": card.licence,
        "provenance": card.provenance,
        "evaluation": card.evaluation,
    }
    (out / "lam.json").write_text(json.dumps(lam, indent=2, ensure_ascii=False) + "\n")
    return lam


def checksum(path: Path) -> dict:
    content = path.read_bytes()
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
