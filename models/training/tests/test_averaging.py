import unittest

import torch

from ..averaging import mean_weights


class MeanWeightsTest(unittest.TestCase):
    def test_each_model_counts_by_its_share_of_the_whole(self) -> None:
        models = [({"a": torch.tensor([1.0, 2.0])}, 1.0), ({"a": torch.tensor([5.0, 2.0])}, 3.0)]
        self.assertEqual(mean_weights(models)["a"].tolist(), [4.0, 2.0])

    def test_models_of_other_parameters_have_no_mean(self) -> None:
        for models in ([], [({"a": torch.zeros(1)}, 1.0), ({"b": torch.zeros(1)}, 1.0)]):
            with self.assertRaises(ValueError):
                mean_weights(models)
