"""Puts the finished models where the gateway looks for them, each with where it comes from and how good it is."""

import json
from dataclasses import asdict
from pathlib import Path

import torch

from ..golden import GREEDY_TOKENS, golden, write_golden
from ..model import ActionModel
from ..train import device_name, pick_device
from .collect import evaluation_table
from .workspace import ERROR_PROMPTS, Workspace, copy_folder

SHIPPED = {"lam1": ("lam-word", "1"), "lam2": ("lam-word", "2"), "lam3": ("lam-word", "3"), "lam4": ("lam-word", "4"), "reward": ("reward-word", "1")}  # fmt: skip
GOLDEN_PROMPTS = 4
GOLDEN_PHASE = "lam2"
"""The phase whose model tests compare with PyTorch. All are of one form."""


def ship(workspace: Workspace, records: dict[str, dict], command: str) -> list[Path]:
    """Completes lam.json of each phase that there is a record of, and copies the folders to the models directory if the run has one."""
    folders = []
    for phase, (name, version) in SHIPPED.items():
        if phase not in records:
            continue
        folder = workspace.served(phase) / name / version
        _complete(workspace, folder / "lam.json", phase, records, command)
        folders.append(folder)
        if workspace.settings.out is not None:
            target = workspace.settings.out / name / version
            copy_folder(folder, target)
            if phase == GOLDEN_PHASE:
                _write_golden(workspace, folder / "model.onnx", f"{name}-{version}")
    return folders


def _complete(workspace: Workspace, path: Path, phase: str, records: dict[str, dict], command: str) -> None:
    record, settings = records[phase], workspace.settings
    lam = json.loads(path.read_text())
    lam["provenance"] = {
        "command": command,
        "phase": phase,
        "seed": settings.seed,
        "data": {name: value for name, value in record.items() if isinstance(value, int) or name in ("pairs", "policy")},
        "training": record["training"],
        "validation": record["validation"],
        "model": asdict(workspace.model_config),
        "device": device_name(pick_device(settings.device)),
        "torch": torch.__version__,
    }
    names = ("online", "online_held_out", "offline", "offline_held_out", "online_best_of_4", "rerank", "test")
    split = f"simulated desktop, split test, {settings.test_tasks} tasks; held out: {settings.held_out_tasks} tasks"
    lam["evaluation"] = {"data": split, **{name: record[name] for name in names if name in record}}
    path.write_text(json.dumps(lam, indent=2, ensure_ascii=False) + "\n")


def _write_golden(workspace: Workspace, graph: Path, name: str) -> None:
    model: ActionModel = workspace.action_model(GOLDEN_PHASE)
    table = evaluation_table(workspace, "test")
    samples = [table.sample(step) for step in range(0, len(table), max(1, len(table) // ERROR_PROMPTS))]
    longest = model.config.context_length - GREEDY_TOKENS
    prompts = [sample.ids[: sample.answer_start].tolist() for sample in samples if sample.answer_start <= longest]
    write_golden(Path("test/golden") / f"{name}.json", golden(model, graph, bits=8, candidates=prompts, keep=GOLDEN_PROMPTS))
