"""Batches of steps: which steps, with how many of their controls, padded how.

Everything random follows from (seed, position), so a run resumes exactly where it stopped.
"""

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from .data import Sample, StepTable

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

    def to(self, device: torch.device) -> "Batch":
        return replace(self, ids=self.ids.to(device), answer=self.answer.to(device), prompt=self.prompt.to(device))


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
    longest = max(len(sample.ids) for sample in samples)
    width = -(-longest // ROUND_TO) * ROUND_TO
    ids = np.zeros((len(samples), width), dtype=np.int64)
    answer = np.zeros((len(samples), width), dtype=bool)
    prompt = np.zeros((len(samples), width), dtype=bool)
    for row, sample in enumerate(samples):
        ids[row, : len(sample.ids)] = sample.ids
        prompt[row, : sample.answer_start - 1] = True
        answer[row, sample.answer_start - 1 : len(sample.ids) - 1] = True
    num_tokens = sum(len(sample.ids) for sample in samples)
    return Batch(torch.from_numpy(ids), torch.from_numpy(answer), torch.from_numpy(prompt), num_tokens)


def by_length(samples: list[Sample], max_tokens: int) -> list[list[Sample]]:
    """Groups of similar length, each of at most `max_tokens` padded tokens (but at least one row)."""
    groups: list[list[Sample]] = []
    for sample in sorted(samples, key=lambda sample: len(sample.ids)):
        padded = -(-len(sample.ids) // ROUND_TO) * ROUND_TO
        if not groups or (len(groups[-1]) + 1) * padded > max_tokens:
            groups.append([])
        groups[-1].append(sample)
    return groups


class BatchStream:
    """An endless, resumable stream of training batches over a table."""

    def __init__(self, table: StepTable, *, max_tokens: int, max_length: int, seed: int) -> None:
        self._table = table
        self._max_tokens = max_tokens
        self._max_length = max_length
        self._seed = seed
        self._groups: tuple[tuple[int, float], list[list[Sample]]] | None = None
        self.position = Position()

    def next(self, progress: float) -> Batch:
        """The next batch. `progress` 0..1 is how far the training is; it takes effect with the next pool."""
        if self.position.batch == 0:
            self.position = replace(self.position, progress=progress)
        groups = self._pool(self.position.pool, self.position.progress)
        batch = collate(groups[self.position.batch])
        if self.position.batch + 1 == len(groups):
            self.position = Position(pool=self.position.pool + 1)
        else:
            self.position = replace(self.position, batch=self.position.batch + 1)
        return batch

    def _pool(self, pool: int, progress: float) -> list[list[Sample]]:
        if self._groups is None or self._groups[0] != (pool, progress):
            rng = np.random.default_rng((self._seed, 1, pool))
            samples = [self._draw(step, progress, rng) for step in self._steps(pool)]
            groups = by_length(samples, self._max_tokens)
            rng.shuffle(groups)
            self._groups = ((pool, progress), groups)
        return self._groups[1]

    def _steps(self, pool: int) -> np.ndarray:
        """Step numbers of a pool: a slice of endlessly repeated, differently shuffled passes over the table."""
        wanted = np.arange(pool * POOL_STEPS, (pool + 1) * POOL_STEPS)
        passes = wanted // len(self._table)
        orders = {
            number: np.random.default_rng((self._seed, 0, int(number))).permutation(len(self._table))
            for number in np.unique(passes)
        }
        return np.array([orders[number][index % len(self._table)] for number, index in zip(passes, wanted, strict=True)])

    def _draw(self, step: int, progress: float, rng: np.random.Generator) -> Sample:
        limit = control_limit(progress, rng)
        sample = self._table.sample(step, thin(self._table, step, limit, rng))
        while len(sample.ids) > self._max_length:
            if limit == 0:
                raise ValueError(f"step {step} does not fit {self._max_length} tokens even without optional controls")
            limit = min(limit, self._table.num_controls(step)) * 7 // 8
            sample = self._table.sample(step, thin(self._table, step, limit, rng))
        return sample
