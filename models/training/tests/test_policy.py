import unittest

import numpy as np
import torch

from ..batches import collate
from ..data import Sample
from ..phases.lam4 import CLIP, advantages, clipped_surrogate

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
        far = np.log(1 + 2 * CLIP)
        self.assertEqual(pull(1.0, reference=self.uniform - far), 0)
        self.assertEqual(pull(-1.0, reference=self.uniform + far), 0)

    def test_it_pulls_back_what_went_the_wrong_way(self) -> None:
        far = np.log(1 + 2 * CLIP)
        self.assertGreater(pull(1.0, reference=self.uniform + far), 0)
        self.assertLess(pull(-1.0, reference=self.uniform - far), 0)


class AdvantagesTest(unittest.TestCase):
    def test_they_are_nothing_on_average_over_what_the_policy_does(self) -> None:
        probabilities = np.array([0.6, 0.3])
        values = advantages(np.array([0.2, 0.8]), probabilities)
        self.assertAlmostEqual(float((values * probabilities).sum()), 0)
        self.assertLess(values[0], 0)
        self.assertGreater(values[1], 0)


if __name__ == "__main__":
    unittest.main()
