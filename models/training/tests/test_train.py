import tempfile
import unittest
from dataclasses import replace
from pathlib import Path
from unittest import mock

import numpy as np
import torch

from ..data import encode_steps
from ..evaluate import FIELDS, answer_log_probs, compare, evaluate, fields_of
from ..muon import orthogonalize
from ..tiny import CONFIG as TINY
from ..train import TrainConfig, TrainData, Trainer, learning_rate, rare_steps
from .steps import toy_encoder, toy_steps

MODEL = replace(TINY, vocab_size=340, context_length=128, tied=True)


class MuonTest(unittest.TestCase):
    def test_updates_have_singular_values_near_one(self) -> None:
        torch.manual_seed(0)
        for shape in ((3, 32, 64), (64, 32), (48, 48)):
            values = torch.linalg.svdvals(orthogonalize(torch.randn(shape)))
            self.assertTrue(((values > 0.3) & (values < 1.4)).all())


class EvaluateTest(unittest.TestCase):
    def test_every_token_of_an_answer_belongs_to_a_field(self) -> None:
        encoder = toy_encoder()
        parts = (["=Bold", "<|fn|>"], ["=click"], ["<|arg|>", "=text", "<|eq|>", "=x", "<|st|>"], ["=FINISH", "<|end|>"])
        answer = [token for part in parts for token in encoder.encode(part)]
        expected = [index for index, part in enumerate(parts) for _ in encoder.encode(part)]
        self.assertEqual(fields_of(answer).tolist(), expected)
        for position, index in enumerate(expected):
            wrong = [*answer[:position], 0, *answer[position + 1 :]]
            self.assertEqual([name for name, right in compare(answer, wrong).items() if not right], [FIELDS[index]])


class RareStepsTest(unittest.TestCase):
    def test_a_step_is_rare_by_its_status(self) -> None:
        steps = toy_steps(30)
        for index in (4, 9):
            steps[index]["answer"] = [*steps[index]["answer"][:-2], "=FAIL", "<|end|>"]
        self.assertEqual(np.flatnonzero(rare_steps(encode_steps(steps, toy_encoder()))).tolist(), [4, 9])


class TrainerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        encoder = toy_encoder()
        cls.validation = encode_steps(toy_steps(440)[400:], encoder)
        cls.data = TrainData(encode_steps(toy_steps(400), encoder), cls.validation)

    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        self.enterContext(mock.patch("builtins.print"))

    def trainer(self, name: str, tokens: int) -> Trainer:
        config = TrainConfig(tokens=tokens, batch_tokens=2048, compile=False, validation_steps=20)
        return Trainer(MODEL, config, self.data, self.folder / name)

    def test_it_learns_a_toy_task(self) -> None:
        model = self.trainer("run", 120_000).run()
        report = evaluate(model, self.validation)
        self.assertEqual(report["steps"], 40)
        self.assertEqual(report["greedy_percent"]["status"], 100)
        self.assertGreater(report["greedy_percent"]["object"], 60)
        self.assertGreaterEqual(report["greedy_percent"]["object"], report["teacher_forced_percent"]["object"])

    def test_an_interrupted_run_ends_where_an_uninterrupted_one_does(self) -> None:
        whole = self.trainer("whole", 20_000)
        whole.run()
        first = self.trainer("parts", 20_000)
        for _ in range(4):
            first._step(first.progress.share(first.config))
        first.save()
        second = self.trainer("parts", 20_000)
        second.run()
        self.assertEqual(whole.progress.steps, second.progress.steps)
        for name, weight in whole.model.state_dict().items():
            torch.testing.assert_close(second.model.state_dict()[name], weight)

    def test_what_is_learned_already_is_left_out(self) -> None:
        config = TrainConfig(tokens=60_000, batch_tokens=2048, compile=False, validation_steps=20, learned_share=0.0)
        trainer = Trainer(MODEL, config, self.data, self.folder / "selected")
        samples = [self.data.train.sample(step) for step in range(40)]
        self.assertEqual(trainer._worth_learning(samples), samples)
        with mock.patch("models.training.train.LEARNED", 1e9):
            self.assertEqual(trainer._worth_learning(samples), samples[:1])
        trainer.run()
        losses = [-values.sum() for values in answer_log_probs(trainer.model, samples, max_tokens=2048)]
        with mock.patch("models.training.train.LEARNED", float(np.median(losses))):
            kept = trainer._worth_learning(samples)
        self.assertEqual(kept, [sample for sample, loss in zip(samples, losses, strict=True) if loss > np.median(losses)])

    def test_the_rate_warms_up_stays_and_decays_to_nothing(self) -> None:
        self.assertLess(learning_rate(0.0), 0.1)
        self.assertEqual(learning_rate(0.1), 1)
        self.assertAlmostEqual(learning_rate(1.0), 0)

    def test_another_run_goes_on_from_its_weights(self) -> None:
        first = self.trainer("first", 60_000)
        first.run()
        config = TrainConfig(tokens=20_000, batch_tokens=2048, compile=False, validation_steps=20, rate=0.3, curriculum=False)
        second = Trainer(MODEL, config, self.data, self.folder / "second", initial=first.model.state_dict())
        second.run()
        self.assertAlmostEqual(second.figures["first"]["loss"], first.figures["last"]["loss"], places=5)
        self.assertLess(second.figures["last"]["loss"], second.figures["first"]["loss"])

    def test_a_budget_is_minutes_or_tokens(self) -> None:
        for budget in ({}, {"minutes": 1.0, "tokens": 1}):
            with self.assertRaises(ValueError):
                TrainConfig(**budget)


if __name__ == "__main__":
    unittest.main()
