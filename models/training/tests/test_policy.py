import unittest

import numpy as np
import torch

from ..batches import collate
from ..data import Sample
from ..evaluate import answer_log_probs
from ..fixtures_reward import random_reward_model
from ..model import ActionModel
from ..phases.candidates import by_state, candidates_row
from ..phases.policy import CLIP, _weighed, advantages, clipped_surrogate
from ..phases.reward import rewards_of, right_by_weight
from ..tiny import CONFIG

VOCAB = 6


def batch(value: float, *, reference: float):
    """One row: a prompt of two tokens, then an answer of two, each of which had the log-probability `reference`."""
    sample = Sample(np.array([1, 2, 3, 4], dtype=np.int16), 2, value, np.full(2, reference, dtype=np.float32))
    return collate([sample])


def pull(value: float, *, reference: float) -> float:
    """How much a step of gradient descent would raise the logit of the answer's first token (all logits equal)."""
    logits = torch.zeros(2, VOCAB, requires_grad=True)
    clipped_surrogate(logits, batch(value, reference=reference)).backward()
    return -float(logits.grad[0, 3])


class ClippedSurrogateTest(unittest.TestCase):
    uniform = float(-np.log(VOCAB))

    def test_good_answers_become_likelier_and_bad_ones_less_likely(self) -> None:
        self.assertGreater(pull(1.0, reference=self.uniform), 0)
        self.assertLess(pull(-1.0, reference=self.uniform), 0)
        self.assertEqual(pull(0.0, reference=self.uniform), 0)

    def test_nothing_pulls_further_once_the_ratio_has_left_the_clip_range(self) -> None:
        far = np.log(1 + 4 * CLIP)
        self.assertEqual(pull(1.0, reference=self.uniform - far), 0)
        self.assertEqual(pull(-1.0, reference=self.uniform + far), 0)

    def test_it_pulls_back_what_went_the_wrong_way(self) -> None:
        far = np.log(1 + 4 * CLIP)
        self.assertGreater(pull(1.0, reference=self.uniform + far), 0)
        self.assertLess(pull(-1.0, reference=self.uniform - far), 0)


class CandidatesTest(unittest.TestCase):
    prompt = [5, 6, 7, 8]
    answers = [[9, 10], [11, 12, 13], [9, 14]]

    def test_candidates_in_one_row_are_as_probable_as_alone(self) -> None:
        torch.manual_seed(0)
        model = ActionModel(CONFIG).eval()
        for weight in model.parameters():
            torch.nn.init.normal_(weight, std=0.1)
        (together,) = answer_log_probs(model, [candidates_row(self.prompt, self.answers)])
        alone = answer_log_probs(model, [candidates_row(self.prompt, [answer]) for answer in self.answers])
        np.testing.assert_allclose(together, np.concatenate(alone), atol=0.05)

    def test_candidates_in_one_row_are_rewarded_as_alone(self) -> None:
        model = random_reward_model().eval()
        together = rewards_of(model, [candidates_row(self.prompt, self.answers), candidates_row(self.prompt, self.answers[:1])])
        alone = rewards_of(model, [candidates_row(self.prompt, [answer]) for answer in (*self.answers, self.answers[0])])
        np.testing.assert_allclose(together, alone, atol=0.05)

    def test_each_candidate_gets_its_advantage_and_its_own_probabilities(self) -> None:
        reference = np.arange(7, dtype=np.float32)
        batch = collate([_weighed(candidates_row(self.prompt, self.answers), np.array([0.5, -1.0, 0.25]), reference)])
        self.assertEqual(batch.values[batch.answer].tolist(), [0.5, 0.5, -1.0, -1.0, -1.0, 0.25, 0.25])
        self.assertEqual(batch.reference[batch.answer].tolist(), reference.tolist())
        self.assertEqual(batch.ids.roll(-1, dims=1)[batch.answer].tolist(), sum(self.answers, []))


class OrderTest(unittest.TestCase):
    def test_the_weight_of_the_reward_decides_which_candidate_comes_first(self) -> None:
        probabilities = [np.array([0.5, 0.4]), np.array([0.98, 0.01])]
        rewards = [np.array([-2.0, 2.0]), np.array([-2.0, 2.0])]
        right = [np.array([False, True]), np.array([True, False])]
        found = right_by_weight(probabilities, rewards, right)
        self.assertEqual([found["0"], found["0.5"], found["2"]], [50.0, 100.0, 50.0])

    def test_values_come_back_state_by_state(self) -> None:
        rows = [candidates_row([5, 6], [[9]] * count) for count in (3, 1, 2)]
        self.assertEqual([part.tolist() for part in by_state(np.arange(6), rows)], [[0, 1, 2], [3], [4, 5]])
        self.assertEqual(by_state(np.zeros(0), []), [])


class AdvantagesTest(unittest.TestCase):
    def test_they_are_nothing_on_average_over_what_the_policy_does(self) -> None:
        probabilities = np.array([0.6, 0.3])
        values = advantages(np.array([0.2, 0.8]), probabilities)
        self.assertAlmostEqual(float((values * probabilities).sum()), 0)
        self.assertLess(values[0], 0)
        self.assertGreater(values[1], 0)


if __name__ == "__main__":
    unittest.main()
