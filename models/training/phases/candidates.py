"""States in which a model saw more than one thing to do: its candidates as branches of one row."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from ..data import Branch, Sample, prompt_segments
from .workspace import Workspace


def candidate_rows(workspace: Workspace, steps: Iterable[dict], *, min_probability: float = 0.0) -> Iterator[tuple[Sample, list[dict]]]:
    """Of explored steps: a row, and the candidates in its order. Less probable candidates than `min_probability` are left out, and
    with them states that have but one left, or that do not fit the context."""
    encoder, longest = workspace.encoder(), workspace.settings.model.context_length
    for step in steps:
        candidates = [one for one in step["candidates"] if one["probability"] >= min_probability]
        if len(candidates) < 2:
            continue
        prompt = encoder.encode(prompt_segments(step))
        answers = [encoder.encode(one["answer"]) for one in candidates]
        if len(prompt) + max(map(len, answers)) <= longest:
            yield candidates_row(prompt, answers), candidates


def candidates_row(prompt: list[int], answers: list[list[int]]) -> Sample:
    """Several answers to one prompt. They share it but for its last token, which predicts the first of each."""
    first, *others = answers
    branches = tuple(Branch(np.array([prompt[-1], *answer], dtype=np.int16), 1) for answer in others)
    return Sample(np.array([*prompt, *first], dtype=np.int16), len(prompt), screen=len(prompt) - 1, branches=branches)


def by_state(values: np.ndarray, rows: Sequence[Sample]) -> list[np.ndarray]:
    """What was computed for all candidates of `rows`, one after the other, state by state."""
    ends = np.cumsum([1 + len(row.branches) for row in rows], dtype=np.int64)
    return [values[end - 1 - len(row.branches) : end] for row, end in zip(rows, ends, strict=True)]
