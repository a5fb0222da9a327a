"""Offline policy optimisation over listed candidates.

In each state of LAM2's and LAM3's trajectories the candidates that they proposed are scored by the reward model; a candidate's advantage
is its score less the mean of the scores, weighted by the probabilities that they had. So a state teaches nothing where LAM3
was sure, or where all candidates are as good. The loss is PPO's clipped surrogate (arXiv 1707.06347) per answer token, with LAM3
as the behaviour policy whose log-probabilities are kept. Nothing is played while it learns: it is offline PPO over listed candidates.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from ..batches import Batch, by_length, collate
from ..data import Sample
from ..evaluate import answer_log_probs
from ..train import StepLoss, Trainer
from .candidates import by_state, candidate_rows
from .explore import explored_steps
from .reward import reward_model, rewards_of
from .workspace import Workspace

CLIP = 0.5
"""Wider than PPO's usual 0.2: what is learned from is not sampled anew, so this is as far as a probability can move at all."""
POLICY_WEIGHT = 1.0
MIN_PROBABILITY = 0.05
"""Less probable candidates are left out: what they could teach is far from what LAM3 does."""
MIN_SPREAD = 0.05
"""Of the scores in a state, below which the reward model has no preference."""


class PolicyTrainer(Trainer):
    """Each step descends the imitation loss of one batch and the policy loss of another."""

    def __init__(self, *arguments, policy: list[Sample], **options) -> None:
        super().__init__(*arguments, **options)
        self.groups = by_length(policy, self.config.batch_tokens)

    def _loss(self, batch: Batch, generator: torch.Generator) -> StepLoss:
        loss = super()._loss(batch, generator)
        if not self.groups:
            return loss
        passes, place = divmod(self.progress.steps, len(self.groups))
        order = np.random.default_rng((self.config.seed, passes)).permutation(len(self.groups))
        policy = collate(self.groups[order[place]]).to(self.device)
        with torch.autocast(self.device.type, torch.bfloat16):
            logits = self.model.logits(self.trunk(policy.ids, None, policy.branches)[policy.answer])
        total = loss.total + POLICY_WEIGHT * clipped_surrogate(logits.float(), policy)
        return StepLoss(total, loss.answer, loss.prompt, loss.correct)


def clipped_surrogate(logits: Tensor, batch: Batch, clip: float = CLIP) -> Tensor:
    """PPO's loss over the answer tokens. logits [answer tokens, vocab]; `batch.values` are the advantages of the answers."""
    targets = batch.ids.roll(-1, dims=1)[batch.answer]
    ratio = (-F.cross_entropy(logits, targets, reduction="none") - batch.reference[batch.answer]).exp()
    advantage = batch.values[batch.answer]
    return -torch.minimum(ratio * advantage, ratio.clamp(1 - clip, 1 + clip) * advantage).mean()


def advantages(scores: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """float [candidates]: how much better than what the policy does on average."""
    return scores - (scores * probabilities).sum() / probabilities.sum()


def policy_samples(workspace: Workspace) -> tuple[list[Sample], dict]:
    """States, each with its candidates, their advantages and LAM3's log-probabilities; and how many there are."""
    states = list(_doubtful(workspace))
    rows = [row for row, _ in states]
    scores = 1 / (1 + np.exp(-rewards_of(reward_model(workspace), rows)))
    preferred = [
        (row, advantages(own, np.array([candidate["probability"] for candidate in candidates])))
        for (row, candidates), own in zip(states, by_state(scores, rows), strict=True)
        if own.max() - own.min() >= MIN_SPREAD
    ]
    references = answer_log_probs(workspace.action_model("lam3"), [row for row, _ in preferred])
    policy = [_weighed(row, values, reference) for (row, values), reference in zip(preferred, references, strict=True)]
    candidates = sum(1 + len(row.branches) for row in policy)
    return policy, {"states": len(states), "states with a preference": len(policy), "candidates": candidates}


def _weighed(row: Sample, values: np.ndarray, reference: np.ndarray) -> Sample:
    """The row with an advantage for each candidate, and the log-probabilities of their tokens."""
    parts = (row, *row.branches)
    ends = np.cumsum([len(part.ids) - part.answer_start for part in parts])[:-1]
    own = np.split(reference, ends)
    first, *others = (replace(part, value=float(value), reference=its) for part, value, its in zip(parts, values, own, strict=True))
    return replace(first, branches=tuple(others))


def _doubtful(workspace: Workspace) -> Iterator[tuple[Sample, list[dict]]]:
    steps = chain(explored_steps(workspace, "explore"), explored_steps(workspace, "boost"))
    return candidate_rows(workspace, steps, min_probability=MIN_PROBABILITY)
