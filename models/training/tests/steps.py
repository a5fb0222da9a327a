"""A toy task in the format of the training data: click the control that the task names."""

import random

from ..tokenizer import SegmentEncoder, count_texts, train_tokenizer

NAMES = ("Bold", "Italic", "Underline", "Font", "Font Size", "Home", "Insert", "Table", "Header", "Footer", "Find", "Replace")


def toy_step(seed: int) -> dict:
    rng = random.Random(seed)
    names = rng.sample(NAMES, 8)
    target = rng.randrange(len(names))
    return {
        "task": "click",
        "head": ["<|bos|>", "<|task|>", f"=Click {names[target]}", "<|app|>", "=WINWORD.EXE"],
        "controls": [["<|T:Button|>", f"={name}"] for name in names],
        "tail": ["<|history|>", "<|act|>"],
        "answer": [f"={names[target]}", "<|fn|>", "=click_input", "<|st|>", "=FINISH", "<|end|>"],
        "target": target,
        "needs": [target],
        "accept": [["=Somewhere else"]],
    }


def toy_steps(count: int) -> list[dict]:
    return [toy_step(seed) for seed in range(count)]


def toy_encoder() -> SegmentEncoder:
    return SegmentEncoder(train_tokenizer(count_texts(toy_steps(50)), 340))
