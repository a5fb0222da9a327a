"""Batches of steps: which steps, with how many of their controls, padded how.

Several tasks at one screen share a row: the screen once, then each task with its answer. A task sees the screen and itself, at
the positions that it would have alone, so that it is computed as if it were alone, at the cost of its own few tokens.

Everything random follows from (seed, position), so a run resumes exactly where it stopped.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from .data import Sample, StepTable
from .model import Branches

POOL_STEPS = 512
"""Steps that are sorted by length together, so that a batch holds rows of similar length."""
ROUND_TO = 8
FEW_CONTROLS = (8, 25)
FULL_LISTS_FROM = 0.6
"""Share of the training after which nearly all control lists are complete."""


@dataclass(frozen=True)
class Batch:
    """B rows padded on the right to T tokens."""

    ids: Tensor
    """int64 [B, T]."""
    answer: Tensor
    """bool [B, T]: positions whose NEXT token belongs to the answer."""
    prompt: Tensor
    """bool [B, T]: positions whose next token belongs to the prompt."""
    num_tokens: int
    """Without padding."""
    values: Tensor
    """float32 [B, T]: at answer positions, what the answer is worth; elsewhere 0."""
    reference: Tensor
    """float32 [B, T]: at answer positions, the reference model's log-probability of the next token; elsewhere 0."""
    ends: Tensor
    """int64 [tasks]: places in the flattened [B * T] of the last tokens of all tasks of the rows."""
    branches: Branches | None = None
    """Where rows hold more than one task."""

    def to(self, device: torch.device) -> "Batch":
        parts = {name: part.to(device) for name, part in vars(self).items() if isinstance(part, Tensor)}
        return replace(self, **parts, branches=self.branches and self.branches.to(device))

    @property
    def rewards(self) -> Tensor:
        """float32 [tasks]: what the answers are worth, in the order of `ends`."""
        return self.values.flatten()[self.ends - 1]


@dataclass(frozen=True)
class Position:
    """Where in the stream of batches a run is: the next batch of a pool that was drawn at a certain progress."""

    pool: int = 0
    batch: int = 0
    progress: float = 0.0


def control_limit(progress: float, rng: np.random.Generator) -> int:
    """How many controls a sample may have: 8-25 at first, growing geometrically to more than any screen has (x 64).

    Short lists teach what to do and how to copy at a fifth of the cost; long ones then teach to search.
    """
    ramp = min(1.0, max(0.0, (progress - 0.25) / (FULL_LISTS_FROM - 0.25)))
    return int(rng.integers(*FEW_CONTROLS, endpoint=True) * 64.0**ramp)


def thin(table: StepTable, step: int, limit: int, rng: np.random.Generator) -> np.ndarray:
    """bool [controls]: all needed ones, and random others up to `limit` in all."""
    kept = table.required(step).copy()
    optional = np.flatnonzero(~kept)
    room = max(0, limit - int(kept.sum()))
    if room >= len(optional):
        return np.ones_like(kept)
    kept[rng.choice(optional, room, replace=False)] = True
    return kept


