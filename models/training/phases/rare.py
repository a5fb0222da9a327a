"""More tasks that end in FAIL or CONFIRM, shown by the expert. To give up is what a model cannot find out by itself."""

from pathlib import Path

from ..data import read_steps
from .workspace import Workspace


def rare(workspace: Workspace) -> dict:
    return workspace.stage("rare", lambda: _rare(workspace))


def rare_files(workspace: Workspace) -> list[Path]:
    """Of the expert's steps."""
    return [workspace.work / f"rare_{index}.jsonl" for index in range(workspace.settings.threads)]


def _rare(workspace: Workspace) -> dict:
    settings, files = workspace.settings, rare_files(workspace)
    drawn = -(-settings.rare_drawn // len(files))
    # Beyond all other tasks; another seed is others.
    first = 20 * settings.episodes + (settings.seed - 1) * drawn * len(files)
    common = {"endings": "FAIL,CONFIRM", "max_controls": settings.max_controls, "episodes": drawn}
    workspace.run_all(
        ("desktop/export", {**common, "seed": first + index * drawn, "out": file}) for index, file in enumerate(files)
    )
    steps = [step["episode"] for step in read_steps(*files)]
    return {"drawn": drawn * len(files), "trajectories": len(set(steps)), "steps": len(steps)}
