import unittest

from ..tokenizer import SPECIAL_TOKENS
from .steps import toy_encoder


class TokenizerTest(unittest.TestCase):
    def setUp(self) -> None:
        self.encoder = toy_encoder()

    def test_special_tokens_have_the_first_ids_in_order(self) -> None:
        self.assertEqual(self.encoder.encode(SPECIAL_TOKENS), list(range(len(SPECIAL_TOKENS))))

    def test_text_that_looks_like_a_special_token_stays_text(self) -> None:
        ids = self.encoder.encode(["=<|end|>"])
        self.assertTrue(all(token >= len(SPECIAL_TOKENS) for token in ids))
        self.assertEqual(self.encoder.decode(ids), "<|end|>")

    def test_any_text_survives_a_round_trip(self) -> None:
        for text in ("Bold", "  two  spaces ", "naïve café № 12", "tab\tline\n", "日本語 😀", "{VK_CONTROL}a", "it's 3.14%"):
            self.assertEqual(self.encoder.decode(self.encoder.encode([f"={text}"])), text)

    def test_a_segment_is_encoded_alone(self) -> None:
        together = self.encoder.encode(["=Font", "= Size"])
        self.assertEqual(together, self.encoder.encode(["=Font"]) + self.encoder.encode(["= Size"]))

    def test_digits_are_single_tokens(self) -> None:
        self.assertEqual(len(self.encoder.encode(["=2024"])), 4)

    def test_an_unknown_special_token_is_an_error(self) -> None:
        with self.assertRaises(KeyError):
            self.encoder.encode(["<|nonsense|>"])


if __name__ == "__main__":
    unittest.main()
