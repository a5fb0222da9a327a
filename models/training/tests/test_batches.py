import tempfile
import unittest
from pathlib import Path
from unittest import mock

import numpy as np
import torch
from torch.nn import functional as F

from ..batches import BatchStream, collate, control_limit, thin
from ..data import StepTable, encode_steps, prompt_segments
from ..model import ActionModel, ModelConfig
from ..train import OWN_WEIGHT, batch_loss
from .steps import toy_encoder, toy_steps, with_others


class BatchesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.encoder = toy_encoder()
        cls.steps = toy_steps(60)
        cls.table = encode_steps(cls.steps, cls.encoder)

    def test_a_step_is_head_controls_marks_tail_answer(self) -> None:
        step = self.steps[3]
        prompt = prompt_segments(step)
        self.assertEqual(prompt[-4 - 4 : -4], ["<|on|>", step["controls"][1][1], "<|on|>", step["controls"][4][1]])
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

    def test_a_mark_goes_with_its_control(self) -> None:
        kept = np.array([True, True, True, True, False, True, True, True])
        text = self.encoder.decode(self.table.sample(0, kept).ids)
        names = [control[1][1:] for control in self.steps[0]["controls"]]
        self.assertIn(f"<|on|>{names[1]}<|task|>", text)
        self.assertNotIn(f"<|on|>{names[4]}", text)

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

    def test_tasks_that_share_a_screen_are_computed_as_if_alone(self) -> None:
        table = encode_steps([with_others(step) for step in self.steps[:4]], self.encoder)
        torch.manual_seed(0)
        config = ModelConfig(vocab_size=self.encoder.vocab_size, context_length=256, num_layers=2, hidden_size=64, head_dim=16)
        model = ActionModel(config).eval()
        for weight in model.parameters():
            torch.nn.init.normal_(weight, std=0.1)
        samples = [table.sample(step, None, table.others_of(step)) for step in range(4)]
        batch = collate(samples)
        with torch.inference_mode():
            together = model(batch.ids, None, batch.branches)
            for row, sample in enumerate(samples):
                start = len(sample.ids)
                parts = [(sample.ids, together[row, :start])]
                for branch in sample.branches:
                    screen, own = sample.ids[: sample.screen], together[row, start : start + len(branch.ids)]
                    parts.append((np.concatenate((screen, branch.ids)), torch.cat((together[row, : sample.screen], own))))
                    start += len(branch.ids)
                for ids, hidden in parts:
                    alone = model(torch.from_numpy(ids.astype(np.int64))[None])[0]
                    torch.testing.assert_close(hidden, alone, rtol=0, atol=1e-4)

    def test_all_answers_of_a_row_are_learned(self) -> None:
        step = with_others(self.steps[1])
        table = encode_steps([step], self.encoder)
        batch = collate([table.sample(0, None, table.others_of(0))])
        learned = batch.ids.roll(-1, dims=1)[batch.answer].tolist()
        answers = [step["answer"], *(other["answer"] for other in step["others"])]
        self.assertEqual(learned, [token for answer in answers for token in self.encoder.encode(answer)])

    def test_a_steps_own_answer_counts_more_than_those_of_its_branches(self) -> None:
        table = encode_steps([with_others(self.steps[1])], self.encoder)
        sample = table.sample(0, None, table.others_of(0))
        batch = collate([sample])
        torch.manual_seed(0)
        model = ActionModel(ModelConfig(vocab_size=self.encoder.vocab_size, context_length=256, num_layers=1, hidden_size=64, head_dim=16))
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
            logits = model.logits(model(batch.ids, None, batch.branches)[batch.answer])
            losses = F.cross_entropy(logits.float(), batch.ids.roll(-1, dims=1)[batch.answer], reduction="none")
            loss = batch_loss(model, model, batch, torch.Generator().manual_seed(1))
        num_own = len(sample.ids) - sample.answer_start
        total = OWN_WEIGHT * losses[:num_own].sum() + losses[num_own:].sum()
        expected = total / (OWN_WEIGHT * num_own + len(losses) - num_own)
        torch.testing.assert_close(loss.answer, expected, rtol=1e-3, atol=1e-3)
        self.assertGreater(abs(float(expected - losses.mean())), 2e-3)

    def test_short_rows_hold_few_controls_and_one_task(self) -> None:
        table = encode_steps([with_others(step) for step in self.steps], self.encoder)
        with mock.patch("models.training.batches.FEW_CONTROLS", (3, 4)):
            short = BatchStream(table, max_tokens=2048, max_length=256, seed=1, max_others=2, short_share=1.0).next(1.0)
            mixed = BatchStream(table, max_tokens=2048, max_length=256, seed=1, max_others=2, short_share=0.5)
            rows = [batch.ends.numel() / len(batch.ids) for batch in (mixed.next(1.0) for _ in range(12))]
        self.assertIsNone(short.branches)
        buttons = [self.encoder.decode(row.tolist()).count("<|T:Button|>") for row in short.ids]
        self.assertTrue(all(count <= 4 for count in buttons), buttons)
        self.assertGreater(max(rows), min(rows))

    def test_rare_steps_come_as_often_as_asked_for(self) -> None:
        rare = np.arange(len(self.table)) == 7
        stream = BatchStream(self.table, max_tokens=512, max_length=256, seed=1, rare=rare, rare_repeats=3)
        self.assertEqual(np.bincount(stream._steps(0)[: len(rare) + 2]).tolist(), [3 if is_rare else 1 for is_rare in rare])

    def test_what_is_rare_never_comes_with_a_short_list(self) -> None:
        rare = np.ones(len(self.table), dtype=bool)
        with mock.patch("models.training.batches.FEW_CONTROLS", (3, 4)):
            stream = BatchStream(self.table, max_tokens=2048, max_length=256, seed=1, short_share=1.0, curriculum=False, rare=rare)
            batch = stream.next(1.0)
        buttons = [self.encoder.decode(row.tolist()).count("<|T:Button|>") for row in batch.ids]
        self.assertTrue(all(count > 4 for count in buttons), buttons)

    def test_the_ends_of_all_tasks_of_a_row_carry_their_rewards(self) -> None:
        step = with_others(self.steps[1])
        step["others"][1]["reward"] = -1
        table = encode_steps([step, {**self.steps[2], "reward": -1}], self.encoder)
        batch = collate([table.sample(0, None, table.others_of(0)), table.sample(1)])
        last = batch.ids.flatten()[batch.ends].tolist()
        self.assertEqual(self.encoder.decode(last), "<|end|>" * 4)
        self.assertEqual(batch.rewards.tolist(), [1, 1, -1, -1])

    def test_what_any_task_of_a_row_needs_stays(self) -> None:
        table = encode_steps([with_others(step) for step in self.steps[:4]], self.encoder)
        for step in range(4):
            self.assertTrue(table.required(step)[[0, 5]].all())


if __name__ == "__main__":
    unittest.main()
