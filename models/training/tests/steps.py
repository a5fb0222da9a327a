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
        "head": ["<|bos|>", "<|app|>", "=WINWORD.EXE"],
        "controls": [["<|T:Button|>", f"={name}"] for name in names],
        "marks": [[index, ["<|on|>", f"={names[index]}"]] for index in (1, 4)],
        "tail": ["<|task|>", f"=Click {names[target]}", "<|history|>", "<|act|>"],
        "answer": [f"={names[target]}", "<|fn|>", "=click_input", "<|st|>", "=FINISH", "<|end|>"],
        "target": target,
        "needs": [target],
        "accept": [["=Somewhere else"]],
    }


def with_others(step: dict) -> dict:
    """The same with two other tasks at its screen, the second a longer one."""
    names = [control[1][1:] for control in step["controls"]]
    others = [
        {
            "tail": ["<|task|>", f"=Click {opening}{names[index]}", "<|history|>", "<|act|>"],
            "answer": [f"={names[index]}", "<|fn|>", "=click_input", "<|st|>", "=FINISH", "<|end|>"],
            "needs": [index],
        }
        for index, opening in ((0, ""), (5, "the button "))
    ]
    return {**step, "others": others}


def toy_steps(count: int) -> list[dict]:
    return [toy_step(seed) for seed in range(count)]


def toy_encoder() -> SegmentEncoder:
    return SegmentEncoder(train_tokenizer(count_texts(toy_steps(50)), 340))
