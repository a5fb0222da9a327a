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
    # Beyond all other tasks.
    ranges = workspace.seed_ranges(settings.rare_drawn, beyond=20 * settings.episodes)
    common = {"endings": "FAIL,CONFIRM", "max_controls": settings.max_controls}
    workspace.run_all(
        ("desktop/export", {**common, "seed": first, "episodes": count, "out": file})
        for (first, count), file in zip(ranges, files, strict=True)
    )
    steps = [step["episode"] for step in read_steps(*files)]
    return {"drawn": sum(count for _, count in ranges), "trajectories": len(set(steps)), "steps": len(steps)}
