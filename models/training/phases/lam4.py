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

OTHER_TASKS = 4
"""Most that are learned with the step at a screen: those of a contrast say when to give up, for a fifth of what a screen of their own costs."""

Files = tuple[Callable[[Workspace], list[Path]], ...]


@dataclass(frozen=True)
class Part:
    """One of several trainings of the phase."""

    share: float
    """Of the phase's budget."""
    rate: float
    table: str
    files: Files
    """Of the steps in the table that LAM3 was not shown."""
    is_averaged: bool = True
    """Whether the mean with the weights before it is kept, or what it ends with."""


CONTRASTS = {"table": "steps_contrasts", "files": (rare_files, contrast_files)}
FIRST = {
    "lam4_rare": Part(0.11, rate=0.1, table="steps_rare", files=(rare_files,)),
    # At this rate it forgets a good part of what it knew and learns it again; what it learned of giving up stays.
    "lam4_contrasts": Part(0.28, rate=0.25, **CONTRASTS),
}
"""By name. Both begin at LAM3, and the mean of their weights does better than either."""
THEN = {
    "lam4_second": Part(0.1, rate=0.1, **CONTRASTS),
    "lam4_third": Part(0.285, rate=0.1, **CONTRASTS),
    # A mean does a few more tasks and gives up rightly less often than the end.
    "lam4_last": Part(0.225, rate=0.1, **CONTRASTS, is_averaged=False),
}
"""By name, one after the other. Each begins at what is kept of the one before it; what is kept of the last one is LAM4."""


def lam4(workspace: Workspace) -> dict:
    shown = rare(workspace)
    return workspace.stage("lam4", lambda: _lam4(workspace, shown))


def _lam4(workspace: Workspace, shown: dict) -> dict:
    policy, counts = policy_samples(workspace)
    trainings = Trainings(workspace, policy)
    start = workspace.checkpoint("lam3")["model"]
    kept = mean_weights([(trainings.run(name, part, start), part.share) for name, part in FIRST.items()])
    for order, (name, part) in enumerate(THEN.items(), start=1):
        end = trainings.run(name, part, kept, order=order)
        kept = mean_weights([(kept, 1.0), (end, 1.0)]) if part.is_averaged else end
    trained = trainings.end(kept)
    record = {"rare_trajectories": shown["trajectories"] + 2 * shown["contrasts"], "policy": counts, **trained}
    return {**record, **judge(workspace, "lam4", "4"), "online_best_of_4": _best_of(workspace)}


class Trainings:
    """Runs the phase's trainings, one after the other, and keeps the account of them."""

    def __init__(self, workspace: Workspace, policy: list[Sample]) -> None:
        self._workspace = workspace
        self._policy = policy
        self._records: list[dict] = []
        self._data: dict[str, TrainData] = {}
        self._last: PolicyTrainer

    def run(self, name: str, part: Part, initial: Weights, *, order: int = 0) -> Weights:
        """What a training in the folder `name` ends with. Another `order` is another one of the steps."""
        workspace = self._workspace
        options = ROWS | {"rare_repeats": 1, "max_others": OTHER_TASKS, "rate": part.rate, "decay_from": 0.0, "curriculum": False}
        config = replace(workspace.config("lam4", share=part.share, **options), seed=workspace.settings.seed + order)
        self._last = PolicyTrainer(
            workspace.model_config, config, self._data_of(part), workspace.work / name, initial=initial, policy=self._policy
        )
        self._records.append(workspace.trained(self._last))
        return self._last.model.state_dict()

    def end(self, weights: Weights) -> dict:
        """Saves the weights as the phase's, and returns the record of all trainings as that of one."""
        self._last.model.load_state_dict(weights)
        self._workspace.save_weights("lam4", self._last.model)
        sums = {name: round(sum(record["training"][name] for record in self._records), 3) for name in ("steps", "tokens", "hours")}
        first = self._records[0]["validation"]["first"]
        return {"training": sums, "validation": {"first": first, "last": self._last.validate()}}

    def _data_of(self, part: Part) -> TrainData:
        if part.table not in self._data:
            more = [path for files in part.files for path in files(self._workspace)]
            table = self._workspace.table(part.table, lambda: chain(boosted_steps(self._workspace), read_steps(*more)))
            # Not the one before as well: hundreds of megabytes each.
            self._data = {part.table: TrainData(table, evaluation_table(self._workspace, "validation"))}
        return self._data[part.table]


def _best_of(workspace: Workspace) -> dict:
    """LAM4 with its candidates ordered by the reward model."""
    copy_folder(workspace.served("reward") / "reward-word", workspace.served("lam4") / "reward-word")
    play = {"seed": EVALUATION_SEED, "split": "test", "episodes": workspace.settings.test_tasks}
    return workspace.explore("lam4", "4", candidates=CANDIDATES, rerank=True, **play)
