"""Good and bad answers for the reward model.

The paper gives 1 to the steps of successful trajectories and -1 to those of failed ones. But most steps of a failed trajectory
are right: a reward model that was told otherwise found bad steps hardly better than by chance (AUC 0.63). So the steps of
failures, and the candidates that a model saw but did not choose, are judged one by one: 1 if the expert would have done the same
in that state, else -1. The expert's own successes come with answers to other tasks, and with the wrong status, as bad ones.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from ..data import read_steps
from .collect import lines
from .explore import explored_steps
from .workspace import Workspace

REWARD_PARITY = 0
"""Of LAM3's episodes, those that the reward model learns from. LAM4 learns in the others too, where it is judged without knowing the
answers by heart."""
SHOWN_STRIDE = 5
"""One of so many of the expert's steps is among the answers."""


def judged_answers(workspace: Workspace) -> Iterator[dict]:
    """Lines of training data with `reward`, and with other answers at the same screen in `others`."""
    for step in explored_steps(workspace, "boost"):
        yield _with_candidates(step)
    for step in explored_steps(workspace, "explore", parity=REWARD_PARITY):
        yield _with_candidates(step)
    random = np.random.default_rng(workspace.settings.seed)
    for index, step in enumerate(read_steps(*lines(workspace, "steps_pass"))):
        if index % SHOWN_STRIDE == 0:
            yield _with_wrong_answers(step, random)


def _with_candidates(step: dict) -> dict:
    others = [
        _answer(step, candidate["answer"], candidate["right"])
        for candidate in step["candidates"]
        if candidate["answer"] != step["answer"]
    ]
    return {**step, "reward": 1 if step["right"] or step["reward"] > 0 else -1, "others": others}


def _with_wrong_answers(step: dict, random: np.random.Generator) -> dict:
    """The step's answer with another status, an answer to another task, and that task with both answers."""
    others = [_answer(step, with_other_status(step["answer"]), False)]
    if step.get("others"):
        other = step["others"][random.integers(len(step["others"]))]
        others.append(_answer(other, other["answer"], True))
        others.append(_answer(other, with_other_status(other["answer"]), False))
        if other["answer"] != step["answer"]:
            others += [_answer(step, other["answer"], False), _answer(other, step["answer"], False)]
    return {**step, "reward": 1, "others": others}


def _answer(task: dict, answer: Sequence[str], is_good: bool) -> dict:
    return {"tail": task["tail"], "answer": answer, "needs": task["needs"], "reward": 1 if is_good else -1}


def with_other_status(answer: Sequence[str]) -> list[str]:
    """CONTINUE in place of any other status, FINISH in place of CONTINUE."""
    place = answer.index("<|st|>") + 1
    return [*answer[:place], "=FINISH" if answer[place] == "=CONTINUE" else "=CONTINUE", *answer[place + 1 :]]