def collate(samples: list[Sample]) -> Batch:
    """Pads rows on the right with token 0 to a multiple of ROUND_TO."""
    longest = max(sample.length for sample in samples)
    width = -(-longest // ROUND_TO) * ROUND_TO
    ids = np.zeros((len(samples), width), dtype=np.int64)
    answer = np.zeros((len(samples), width), dtype=bool)
    prompt = np.zeros((len(samples), width), dtype=bool)
    values = np.zeros((len(samples), width), dtype=np.float32)
    reference = np.zeros((len(samples), width), dtype=np.float32)
    ends = []
    for row, sample in enumerate(samples):
        start = 0
        for part in (sample, *sample.branches):
            end = start + len(part.ids)
            predicting = slice(start + part.answer_start - 1, end - 1)
            ids[row, start:end] = part.ids
            prompt[row, start : predicting.start] = True
            answer[row, predicting] = True
            values[row, predicting] = part.value
            if part.reference is not None:
                reference[row, predicting] = part.reference
            ends.append(row * width + end - 1)
            start = end
    num_tokens = sum(sample.length for sample in samples)
    return Batch(
        ids=torch.from_numpy(ids),
        answer=torch.from_numpy(answer),
        prompt=torch.from_numpy(prompt),
        num_tokens=num_tokens,
        values=torch.from_numpy(values),
        reference=torch.from_numpy(reference),
        ends=torch.tensor(ends),
        branches=_branches(samples, width) if any(sample.branches for sample in samples) else None,
    )


def _branches(samples: list[Sample], width: int) -> Branches:
    """Where the tasks of rows of `width` tokens are."""
    positions = np.tile(np.arange(width), (len(samples), 1))
    tasks = np.zeros((len(samples), width), dtype=np.int64)
    for row, sample in enumerate(samples):
        start = len(sample.ids)
        tasks[row, sample.screen :] = 1
        for number, branch in enumerate(sample.branches, start=2):
            end = start + len(branch.ids)
            tasks[row, start:] = number
            positions[row, start:end] = sample.screen + np.arange(len(branch.ids))
            start = end
        # Padding, which nothing looks at, stays within the context too.
        positions[row, start:] = 0
    return Branches(torch.from_numpy(positions), torch.from_numpy(tasks))


def by_length(samples: list[Sample], max_tokens: int) -> list[list[Sample]]:
    """Groups of similar length, each of at most `max_tokens` padded tokens (but at least one row)."""
    groups: list[list[Sample]] = []
    for sample in sorted(samples, key=lambda sample: sample.length):
        padded = -(-sample.length // ROUND_TO) * ROUND_TO
        if not groups or (len(groups[-1]) + 1) * padded > max_tokens:
            groups.append([])
        groups[-1].append(sample)
    return groups


class BatchStream:
    """An endless, resumable stream of training batches over a table. Without `curriculum`, lists are complete from the start.

    `max_others`: how many of the other tasks at a step's screen come with it. `short_share`: share of the rows that hold a short
    list and no other task; a step costs a quarter then. `rare` (bool [steps]): steps that come `rare_repeats` times in a pass, and
    never with a short list, which would show too plainly what is not there. `select`: takes out of
    what was drawn for a pool what is worth learning.
    """

    def __init__(
        self,
        table: StepTable,
        *,
        max_tokens: int,
        max_length: int,
        seed: int,
        curriculum: bool = True,
        max_others: int = 0,
        short_share: float = 0.0,
        rare: np.ndarray | None = None,
        rare_repeats: int = 1,
        select: Callable[[list[Sample]], list[Sample]] | None = None,
    ) -> None:
        self._table = table
        self._rare = np.zeros(len(table), dtype=bool) if rare is None else rare
        self._order = np.repeat(np.arange(len(table)), np.where(self._rare, rare_repeats, 1))
        self._max_tokens = max_tokens
        self._max_length = max_length
        self._seed = seed
        self._curriculum = curriculum
        self._max_others = max_others
        self._short_share = short_share
        self._select = select
        self._groups: tuple[tuple[int, float], list[list[Sample]]] | None = None
        self.position = Position()

    def next(self, progress: float) -> Batch:
        """The next batch. `progress` 0..1 is how far the training is; it takes effect with the next pool."""
        if self.position.batch == 0:
            self.position = replace(self.position, progress=progress)
        groups = self._pool(self.position.pool, self.position.progress)
        # After a resumption, a pool may hold fewer of the samples than it did.
        place = min(self.position.batch, len(groups) - 1)
        batch = collate(groups[place])
        if place + 1 == len(groups):
            self.position = Position(pool=self.position.pool + 1)
        else:
            self.position = replace(self.position, batch=self.position.batch + 1)
        return batch

    def _pool(self, pool: int, progress: float) -> list[list[Sample]]:
        if self._groups is None or self._groups[0] != (pool, progress):
            rng = np.random.default_rng((self._seed, 1, pool))
            samples = [self._draw(step, progress, rng) for step in self._steps(pool)]
            samples = self._select(samples) if self._select is not None else samples
            groups = by_length(samples, self._max_tokens)
            rng.shuffle(groups)
            self._groups = ((pool, progress), groups)
        return self._groups[1]

    def _steps(self, pool: int) -> np.ndarray:
        """Step numbers of a pool: a slice of endlessly repeated, differently shuffled passes over the table."""
        wanted = np.arange(pool * POOL_STEPS, (pool + 1) * POOL_STEPS)
        passes = wanted // len(self._order)
        orders = {
            number: np.random.default_rng((self._seed, 0, int(number))).permutation(self._order) for number in np.unique(passes)
        }
        return np.array([orders[number][index % len(self._order)] for number, index in zip(passes, wanted, strict=True)])

    def _draw(self, step: int, progress: float, rng: np.random.Generator) -> Sample:
        is_short = rng.random() < self._short_share and not self._rare[step]
        limit = int(rng.integers(*FEW_CONTROLS, endpoint=True)) if is_short else control_limit(progress if self._curriculum else 1.0, rng)
        others = rng.permutation(self._table.others_of(step))[: 0 if is_short else self._max_others]
        sample = self._table.sample(step, thin(self._table, step, limit, rng), others)
        while len(sample.ids) > self._max_length:
            if limit == 0:
                raise ValueError(f"step {step} does not fit {self._max_length} tokens even without optional controls")
            limit = min(limit, self._table.num_controls(step)) * 7 // 8
            sample = self._table.sample(step, thin(self._table, step, limit, rng), others)
        room = self._max_length - sample.screen
        return replace(sample, branches=tuple(branch for branch in sample.branches if len(branch.ids) <= room))
