import unittest
from unittest import mock

import numpy as np

from ..phases import answers
from .steps import toy_step, with_others

END = ["<|fn|>", "=click_input", "<|st|>", "=FINISH", "<|end|>"]


def explored(*, right: bool, reward: int) -> dict:
    step = toy_step(1)
    proposed = [step["answer"], ["=Bold", *END], ["=Italic", *END]]
    candidates = [{"answer": answer, "probability": 0.3, "right": index == 1} for index, answer in enumerate(proposed)]
    return {**step, "right": right, "reward": reward, "candidates": candidates}


class AnswersTest(unittest.TestCase):
    def test_a_step_of_a_failure_is_good_if_the_expert_would_have_done_it(self) -> None:
        for right, reward, expected in ((True, -1, 1), (False, -1, -1), (False, 1, 1)):
            self.assertEqual(answers._with_candidates(explored(right=right, reward=reward))["reward"], expected)

    def test_candidates_that_were_not_chosen_are_judged_by_the_oracle(self) -> None:
        line = answers._with_candidates(explored(right=False, reward=-1))
        self.assertEqual([(other["answer"][0], other["reward"]) for other in line["others"]], [("=Bold", 1), ("=Italic", -1)])

    def test_an_answer_is_bad_for_another_task_and_with_another_status(self) -> None:
        step = with_others(toy_step(1))
        answered = {"".join(task["tail"]): task["answer"] for task in (step, *step["others"])}
        for seed in range(5):
            line = answers._with_wrong_answers(step, np.random.default_rng(seed))
            self.assertEqual(line["reward"], 1)
            self.assertTrue(any(other["reward"] < 0 for other in line["others"]))
            for other in line["others"]:
                self.assertEqual(other["reward"] > 0, answered["".join(other["tail"])] == other["answer"])

    def test_the_other_status_of_any_is_another_one(self) -> None:
        for status, other in (("CONTINUE", "FINISH"), ("FINISH", "CONTINUE"), ("FAIL", "CONTINUE"), ("CONFIRM", "CONTINUE")):
            answer = ["=Bold", "<|fn|>", "<|st|>", f"={status}", "<|end|>"]
            self.assertEqual(answers.with_other_status(answer), [*answer[:3], f"={other}", "<|end|>"])

    def test_the_answers_for_the_policy_are_kept_apart(self) -> None:
        parities = []
        steps = lambda _, name, *, parity=None: parities.append((name, parity)) or iter(())  # noqa: E731
        with mock.patch.object(answers, "explored_steps", steps), mock.patch.object(answers, "lines", lambda *_: []):
            list(answers.judged_answers(mock.Mock(settings=mock.Mock(seed=1))))
        self.assertEqual(parities, [("boost", None), ("explore", answers.REWARD_PARITY)])


if __name__ == "__main__":
    unittest.main()
