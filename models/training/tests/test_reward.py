import unittest

import numpy as np
import torch

from ..export_reward import RewardGraphWriter, ServedRewardModel, dequantized_reward_model, rewards
from ..fixtures_reward import random_reward_model
from ..tiny import CONFIG


class RewardGraphTest(unittest.TestCase):
    """The exported graph against PyTorch, and against itself in other batches."""

    @classmethod
    def setUpClass(cls) -> None:
        torch.manual_seed(0)
        cls.model = random_reward_model()
        graph = RewardGraphWriter(cls.model, bits=8, kernel="expanded").write()
        cls.served = ServedRewardModel(graph.SerializeToString())
        rng = np.random.default_rng(0)
        cls.rows = [rng.integers(0, CONFIG.vocab_size, length).tolist() for length in (5, 60, 1, 200, 31, 256)]
        cls.alone = np.concatenate([cls.served.rewards([row]) for row in cls.rows])

    def test_it_computes_what_pytorch_does_with_the_stored_weights(self) -> None:
        expected = rewards(dequantized_reward_model(self.model, 8), self.rows)
        self.assertLess(float(np.abs(self.alone - expected).max()), 1e-4)

    def test_a_reward_depends_on_neither_the_batch_nor_the_padding(self) -> None:
        for padding in (0, 17):
            batched = self.served.rewards(self.rows, padding=padding)
            self.assertLess(float(np.abs(batched - self.alone).max()), 1e-5)

    def test_pytorch_reads_each_row_at_its_last_token(self) -> None:
        ids = torch.zeros(len(self.rows), 256, dtype=torch.long)
        for index, row in enumerate(self.rows):
            ids[index, : len(row)] = torch.tensor(row)
        with torch.no_grad():
            batched = self.model(ids, torch.tensor([len(row) for row in self.rows])).numpy()
        self.assertLess(float(np.abs(batched - rewards(self.model, self.rows)).max()), 1e-4)


if __name__ == "__main__":
    unittest.main()
