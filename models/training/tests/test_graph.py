import unittest

import numpy as np
import torch

from ..export import last_logits
from ..golden import chunked_logits
from ..graph import Kernel, build_graph
from ..model import attend_fused, attend_plainly
from ..quantize import dequantized_model, quantize
from ..served import ServedModel
from ..tiny import CONFIG, random_model

KERNELS: tuple[Kernel, ...] = ("expanded", "int8_activations", "float_activations")


class QuantizeTest(unittest.TestCase):
    def test_rounding_is_within_half_a_step(self) -> None:
        weight = np.random.default_rng(0).normal(size=(6, 64)).astype(np.float32)
        for bits in (4, 8):
            matrix = quantize(weight, bits)
            step = np.repeat(np.abs(matrix.scales), 32, axis=1)
            # The end without the extreme value has one level less, so it may be off by a whole step.
            self.assertTrue((np.abs(matrix.dequantize() - weight) <= step * 1.001).all())

    def test_a_block_of_zeros_stays_zero(self) -> None:
        self.assertTrue((quantize(np.zeros((2, 32), dtype=np.float32), 8).dequantize() == 0).all())


class AttentionTest(unittest.TestCase):
    def test_both_forms_agree_with_and_without_a_past(self) -> None:
        torch.manual_seed(0)
        query, key, value = torch.randn(2, 4, 7, 16), torch.randn(2, 2, 12, 16), torch.randn(2, 2, 12, 16)
        torch.testing.assert_close(attend_plainly(query, key, value), attend_fused(query, key, value))
        key, value = key[:, :, :7], value[:, :, :7]
        torch.testing.assert_close(attend_plainly(query, key, value), attend_fused(query, key, value))


class GraphTest(unittest.TestCase):
    """The exported graph against PyTorch, and against itself under other cuts of the same work."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.model = random_model()
        cls.graphs = {kernel: build_graph(cls.model, kernel=kernel).SerializeToString() for kernel in KERNELS}
        rng = np.random.default_rng(0)
        cls.prompts = [rng.integers(0, CONFIG.vocab_size, length).tolist() for length in (5, 60, 2, 200, 31)]

    def served(self, kernel: Kernel, slots: int = 1) -> ServedModel:
        return ServedModel(self.graphs[kernel], CONFIG, slots=slots)

    def assert_near(self, first: np.ndarray, second: np.ndarray) -> None:
        self.assertLess(float(np.abs(first - second).max()), 1e-4)

    def test_it_computes_what_pytorch_does_with_the_stored_weights(self) -> None:
        for bits, kernel in ((4, "float_activations"), (8, "float_activations"), (8, "expanded")):
            graph = build_graph(self.model, bits=bits, kernel=kernel).SerializeToString()
            stored = dequantized_model(self.model, bits)
            self.assert_near(ServedModel(graph, CONFIG).chunk(self.prompts[1]), last_logits(stored, self.prompts[1]))

    def test_pytorch_in_chunks_is_pytorch_at_once(self) -> None:
        self.assert_near(chunked_logits(self.model, self.prompts[3]), last_logits(self.model, self.prompts[3]))

    def test_chunks_and_single_tokens_are_the_whole(self) -> None:
        prompt = self.prompts[1]
        for kernel in self.graphs:
            whole = self.served(kernel).chunk(prompt)
            for size in (1, 7, 32):
                model = self.served(kernel, slots=3)
                for start in range(0, len(prompt), size):
                    logits = model.chunk(prompt[start : start + size], slot=2, start=start)
                self.assert_near(logits, whole)

    def test_a_batch_of_rows_of_different_lengths_is_each_row_alone(self) -> None:
        for kernel in self.graphs:
            batch = self.served(kernel, slots=8)
            for row, prompt in enumerate(self.prompts):
                batch.chunk(prompt[:-1], slot=row + 1)
            logits = batch.decode([prompt[-1] for prompt in self.prompts], [len(prompt) - 1 for prompt in self.prompts], first_slot=1)
            for row, prompt in enumerate(self.prompts):
                self.assert_near(logits[row], self.served(kernel).chunk(prompt))

    def test_a_row_between_others_that_computes_nothing_can_go_on_later(self) -> None:
        left, middle, right = self.prompts[0], self.prompts[1], self.prompts[4]
        model = self.served("int8_activations", slots=3)
        for slot, part in enumerate((left[:-1], middle[:30], right[:-1])):
            model.chunk(part, slot=slot)
        model.decode([left[-1], 0, right[-1]], [len(left) - 1, 30, len(right) - 1])
        self.assert_near(model.chunk(middle[30:], slot=1, start=30), self.served("int8_activations").chunk(middle))

    def test_what_a_slot_held_before_does_not_matter(self) -> None:
        model = self.served("int8_activations")
        model.chunk(self.prompts[3])
        self.assert_near(model.chunk(self.prompts[1]), self.served("int8_activations").chunk(self.prompts[1]))


if __name__ == "__main__":
    unittest.main()
