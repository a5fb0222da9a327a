import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

from ..export import export_folder, last_logits
from ..folder import ModelCard
from ..full_precision import config_of, write_all
from ..served import ServedModel
from ..tiny import CONFIG, random_model

TOKENIZER = Path("test/fixtures/models/tiny/1")
PROMPT = list(range(5, 60))


class FullPrecisionTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.work = Path(folder.name) / "work"
        self.model = random_model()
        self.served = self.work / "served" / "lam2" / "lam-word" / "2"
        export_folder(self.model, self.served, ModelCard("lam-word", "2"), tokenizer=TOKENIZER, prompts=[PROMPT])
        (self.work / "lam2").mkdir()
        torch.save({"model": self.model.state_dict()}, self.work / "lam2" / "checkpoint.pt")

    def test_the_graph_computes_with_the_weights_of_the_checkpoint(self) -> None:
        [folder] = write_all(self.work, self.work / "exact")
        exact = ServedModel(folder / "model.onnx", CONFIG).prompt(PROMPT)
        served = ServedModel(self.served / "model.onnx", CONFIG).prompt(PROMPT)
        wanted = last_logits(self.model, PROMPT)
        self.assertLess(float(np.abs(exact - wanted).max()), 1e-3)
        self.assertGreater(float(np.abs(served - wanted).max()), float(np.abs(exact - wanted).max()))

    def test_the_folder_has_no_graph_for_prompts_and_says_what_it_has(self) -> None:
        [folder] = write_all(self.work, self.work / "exact")
        lam = json.loads((folder / "lam.json").read_text())
        self.assertNotIn("prefill", lam)
        self.assertEqual({path.name for path in folder.iterdir()} - {"lam.json"}, set(lam["files"]))
        self.assertTrue((self.served / "prefill.onnx").exists())

    def test_phases_that_a_training_has_not_come_to_are_left_out(self) -> None:
        folders = write_all(self.work, self.work / "exact")
        self.assertEqual([folder.relative_to(self.work).as_posix() for folder in folders], ["exact/lam-word/2"])

    def test_the_sizes_are_read_from_the_folder_and_the_checkpoint(self) -> None:
        self.assertEqual(config_of(self.served, self.model.state_dict()), CONFIG)


if __name__ == "__main__":
    unittest.main()
