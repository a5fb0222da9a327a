"""Phase 1, LAM1: task-plan pretraining. A task in words -> its numbered steps; tasks are also composed and rephrased."""

from ..data import read_steps
from ..folder import ModelCard
from ..train import TrainData, Trainer
from .collect import EVALUATION_SEED, lines
from .settings import GO_ON
from .workspace import Workspace

LEARNED_SHARE = 0.2
"""Of the plans that a LAM1 which goes on gives already."""


def lam1(workspace: Workspace) -> dict:
    return workspace.stage("lam1", lambda: _lam1(workspace))


def _lam1(workspace: Workspace) -> dict:
    train = workspace.table("plans", lambda: read_steps(*lines(workspace, "plans")))
    validation = workspace.table("plans_validation", lambda: read_steps(workspace.work / "evaluation" / "plans" / "plans.jsonl"))
    initial, before = workspace.initial_weights("1")
    data = TrainData(train, validation)
    config = workspace.config("lam1", **({**GO_ON, "learned_share": LEARNED_SHARE} if initial is not None else {}))
    trainer = Trainer(workspace.model_config, config, data, workspace.work / "lam1", initial=initial)
    record = {"pairs": len(train), **workspace.trained(trainer, before)}
    model = workspace.action_model("lam1")
    workspace.serve("lam1", model, ModelCard("lam-word", "1", role="plan"), validation)
    # A runtime wants a model for actions too. It gets these weights, and is never asked for an action.
    workspace.serve("lam1", model, ModelCard("unused", "1"), validation)
    play = {"split": "test", "seed": EVALUATION_SEED, "episodes": workspace.settings.test_tasks}
    return {**record, "online": workspace.ask("desktop/try-plans", "lam1", "1", **play)}
