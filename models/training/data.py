"""Training steps as token ids, held compactly: JSON Lines -> StepTable -> .npz cache.

A line of the file is one step of an episode: `head`, `controls` (a segment list each), `tail` and `answer`, as segment lists (see
tokenizer.py); `needs`, the indices of controls that must stay when others are dropped; `accept`, other acceptable NAME-parts.
A screen changes little from step to step, so a step is stored as a list of piece numbers, and each distinct piece only once.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .tokenizer import SPECIAL_IDS, SegmentEncoder

CONTROLS = np.array([SPECIAL_IDS["<|controls|>"]], dtype=np.int16)


@dataclass(frozen=True)
class Sample:
    """One step ready for the model."""

    ids: np.ndarray
    """int16 [length]: prompt and answer."""
    answer_start: int
    """Index of the answer's first token in `ids`."""


@dataclass(frozen=True)
class StepTable:
    """n steps over p distinct pieces. Ragged arrays are flat, with offsets one longer than what they index."""

    tokens: np.ndarray
    """int16: the tokens of all pieces, one after the other."""
    token_offsets: np.ndarray
    """int64 [p + 1]."""
    fixed: np.ndarray
    """int32 [n, 3]: the pieces of head, tail and answer."""
    controls: np.ndarray
    """int32: the pieces of all control lists, one after the other."""
    needed: np.ndarray
    """bool, like `controls`: True for a control that must not be dropped."""
    control_offsets: np.ndarray
    """int64 [n + 1]."""
    accepted: np.ndarray
    """int32 [m, 2]: (step, piece of another acceptable NAME-part)."""
    tasks: np.ndarray
    """str [n]: the task each step comes from."""

    def __len__(self) -> int:
        return len(self.fixed)

    def num_controls(self, step: int) -> int:
        return int(self.control_offsets[step + 1] - self.control_offsets[step])

    def required(self, step: int) -> np.ndarray:
        """bool [controls of the step]: which must stay."""
        return self.needed[self.control_offsets[step] : self.control_offsets[step + 1]]

    def piece(self, index: int) -> np.ndarray:
        return self.tokens[self.token_offsets[index] : self.token_offsets[index + 1]]

    def sample(self, step: int, kept: np.ndarray | None = None) -> Sample:
        """The step's tokens with all controls, or with those for which `kept` (bool) is True, in their order."""
        head, tail, answer = self.fixed[step]
        controls = self.controls[self.control_offsets[step] : self.control_offsets[step + 1]]
        if kept is not None:
            controls = controls[kept]
        prompt = [self.piece(head), CONTROLS, *(self.piece(control) for control in controls), self.piece(tail)]
        answer_start = sum(len(part) for part in prompt)
        return Sample(np.concatenate((*prompt, self.piece(answer))), answer_start)

    def acceptable_names(self, step: int) -> list[list[int]]:
        """NAME-parts other than the answer's that would be right too, as token ids."""
        return [self.piece(piece).tolist() for owner, piece in self.accepted if owner == step]

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, **vars(self))

    @classmethod
    def load(cls, path: Path) -> "StepTable":
        with np.load(path) as arrays:
            return cls(**{name: arrays[name] for name in arrays.files})


def read_steps(path: Path) -> Iterator[dict]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


class PieceTable:
    """Gives each distinct segment list a number, in the order in which they come."""

    def __init__(self, encoder: SegmentEncoder) -> None:
        self._encoder = encoder
        self._numbers: dict[tuple[str, ...], int] = {}
        self._tokens: list[int] = []
        self._offsets = [0]

    def number(self, segments: list[str]) -> int:
        key = tuple(segments)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._numbers)
            self._tokens.extend(self._encoder.encode(segments))
            self._offsets.append(len(self._tokens))
        return number

    def arrays(self) -> tuple[np.ndarray, np.ndarray]:
        return np.array(self._tokens, dtype=np.int16), np.array(self._offsets, dtype=np.int64)


def encode_steps(steps: Iterable[dict], encoder: SegmentEncoder) -> StepTable:
    """Tokenizes every piece once."""
    pieces = PieceTable(encoder)
    fixed, controls, needed, control_offsets, accepted, tasks = [], [], [], [0], [], []
    for index, step in enumerate(steps):
        fixed.append([pieces.number(step[part]) for part in ("head", "tail", "answer")])
        start = len(controls)
        controls.extend(pieces.number(control) for control in step["controls"])
        flags = np.zeros(len(controls) - start, dtype=bool)
        flags[step["needs"]] = True
        needed.append(flags)
        control_offsets.append(len(controls))
        accepted.extend((index, pieces.number(name)) for name in step.get("accept", []))
        tasks.append(step["task"])
    tokens, token_offsets = pieces.arrays()
    return StepTable(
        tokens=tokens,
        token_offsets=token_offsets,
        fixed=np.array(fixed, dtype=np.int32).reshape(-1, 3),
        controls=np.array(controls, dtype=np.int32),
        needed=np.concatenate(needed) if needed else np.zeros(0, dtype=bool),
        control_offsets=np.array(control_offsets, dtype=np.int64),
        accepted=np.array(accepted, dtype=np.int32).reshape(-1, 2),
        tasks=np.array(tasks),
    )
