"""Phase 2, LAM2: imitation. It starts from LAM1 and learns from those of the expert's trajectories that succeeded."""

from ..data import read_steps
from ..train import TrainData, Trainer
from .action import judge
from .collect import evaluation_table, lines
from .settings import GO_ON
from .workspace import Workspace

MAX_OTHERS = 3
"""Of the other tasks at a screen, how many come with it at a time. More are cheaper still, but then too little of what is learned
would be the steps on the way through an episode."""
SHORT_SHARE = 0.75
"""Of the rows. What follows from the history is the same in a short list, and is learned there at a quarter of the cost."""
LEARNED_SHARE = 0.1
"""Of the steps that are learned already: enough not to forget them."""
ROWS = {"max_others": MAX_OTHERS, "short_share": SHORT_SHARE, "rare_repeats": 3, "learned_share": LEARNED_SHARE}


def lam2(workspace: Workspace) -> dict:
    return workspace.stage("lam2", lambda: _lam2(workspace))


def _lam2(workspace: Workspace) -> dict:
    train = workspace.table("steps_pass", lambda: read_steps(*lines(workspace, "steps_pass")))
    data = TrainData(train, evaluation_table(workspace, "validation"))
    initial, before = workspace.initial_weights("2")
    if initial is None:
        initial, config = workspace.checkpoint("lam1")["model"], workspace.config("lam2", **ROWS)
    else:
        config = workspace.config("lam2", **ROWS, **GO_ON)
    trainer = Trainer(workspace.model_config, config, data, workspace.work / "lam2", initial=initial)
    record = {"trajectories": len(set(train.episodes.tolist())), "steps": len(train), **workspace.trained(trainer, before)}
    return {**record, **judge(workspace, "lam2", "2")}
