"""Phase 3, LAM3: self-boosting. LAM2's successes on tasks that the expert failed on join the expert's own, and LAM2 learns on."""

from collections.abc import Iterator

from ..data import read_steps
from ..train import TrainData, Trainer
from .action import judge
from .collect import evaluation_table, lines
from .explore import boost, explored_steps
from .workspace import Workspace

REPEATS = 3
"""Times that a step of the new successes counts: they are few, and of the tasks that the expert could not show."""
RATE = 0.25
"""LAM2 ends at a rate of 0. From 0.5, in a tenth of LAM2's time, it ended four points lower on held-out steps; from 0.15 it gained little."""
ROWS = {"max_others": 2, "short_share": 0.5, "rare_repeats": 3, "learned_share": 0.2}
"""Fewer other tasks than LAM2 learned from, for what counts now is what comes up on the way through an episode; and fewer short lists,
for what it ends with is whole screens."""


def lam3(workspace: Workspace) -> dict:
    boosted = boost(workspace)
    return workspace.stage("lam3", lambda: _lam3(workspace, boosted))


def _lam3(workspace: Workspace, boosted: dict) -> dict:
    train = workspace.table("steps_boosted", lambda: boosted_steps(workspace))
    data = TrainData(train, evaluation_table(workspace, "validation"))
    config = workspace.config("lam3", rate=RATE, decay_from=0.0, curriculum=False, **ROWS)
    initial = workspace.checkpoint("lam2")["model"]
    trainer = Trainer(workspace.model_config, config, data, workspace.work / "lam3", initial=initial)
    record = {"new_trajectories": boosted["successes"], "steps": len(train), **workspace.trained(trainer)}
    return {**record, **judge(workspace, "lam3", "3")}


def boosted_steps(workspace: Workspace) -> Iterator[dict]:
    """What LAM3 learns from."""
    yield from read_steps(*lines(workspace, "steps_pass"))
    for _ in range(REPEATS):
        # A success may have gone a long way round; the way round is not to be learned.
        yield from (step for step in explored_steps(workspace, "boost") if step["reward"] > 0 and step["right"])
