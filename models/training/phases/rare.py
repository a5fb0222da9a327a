"""More tasks that end in FAIL or CONFIRM, shown by the expert. To give up is what a model cannot find out by itself.

Some are shown with their contrast: the same task in the same document, where no disturbance makes it impossible, from where one gives
up. At both screens stand variations of the task: other words, other values. More tasks that end in FAIL alone teach to give up more
often; contrasts teach when.
"""

from pathlib import Path

from ..data import read_steps
from .workspace import Workspace


def rare(workspace: Workspace) -> dict:
    return workspace.stage("rare", lambda: _rare(workspace))


def rare_files(workspace: Workspace) -> list[Path]:
    """Of the expert's steps in tasks that end in FAIL or CONFIRM."""
    return _files(workspace, "rare")


def contrast_files(workspace: Workspace) -> list[Path]:
    """Of the expert's last steps in impossible tasks and their contrasts, which have the same number."""
    return _files(workspace, "contrast")


def _files(workspace: Workspace, name: str) -> list[Path]:
    return [workspace.work / f"{name}_{index}.jsonl" for index in range(workspace.settings.threads)]


def _rare(workspace: Workspace) -> dict:
    settings = workspace.settings
    # Beyond all other tasks, of other runs too.
    beyond = 20 * settings.episodes
    draws = (
        (rare_files(workspace), settings.rare_drawn, beyond, {"endings": "FAIL,CONFIRM"}),
        (contrast_files(workspace), settings.contrasts_drawn, beyond + 20 * settings.rare_drawn, {"contrasts": True}),
    )
    workspace.run_all(
        ("desktop/export", {**choice, "max_controls": settings.max_controls, "seed": first, "episodes": count, "out": file})
        for files, drawn, begin, choice in draws
        for (first, count), file in zip(workspace.seed_ranges(drawn, beyond=begin), files, strict=True)
    )
    (trajectories, steps), (pairs, pair_steps) = (_sizes(files) for files, *_ in draws)
    return {
        "drawn": settings.rare_drawn, "trajectories": trajectories, "steps": steps,
        "contrasts_drawn": settings.contrasts_drawn, "contrasts": pairs, "contrast_steps": pair_steps,
    }  # fmt: skip


def _sizes(files: list[Path]) -> tuple[int, int]:
    """Episodes, steps."""
    episodes = [step["episode"] for step in read_steps(*files)]
    return len(set(episodes)), len(episodes)
