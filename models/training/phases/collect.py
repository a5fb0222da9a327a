"""The data pipeline: instantiation, execution by the imperfect expert, evaluation, post-processing; then the tokenizer.

The records are in UFO's formats (`bench/desktop/records.ts`); the expert's failures are kept apart from its successes.
"""

import json
from collections import Counter
from itertools import chain
from pathlib import Path

from ..data import read_steps
from ..folder import copy_tokenizer
from ..tokenizer import count_texts, save_tokenizer, train_tokenizer
from .workspace import Workspace

TOKENIZER_STRIDE = 4
"""One line of so many is read for the tokenizer."""
VALIDATION_SEED = 100_035
"""First episode of what is watched while training; evaluations use other episodes, from 1."""
EVALUATION_SEED = 1


def shards(workspace: Workspace) -> list[Path]:
    return [workspace.work / "records" / str(index) for index in range(workspace.settings.threads)]


def lines(workspace: Workspace, name: str) -> list[Path]:
    """The files of one kind of line: `plans`, `steps_pass`, `steps_fail`, `execution_fail`, ..."""
    return [shard / f"{name}.jsonl" for shard in shards(workspace)]


def collect(workspace: Workspace) -> dict:
    return workspace.stage("collect", lambda: _collect(workspace))


def _collect(workspace: Workspace) -> dict:
    settings = workspace.settings
    folders = shards(workspace)
    ranges = workspace.seed_ranges(settings.episodes)
    common = {"failures": settings.failure_share, "rephrasings": settings.rephrasings, "max_controls": settings.max_controls}
    workspace.run_all(
        ("desktop/records-export", {**common, "out": folder, "seed": first, "episodes": count, "mistakes": True, "side_tasks": settings.side_tasks})
        for (first, count), folder in zip(ranges, folders, strict=True)
    )
    evaluation = workspace.work / "evaluation"
    evaluation.mkdir(exist_ok=True)
    clean = {"no_mistakes": True, "seed": EVALUATION_SEED}
    workspace.run_all([
        ("desktop/records-export", {"split": "test", "out": evaluation / "plans", "seed": VALIDATION_SEED, "episodes": settings.test_tasks, "failures": 0, "rephrasings": 0}),
        ("desktop/export", {"split": "test", "out": evaluation / "validation.jsonl", "seed": VALIDATION_SEED, "episodes": settings.test_tasks}),
        ("desktop/export", {"split": "test", "out": evaluation / "test.jsonl", "episodes": settings.test_tasks, **clean}),
    ])  # fmt: skip
    _train_tokenizer(workspace)
    counts = {name: _count(lines(workspace, name)) for name in ("execution_pass", "execution_fail", "execution_unsure", "steps_pass", "steps_fail")}
    evolutions = Counter(pair["evolution"] for pair in read_steps(*lines(workspace, "plans")))
    return {"tasks": sum(count for _, count in ranges), **counts, "plans": dict(evolutions)}


def _train_tokenizer(workspace: Workspace) -> None:
    folder = workspace.tokenizer
    folder.mkdir(exist_ok=True)
    if workspace.settings.initial is not None:
        copy_tokenizer(workspace.settings.initial / "lam-word" / "2", folder)
        return
    steps = chain(read_steps(*lines(workspace, "steps_pass")), read_steps(*lines(workspace, "plans")))
    some = (step for index, step in enumerate(steps) if index % TOKENIZER_STRIDE == 0)
    tokenizer = train_tokenizer(count_texts(some), workspace.settings.vocab_size)
    save_tokenizer(tokenizer, folder, workspace.settings.model.context_length)


def _count(paths: list[Path]) -> int:
    total = 0
    for path in paths:
        with path.open("rb") as file:
            total += sum(1 for _ in file)
    return total


def evaluation_table(workspace: Workspace, name: str):
    """`validation` or `test`: the expert's steps on tasks that no training sees."""
    return workspace.table(name, lambda: read_steps(workspace.work / "evaluation" / f"{name}.jsonl"))


def failed_seeds(workspace: Workspace) -> list[int]:
    """The tasks on which the expert failed, by the seeds of their episodes."""
    paths = [*lines(workspace, "execution_fail"), *lines(workspace, "execution_unsure")]
    seeds = []
    for path in paths:
        with path.open(encoding="utf-8") as file:
            seeds += [int(json.loads(line)["unique_id"].rsplit("_", 1)[1]) for line in file]
    return sorted(seeds)
