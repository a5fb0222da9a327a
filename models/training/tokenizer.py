"""The compact dialect's tokenizer: training it, writing it, and encoding segments with it.

A prompt is a list of SEGMENTS. In data files a segment is a string: a special token is written as is (`<|task|>`), a text
is prefixed by `=` (`=Bold`). Each text is tokenized alone, so no token crosses a segment border, and a user's text that
looks like a special token never becomes one.
"""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

CONTROL_TYPES = (
    "Button", "Edit", "TabItem", "Document", "ListItem", "MenuItem", "ScrollBar", "TreeItem", "Hyperlink", "ComboBox",
    "RadioButton", "Spinner", "CheckBox", "Group", "Text", "DataItem", "Window", "Pane", "SplitButton", "Slider", "Custom",
)  # fmt: skip

SPECIAL_TOKENS = (
    *(f"<|{name}|>" for name in (
        "pad", "bos", "end", "task", "app", "controls", "plan", "history", "act", "window", "nth", "fn", "arg", "eq", "st",
        "ok", "failed", "on", "off",
    )),
    *(f"<|T:{name}|>" for name in CONTROL_TYPES),
)  # fmt: skip
"""All special tokens in the order of their ids, from 0."""

SPECIAL_IDS = {token: index for index, token in enumerate(SPECIAL_TOKENS)}

PRE_TOKENIZER = r" ?[\p{L}_]+|\p{N}| ?[^\s\p{L}\p{N}_]+|\s+"
"""Words with their leading space, digits one by one, runs of punctuation, runs of white space."""


def train_tokenizer(texts: Counter[str], vocab_size: int) -> Tokenizer:
    """Byte-level BPE over `texts` (text -> how often it occurs): special tokens, then 256 bytes, then merges.

    Counts enter by the power of 3/4. Control names recur in every step; taken as they are, they would leave too few merges
    for the words of tasks and documents, each of which is rare.
    """
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(PRE_TOKENIZER), behavior="isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        special_tokens=list(SPECIAL_TOKENS),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    corpus = (text for text in sorted(texts) for _ in range(round(texts[text] ** 0.75)))
    tokenizer.train_from_iterator(corpus, trainer)
    return tokenizer


def count_texts(steps: Iterable[dict]) -> Counter[str]:
    """Counts the text segments of training steps (see data.py for their form)."""
    counts: Counter[str] = Counter()
    for step in steps:
        for segments in (step["head"], step["tail"], step["answer"], *step.get("controls", [])):
            counts.update(segment[1:] for segment in segments if segment.startswith("="))
    return counts


def save_tokenizer(tokenizer: Tokenizer, folder: Path, context_length: int) -> None:
    """Writes tokenizer.json and the tokenizer_config.json that transformers and onnxruntime-genai look for."""
    tokenizer.encode_special_tokens = False
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": context_length,
        "bos_token": "<|bos|>",
        "eos_token": "<|end|>",
        "pad_token": "<|pad|>",
        "add_bos_token": False,
        "add_prefix_space": False,
        "clean_up_tokenization_spaces": False,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n")


class SegmentEncoder:
    """Segments -> token ids. Remembers every text it has seen: a desktop says the same few thousand texts all the time."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        # NOTE: without this, `<|end|>` typed by a user would become the special token.
        tokenizer.encode_special_tokens = True
        self._tokenizer = tokenizer
        self._ids: dict[str, list[int]] = {token: [index] for token, index in SPECIAL_IDS.items()}
        self.vocab_size: int = tokenizer.get_vocab_size()

    @classmethod
    def load(cls, folder: Path) -> "SegmentEncoder":
        return cls(Tokenizer.from_file(str(folder / "tokenizer.json")))

    def encode(self, segments: Iterable[str]) -> list[int]:
        """Token ids of a segment list. Raises KeyError for a special token that does not exist."""
        ids: list[int] = []
        for segment in segments:
            known = self._ids.get(segment)
            if known is None:
                known = self._encode_text(segment)
            ids.extend(known)
        return ids

    def _encode_text(self, segment: str) -> list[int]:
        if not segment.startswith("="):
            raise KeyError(f"unknown special token {segment!r}")
        ids = self._tokenizer.encode(segment[1:], add_special_tokens=False).ids
        self._ids[segment] = ids
        return ids

    def decode(self, ids: Iterable[int]) -> str:
        """Readable text of token ids, special tokens included."""
        return self._tokenizer.decode(list(ids), skip_special_tokens=False)
