"""Training steps as token ids, held compactly: JSON Lines -> StepTable -> .npz cache.

A line of the file is one step of an episode: `head`, `controls` (a segment list each), `tail` and `answer`, as segment lists (see
tokenizer.py); `marks`, pairs of a control's index and a segment list that stands behind all controls as long as the control is in
the list; `needs`, the indices of controls that must stay when others are dropped; `accept`, other acceptable NAME-parts;
`reward`, 1 or -1 for good and bad answers; `others`, other tasks or answers at the same screen, with `tail`, `answer`, `needs` and
`reward` of their own. A plan has no `controls`, and only `head`, `tail`, `answer`.
A screen changes little from step to step, so a step is stored as a list of piece numbers, and each distinct piece only once.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .tokenizer import SegmentEncoder

NO_MARK = -1


@dataclass(frozen=True)
class Branch:
    """Another task at the screen of a sample."""

    ids: np.ndarray
    """int16 [length]: the rest of the prompt, and the answer."""
    answer_start: int
    """Index of the answer's first token in `ids`."""
    value: float = 1.0
    reference: np.ndarray | None = None
    """As of a sample, both."""


@dataclass(frozen=True)
class Sample:
    """One step ready for the model."""

    ids: np.ndarray
    """int16 [length]: prompt and answer."""
    answer_start: int
    """Index of the answer's first token in `ids`."""
    value: float = 1.0
    """What the answer is worth: a reward or an advantage."""
    reference: np.ndarray | None = None
    """float32 [answer length]: natural logs of the probabilities that a reference model gave the answer's tokens."""
    screen: int = 0
    """How many tokens of the prompt the branches share."""
    branches: tuple[Branch, ...] = ()

    @property
    def length(self) -> int:
        """Tokens in all."""
        return len(self.ids) + sum(len(branch.ids) for branch in self.branches)


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
    marks: np.ndarray
    """int32, like `controls`: the piece that says that a control is on or off, or NO_MARK."""
    control_offsets: np.ndarray
    """int64 [n + 1]."""
    accepted: np.ndarray
    """int32 [m, 2]: (step, piece of another acceptable NAME-part)."""
    tasks: np.ndarray
    """str [n]: the task each step comes from."""
    episodes: np.ndarray
    """int64 [n]: the episode each step comes from; -1 where that is not known."""
    rewards: np.ndarray
    """float32 [n]: 1 or -1."""
    others: np.ndarray
    """int32 [o, 3]: the pieces of tail and answer of other tasks at the screens, and their rewards."""
    other_offsets: np.ndarray
    """int64 [n + 1]."""

    def __len__(self) -> int:
        return len(self.fixed)

    def num_controls(self, step: int) -> int:
        return int(self.control_offsets[step + 1] - self.control_offsets[step])

    def required(self, step: int) -> np.ndarray:
        """bool [controls of the step]: which must stay."""
        return self.needed[self.control_offsets[step] : self.control_offsets[step + 1]]

    def piece(self, index: int) -> np.ndarray:
        return self.tokens[self.token_offsets[index] : self.token_offsets[index + 1]]

    def others_of(self, step: int) -> np.ndarray:
        """int32 [others of the step, 3]."""
        return self.others[self.other_offsets[step] : self.other_offsets[step + 1]]

    def sample(self, step: int, kept: np.ndarray | None = None, others: np.ndarray | None = None) -> Sample:
        """The step's tokens with all controls, or with those for which `kept` (bool) is True, in their order.

        `others`: rows of `others_of(step)` that become branches.
        """
        head, tail, answer = self.fixed[step]
        own = slice(self.control_offsets[step], self.control_offsets[step + 1])
        controls, marks = self.controls[own], self.marks[own]
        if kept is not None:
            controls, marks = controls[kept], marks[kept]
        screen = [self.piece(piece) for piece in (head, *controls, *marks[marks != NO_MARK])]
        ids = np.concatenate((*screen, self.piece(tail), self.piece(answer)))
        branches = tuple(self._branch(*other) for other in others) if others is not None else ()
        num_screen = sum(len(part) for part in screen)
        return Sample(
            ids, len(ids) - len(self.piece(answer)), float(self.rewards[step]), screen=num_screen, branches=branches
        )

    def _branch(self, tail: int, answer: int, reward: int) -> Branch:
        return Branch(np.concatenate((self.piece(tail), self.piece(answer))), len(self.piece(tail)), float(reward))

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


def prompt_segments(step: dict) -> list[str]:
    """The prompt of a line, with all its controls."""
    if "controls" not in step:
        return [*step["head"], *step["tail"]]
    controls = [part for control in step["controls"] for part in control]
    marks = [part for _, segments in step["marks"] for part in segments]
    return [*step["head"], "<|controls|>", *controls, *marks, *step["tail"]]


def read_steps(*paths: Path) -> Iterator[dict]:
    """The lines of one file after the other."""
    for path in paths:
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
    fixed, controls, needed, all_marks, control_offsets, accepted = [], [], [], [], [0], []
    tasks, episodes, rewards, others, other_offsets = [], [], [], [], [0]
    for index, step in enumerate(steps):
        head = [*step["head"], "<|controls|>"] if "controls" in step else step["head"]
        fixed.append([pieces.number(segments) for segments in (head, step["tail"], step["answer"])])
        start = len(controls)
        controls.extend(pieces.number(control) for control in step.get("controls", []))
        flags = np.zeros(len(controls) - start, dtype=bool)
        flags[step.get("needs", [])] = True
        marks = np.full(len(flags), NO_MARK, dtype=np.int32)
        for control, segments in step.get("marks", []):
            marks[control] = pieces.number(segments)
        all_marks.append(marks)
        for other in step.get("others", []):
            others.append([pieces.number(other["tail"]), pieces.number(other["answer"]), other.get("reward", 1)])
            flags[other["needs"]] = True
        other_offsets.append(len(others))
        needed.append(flags)
        control_offsets.append(len(controls))
        accepted.extend((index, pieces.number(name)) for name in step.get("accept", []))
        tasks.append(step["task"])
        episodes.append(step.get("episode", -1))
        rewards.append(step.get("reward", 1))
    tokens, token_offsets = pieces.arrays()
    return StepTable(
        tokens=tokens,
        token_offsets=token_offsets,
        fixed=np.array(fixed, dtype=np.int32).reshape(-1, 3),
        controls=np.array(controls, dtype=np.int32),
        needed=np.concatenate(needed) if needed else np.zeros(0, dtype=bool),
        marks=np.concatenate(all_marks) if all_marks else np.zeros(0, dtype=np.int32),
        control_offsets=np.array(control_offsets, dtype=np.int64),
        accepted=np.array(accepted, dtype=np.int32).reshape(-1, 2),
        tasks=np.array(tasks),
        episodes=np.array(episodes, dtype=np.int64),
        rewards=np.array(rewards, dtype=np.float32),
        others=np.array(others, dtype=np.int32).reshape(-1, 3),
        other_offsets=np.array(other_offsets, dtype=np.int64),
    )
