"""Makes test/fixtures/models/tiny/1: a model folder like the shipped one, with random weights and of some 250 KB.

    python -m models.training.tiny
"""

import random
from collections import Counter
from pathlib import Path

import torch
from torch import nn

from .export import export_folder
from .folder import ModelCard
from .golden import golden, write_golden
from .model import ActionModel, ModelConfig
from .tokenizer import SegmentEncoder, save_tokenizer, train_tokenizer

OUT = Path("test/fixtures/models/tiny/1")
SEED = 7
CONFIG = ModelConfig(
    vocab_size=400,
    context_length=256,
    num_layers=2,
    hidden_size=64,
    num_heads=4,
    num_kv_heads=2,
    head_dim=16,
    ffn_size=128,
    tied=False,  # with random weights, a tied model repeats its last token for ever
)
TEXTS = (
    "Home", "Insert", "Draw", "Design", "Layout", "References", "Mailings", "Review", "View", "Help", "File Tab", "Bold", "Italic",
    "Underline", "Strikethrough", "Font", "Font Size", "Font Color", "Text Highlight Color", "Align Left", "Center", "Align Right",
    "Justify", "Bullets", "Numbering", "Line and Paragraph Spacing", "Increase Indent", "Decrease Indent", "Styles", "Heading 1",
    "Heading 2", "Normal", "Title", "Find", "Replace", "Select", "Save", "Undo", "Redo", "Table", "Pictures", "Shapes", "Header",
    "Footer", "Page Number", "Text Box", "Margins", "Orientation", "Size", "Columns", "Breaks", "Word Count", "New Comment",
    "Track Changes", "OK", "Cancel", "Close", "Find what", "Replace with", "Document1 - Word", "WINWORD.EXE",
    "Make the title bold", "Set the font size of the first paragraph to 14", "Replace 'hello' with 'goodbye' in the whole text",
    "click_input", "set_edit_text", "keyboard_input", "wheel_mouse_input", "select_text", "texts", "text", "keys", "button", "left",
    "CONTINUE", "FINISH", "FAIL", "CONFIRM", "none", "true", "false",
)  # fmt: skip


def random_model() -> ActionModel:
    """Random weights whose logits spread widely, so that a greedy choice is not a matter of rounding."""
    torch.manual_seed(SEED)
    model = ActionModel(CONFIG)
    for layer in model.layers:
        nn.init.normal_(layer.attention.output.weight, std=0.15)
        nn.init.normal_(layer.ffn.down.weight, std=0.1)
    nn.init.constant_(model.norm.weight, 4.0)
    return model.eval()


def random_prompt(rng: random.Random) -> list[str]:
    """Segments of a prompt in the compact dialect, with 2 to 12 controls."""
    controls = [part for text in rng.sample(TEXTS[:60], rng.randint(2, 12)) for part in ("<|T:Button|>", f"={text}")]
    task = f"={rng.choice(TEXTS[61:64])}"
    return ["<|bos|>", "<|task|>", task, "<|app|>", "=WINWORD.EXE", "<|controls|>", *controls, "<|history|>", "<|act|>"]


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    tokenizer = train_tokenizer(Counter(TEXTS), CONFIG.vocab_size)
    save_tokenizer(tokenizer, OUT, CONFIG.context_length)
    encoder = SegmentEncoder.load(OUT)
    model = random_model()
    candidates = [encoder.encode(random_prompt(random.Random(seed))) for seed in range(600)]
    # MatMulNBits, unlike the shipped models: the runtime is tested on both kinds of folder.
    card = ModelCard(prefill=False, name="tiny", version="1", kernel="int8_activations", provenance={"command": "python -m models.training.tiny", "seed": SEED})
    lam = export_folder(model, OUT, card, tokenizer=OUT, prompts=candidates[:16])
    write_golden(OUT / "golden.json", golden(model, OUT / "model.onnx", bits=card.bits, candidates=candidates, keep=4))
    print(lam["quantization"])


if __name__ == "__main__":
    main()
