"""Roll-outs: a model plays tasks of the training split, and the oracle judges each episode."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ..data import read_steps
from .collect import failed_seeds
from .workspace import Workspace

CANDIDATES = 4
BOOST_TEMPERATURE = 0.7
"""Near what the model is sure of: successes are to be learned from as they are."""
EXPLORE_TEMPERATURE = 1.0


def boost(workspace: Workspace) -> dict:
    """LAM2 explores tasks on which the expert failed."""
    return workspace.stage("boost", lambda: _play(workspace, "lam2", boosted_seeds(workspace), BOOST_TEMPERATURE, "boost"))


def explore(workspace: Workspace) -> dict:
    """LAM3 explores tasks for the reward model and for LAM4: half that the expert failed on, half new ones."""
    return workspace.stage("explore", lambda: _play(workspace, "lam3", explored_seeds(workspace), EXPLORE_TEMPERATURE, "explore"))


def boosted_seeds(workspace: Workspace) -> list[int]:
    return _shuffled_failures(workspace)[: workspace.settings.boosted_tasks]


def explored_seeds(workspace: Workspace) -> list[int]:
    settings = workspace.settings
    failed = _shuffled_failures(workspace)[settings.boosted_tasks :][: settings.explored_tasks // 2]
    beyond = 10 * settings.episodes
    return [*failed, *range(beyond, beyond + settings.explored_tasks - len(failed))]


def _shuffled_failures(workspace: Workspace) -> list[int]:
    order = np.random.default_rng(workspace.settings.seed)
    return [int(seed) for seed in order.permutation(failed_seeds(workspace))]


def trajectories(workspace: Workspace, name: str) -> Path:
    """Of `boost` or `explore`, one step a line."""
    return workspace.work / f"{name}.jsonl"


def explored_steps(workspace: Workspace, name: str, *, parity: int | None = None) -> Iterator[dict]:
    """The steps of trajectories; `parity` 0 or 1: of every other episode."""
    for step in read_steps(trajectories(workspace, name)):
        if parity is None or step["episode"] % 2 == parity:
            yield step


def _play(workspace: Workspace, phase: str, seeds: list[int], temperature: float, name: str) -> dict:
    settings = workspace.settings
    listed = workspace.work / f"{name}_seeds.json"
    listed.write_text(json.dumps(seeds))
    options = {"split": "train", "attempts": settings.attempts, "temperature": temperature, "candidates": CANDIDATES}
    summary = workspace.explore(phase, phase[-1], seeds=listed, out=trajectories(workspace, name), **options)
    succeeded = {(step["episode"], step["attempt"]) for step in explored_steps(workspace, name) if step["reward"] > 0}
    return {"tasks": len(seeds), "successes": len(succeeded), "tasks_solved": len({episode for episode, _ in succeeded}), **summary}
