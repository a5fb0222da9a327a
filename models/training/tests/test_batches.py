import tempfile
import unittest
from pathlib import Path

import numpy as np

from ..batches import BatchStream, control_limit, thin
from ..data import StepTable, encode_steps
from .steps import toy_encoder, toy_steps


class BatchesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.encoder = toy_encoder()
        cls.steps = toy_steps(60)
        cls.table = encode_steps(cls.steps, cls.encoder)

    def test_a_step_is_head_controls_tail_answer(self) -> None:
        step = self.steps[3]
        prompt = [*step["head"], "<|controls|>", *(part for control in step["controls"] for part in control), *step["tail"]]
        sample = self.table.sample(3)
        self.assertEqual(sample.ids[: sample.answer_start].tolist(), self.encoder.encode(prompt))
        self.assertEqual(sample.ids[sample.answer_start :].tolist(), self.encoder.encode(step["answer"]))

    def test_a_table_survives_its_file(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            self.table.save(Path(folder) / "table.npz")
            loaded = StepTable.load(Path(folder) / "table.npz")
        for name, array in vars(self.table).items():
            np.testing.assert_array_equal(getattr(loaded, name), array)

    def test_dropping_keeps_needed_controls_and_the_limit(self) -> None:
        rng = np.random.default_rng(0)
        for step in range(len(self.table)):
            kept = thin(self.table, step, 3, rng)
            self.assertEqual(kept.sum(), 3)
            self.assertTrue(kept[self.table.required(step)].all())

    def test_dropping_keeps_the_order(self) -> None:
        kept = np.array([True, False, True, False, True, False, False, True])
        names = [control[1][1:] for control, keep in zip(self.steps[0]["controls"], kept, strict=True) if keep]
        text = self.encoder.decode(self.table.sample(0, kept).ids)
        places = [text.index(f"<|T:Button|>{name}") for name in names]
        self.assertEqual(places, sorted(places))

    def test_lists_grow_from_few_controls_to_all(self) -> None:
        rng = np.random.default_rng(0)
        self.assertTrue(all(8 <= control_limit(0.0, rng) <= 25 for _ in range(50)))
        self.assertTrue(all(control_limit(1.0, rng) >= 512 for _ in range(50)))

    def test_masks_mark_the_positions_that_predict_the_answer(self) -> None:
        stream = BatchStream(self.table, max_tokens=512, max_length=256, seed=1)
        batch = stream.next(1.0)
        following = batch.ids.roll(-1, dims=1)
        first = following[0][batch.answer[0]].tolist()
        self.assertEqual(self.encoder.decode(first).split("<|st|>")[1], "FINISH<|end|>")
        self.assertFalse((batch.answer & batch.prompt).any())

    def test_a_stream_resumes_where_another_stopped(self) -> None:
        def stream() -> BatchStream:
            return BatchStream(self.table, max_tokens=512, max_length=256, seed=1)

        first, second = stream(), stream()
        for index in range(70):
            first.next(index / 100)
        second.position = first.position
        for index in range(70, 140):
            self.assertTrue(first.next(index / 140).ids.equal(second.next(index / 140).ids))

    def test_an_impossible_step_is_an_error(self) -> None:
        with self.assertRaisesRegex(ValueError, "does not fit"):
            BatchStream(self.table, max_tokens=512, max_length=10, seed=1).next(0.0)


if __name__ == "__main__":
    unittest.main()
