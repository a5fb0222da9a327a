"""Copies of the trained models' folders with the weights as they were trained, to measure what the shipped ones lose.

    python -m models.training.full_precision --work .training/word --out .training/word/full-precision

They differ from what is served in the weights of `model.onnx`, float32 as in the checkpoints, and in having no graph of their own for
prompts. `npm run eval -- --report --full-precision DIR` compares the two.
"""

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import torch

from .export import PREFILL_FILE, logit_errors
from .folder import checksum
from .graph import GraphWriter
from .model import ActionModel, ModelConfig
from .phases.settings import Settings
from .phases.workspace import Workspace
from .quantize import BLOCK
from .served import ServedModel

PHASES = ("lam1", "lam2", "lam3", "lam4")
ERROR_PROMPT = list(range(1, 100))
"""Any tokens: the graph computes what PyTorch does, whatever they mean."""
MAX_ERROR = 1e-2


class FloatGraphWriter(GraphWriter):
    """The graph of `GraphWriter` with float32 weights."""

    def _matmul(self, path: str, x: str, weight: np.ndarray, output: str | None = None) -> str:
        matrix = self.graph.constant(f"{path[1:].replace('/', '.')}.weight", weight.T)
        return self.graph.node(f"{path}/MatMul", [x, matrix], outputs=[output] if output else None)


def write_full_precision(model: ActionModel, served: Path, out: Path) -> dict:
    """A copy of the folder `served` of `model`, with float32 weights; returns its lam.json. Raises ValueError if the graph is
    not the model."""
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(served, out, ignore=shutil.ignore_patterns(PREFILL_FILE))
    graph = out / "model.onnx"
    graph.write_bytes(FloatGraphWriter(model.float().cpu().eval(), bits=8, kernel="expanded").write().SerializeToString())
    errors = logit_errors(model, ServedModel(graph, model.config), [ERROR_PROMPT])
    if errors["max_logit_error"] > MAX_ERROR:
        raise ValueError(f"{graph} is off by {errors['max_logit_error']}")
    lam = json.loads((out / "lam.json").read_text())
    lam.pop("prefill", None)
    lam["files"] = {name: checksum(out / name) for name in lam["files"] if name != PREFILL_FILE}
    lam["quantization"] = {"method": "none", "bits": 32, "block_size": BLOCK, **errors}
    (out / "lam.json").write_text(json.dumps(lam, indent=2, ensure_ascii=False) + "\n")
    return lam


def write_all(work: Path, out: Path) -> list[Path]:
    """The folders of those phases that a training in `work` has come to."""
    workspace, folders = Workspace(Settings(work=work, tokens=1)), []
    for phase in PHASES:
        served = workspace.served(phase) / "lam-word" / phase[-1]
        if not (served / "lam.json").exists():
            continue
        state = workspace.checkpoint(phase)["model"]
        model = ActionModel(config_of(served, state))
        model.load_state_dict(state)
        write_full_precision(model, served, out / "lam-word" / phase[-1])
        folders.append(out / "lam-word" / phase[-1])
    return folders


def config_of(folder: Path, state: dict[str, torch.Tensor]) -> ModelConfig:
    """The sizes of a served model, whatever the settings of the run were; `state` is its checkpoint's."""
    decoder = json.loads((folder / "genai_config.json").read_text())["model"]
    sizes = decoder["decoder"]
    return ModelConfig(
        vocab_size=decoder["vocab_size"],
        context_length=decoder["context_length"],
        num_layers=sizes["num_hidden_layers"],
        hidden_size=sizes["hidden_size"],
        num_heads=sizes["num_attention_heads"],
        num_kv_heads=sizes["num_key_value_heads"],
        head_dim=sizes["head_size"],
        ffn_size=len(state["layers.0.ffn.gate.weight"]),
        tied="lm_head.weight" not in state,
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.training.full_precision", description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, default=Path(".training/word"), help="the work folder of the training; only read")
    parser.add_argument("--out", type=Path, required=True, help="a models directory to write")
    arguments = parser.parse_args()
    for folder in write_all(arguments.work, arguments.out):
        print(folder)


if __name__ == "__main__":
    main()
