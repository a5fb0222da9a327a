import json
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path

import torch

from ..export import export_folder
from ..folder import ModelCard
from ..quantize import dequantized_model
from ..shipped import load_weights, training_of
from ..tiny import CONFIG, random_model

TOKENIZER = Path("test/fixtures/models/tiny/1")
PROMPT = list(range(5, 60))


class ShippedTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name) / "lam-word" / "2"
        self.model = random_model()
        card = ModelCard("lam-word", "2", provenance={"training": {"tokens": 7}})
        export_folder(self.model, self.folder, card, tokenizer=TOKENIZER, prompts=[PROMPT])

    def test_the_weights_of_a_folder_are_those_that_it_computes_with(self) -> None:
        weights = load_weights(self.folder, CONFIG)
        stored = dequantized_model(self.model, 8).state_dict()
        self.assertEqual(weights.keys(), stored.keys())
        for name, weight in weights.items():
            torch.testing.assert_close(weight, stored[name])

    def test_a_folder_of_other_sizes_is_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "other sizes"):
            load_weights(self.folder, replace(CONFIG, ffn_size=2 * CONFIG.ffn_size))

    def test_a_graph_that_lacks_what_is_looked_for_is_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "not written by this package"):
            load_weights(self.folder, replace(CONFIG, num_layers=CONFIG.num_layers + 1))

    def test_what_is_known_of_the_training_is_passed_on(self) -> None:
        self.assertEqual(training_of(self.folder), {"tokens": 7})
        self.assertEqual(json.loads((self.folder / "lam.json").read_text())["version"], "2")


if __name__ == "__main__":
    unittest.main()
