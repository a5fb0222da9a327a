"""Phase 4b, LAM4: LAM3 learns from failures by offline policy optimisation with the reward model (`policy`).

To that loss comes imitation of the data LAM3 learned from and of more tasks that end in FAIL or CONFIRM, or could have (`rare`), which
stands in for a penalty on the divergence from LAM3.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from ..averaging import Weights, mean_weights
from ..data import Sample, read_steps
from ..train import TrainData
from .action import judge
from .collect import EVALUATION_SEED, evaluation_table
from .explore import CANDIDATES
from .lam3 import ROWS, boosted_steps
from .policy import PolicyTrainer, policy_samples
from .rare import contrast_files, rare, rare_files
from .workspace import Workspace, copy_folder


@dataclass(frozen=True)
class Part:
    """One of several trainings of a phase."""

    share: float
    """Of the phase's budget."""
    rate: float
    table: str
    files: tuple[Callable[[Workspace], list[Path]], ...]
    """Of the steps in the table that LAM3 was not shown."""
    order: int = 0
    """Of the steps: another number is another one."""


CONTRASTS = {"table": "steps_contrasts", "files": (rare_files, contrast_files)}
FIRST = {
    "lam4_rare": Part(0.22, rate=0.1, table="steps_rare", files=(rare_files,)),
    # At this rate it forgets a good part of what it knew and learns it again; what it learned of giving up stays.
    "lam4_contrasts": Part(0.57, rate=0.25, **CONTRASTS),
}
"""By name. Both begin at LAM3, and the mean of their weights does better than either."""
LAST = Part(0.21, rate=0.1, **CONTRASTS, order=1)
"""Goes on from that mean; LAM4 is halfway between where it begins and where it ends."""


def lam4(workspace: Workspace) -> dict:
    shown = rare(workspace)
    return workspace.stage("lam4", lambda: _lam4(workspace, shown))


def _lam4(workspace: Workspace, shown: dict) -> dict:
    policy, counts = policy_samples(workspace)
    start = workspace.checkpoint("lam3")["model"]
    records = [_train(workspace, name, part, start, policy)[1] for name, part in FIRST.items()]
    mean = mean_weights([(workspace.checkpoint(name)["model"], part.share) for name, part in FIRST.items()])
    trainer, record = _train(workspace, "lam4_last", LAST, mean, policy)
    trained = _together([*records, record])
    trainer.model.load_state_dict(mean_weights([(mean, 1.0), (trainer.model.state_dict(), 1.0)]))
    trained["validation"]["last"] = trainer.validate()
    workspace.save_weights("lam4", trainer.model)
    record = {"rare_trajectories": shown["trajectories"] + 2 * shown["contrasts"], "policy": counts, **trained}
    return {**record, **judge(workspace, "lam4", "4"), "online_best_of_4": _best_of(workspace)}


def _train(workspace: Workspace, name: str, part: Part, initial: Weights, policy: list[Sample]) -> tuple[PolicyTrainer, dict]:
    """A training in the folder `name`, done, and its record."""
    more = [path for files in part.files for path in files(workspace)]
    table = workspace.table(part.table, lambda: chain(boosted_steps(workspace), read_steps(*more)))
    data = TrainData(table, evaluation_table(workspace, "validation"))
    options = ROWS | {"rare_repeats": 1, "rate": part.rate, "decay_from": 0.0, "curriculum": False}
    config = replace(workspace.config("lam4", share=part.share, **options), seed=workspace.settings.seed + part.order)
    trainer = PolicyTrainer(workspace.model_config, config, data, workspace.work / name, initial=initial, policy=policy)
    return trainer, workspace.trained(trainer)


def _together(parts: list[dict]) -> dict:
    """The record of several trainings as that of one."""
    sums = {name: round(sum(part["training"][name] for part in parts), 3) for name in ("steps", "tokens", "hours")}
    return {"training": sums, "validation": {"first": parts[0]["validation"]["first"], "last": parts[-1]["validation"]["last"]}}


def _best_of(workspace: Workspace) -> dict:
    """LAM4 with its candidates ordered by the reward model."""
    copy_folder(workspace.served("reward") / "reward-word", workspace.served("lam4") / "reward-word")
    play = {"seed": EVALUATION_SEED, "split": "test", "episodes": workspace.settings.test_tasks}
    return workspace.explore("lam4", "4", candidates=CANDIDATES, rerank=True, **play)
