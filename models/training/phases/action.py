"""How the action models of three phases are judged and served."""

from ..folder import ModelCard
from .collect import EVALUATION_SEED, evaluation_table
from .workspace import Workspace


def judge(workspace: Workspace, phase: str, version: str) -> dict:
    """Serves the phase's model; its figures on steps of the expert's (offline), and when it plays itself (online)."""
    model, test = workspace.action_model(phase), evaluation_table(workspace, "test")
    workspace.serve(phase, model, ModelCard("lam-word", version), test)
    settings = workspace.settings
    record = {}
    for suffix, split, count in (("", "test", settings.test_tasks), ("_held_out", "held-out", settings.held_out_tasks)):
        tasks = {"split": split, "seed": EVALUATION_SEED}
        record[f"offline{suffix}"] = workspace.ask("eval/direct", phase, version, tasks=count, **tasks)
        record[f"online{suffix}"] = workspace.explore(phase, version, episodes=count, **tasks)
    return record
