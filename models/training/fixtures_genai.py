"""Makes test/fixtures/models/genai-*/1: folders like those of onnxruntime-genai's model builder, tiny and with random weights.

    python -m models.training.fixtures_genai

Each has golden.json: a prompt, how it goes on, and the logits after it and after each further token, by fixtures_reference.py.
"""

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from .fixtures_graph import build_graph
from .fixtures_reference import SHAPES, Array, Shape, Weights, logits, random_weights

OUT = Path("test/fixtures/models")
PROMPT_TOKENS = 41
GREEDY_TOKENS = 5
TOLERANCE = {False: 1e-4, True: 2e-2}
"""By `half`: largest difference of a logit, those of a row spread over some 10."""

SPECIAL_TOKENS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
"""How Qwen's tokenizers divide a text before merges."""

TEXTS = (
    '{"thought": "", "control_label": "12", "control_name": "Bold", "function": "click_input", "args": {"button": "left"}}',
    '{"function": "set_edit_text", "args": {"text": "hello world"}, "status": "CONTINUE", "plan": ["Save the document"]}',
    '[{"id": "1", "name": "Font Size", "type": "ComboBox"}, {"id": "2", "name": "Find", "type": "Button"}]',
    "You are an agent that operates the user interface. Choose the next action for the task: make the title bold.",
    '{"status": "FINISH", "args": {"double": true, "wheel_dist": -5, "keys": "{ENTER}"}, "comment": null}',
)

CHAT_TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)


def train_tokenizer(vocab_size: int) -> Tokenizer:
    """256 bytes, merges, and special tokens behind them: one id less than the model has, as models' tables are padded."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(WORDS), behavior="isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size - len(SPECIAL_TOKENS) - 1,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in SPECIAL_TOKENS])
    return tokenizer


def genai_config(shape: Shape, tokenizer: Tokenizer) -> dict:
    """What the builder writes, for the CPU."""
    end, _, turn_end = (tokenizer.token_to_id(token) for token in SPECIAL_TOKENS)
    inputs = {"input_ids": "input_ids", "attention_mask": "attention_mask"}
    if shape.rotary_outside:
        inputs["position_ids"] = "position_ids"
    decoder = {
        "session_options": {"log_id": "onnxruntime-genai", "provider_options": []},
        "filename": "model.onnx",
        "head_size": shape.head_dim,
        "hidden_size": shape.hidden,
        "inputs": inputs | {"past_key_names": "past_key_values.%d.key", "past_value_names": "past_key_values.%d.value"},
        "outputs": {"logits": "logits", "present_key_names": "present.%d.key", "present_value_names": "present.%d.value"},
        "num_attention_heads": shape.num_heads,
        "num_hidden_layers": shape.num_layers,
        "num_key_value_heads": shape.num_kv_heads,
    }
    if shape.window is not None:
        window = {"window_size": shape.window, "slide_key_value_cache": False, "slide_inputs": False, "layers": [], "cache_slack": 0}
        decoder["sliding_window"] = window
    model = {
        "bos_token_id": end,
        "context_length": shape.context,
        "decoder": decoder,
        "eos_token_id": [turn_end, end],
        "pad_token_id": end,
        "type": shape.architecture,
        "vocab_size": shape.vocab,
    }
    search = {
        "diversity_penalty": 0.0,
        "do_sample": False,
        "early_stopping": True,
        "length_penalty": 1.0,
        "max_length": shape.context,
        "min_length": 0,
        "no_repeat_ngram_size": 0,
        "num_beams": 1,
        "num_return_sequences": 1,
        "past_present_share_buffer": not shape.growing,
        "repetition_penalty": 1.0,
        "temperature": 1.0,
        "top_k": 50,
        "top_p": 1.0,
    }
    return {"model": model, "search": search}


def tokenizer_config(shape: Shape) -> dict:
    config = {
        "tokenizer_class": "Qwen2Tokenizer",
        "model_max_length": shape.context,
        "bos_token": None,
        "eos_token": "<|im_end|>",
        "pad_token": "<|endoftext|>",
        "unk_token": None,
        "add_bos_token": False,
        "add_prefix_space": False,
        "clean_up_tokenization_spaces": False,
    }
    return config if shape.template_file else config | {"chat_template": CHAT_TEMPLATE}


def golden(shape: Shape, weights: Weights) -> dict:
    rng = np.random.default_rng(3)
    tokens = [int(token) for token in rng.integers(0, shape.vocab, PROMPT_TOKENS)]
    greedy: list[int] = []
    while len(greedy) < GREEDY_TOKENS:
        greedy.append(int(logits(shape, weights, tokens + greedy)[-1].argmax()))
    rows = logits(shape, weights, tokens + greedy)[PROMPT_TOKENS - 1 :]
    return {
        "comment": "made by python -m models.training.fixtures_genai; logits after the prompt, and after each token of `greedy`",
        "tolerance": TOLERANCE[shape.half],
        "prompt": tokens,
        "greedy": greedy,
        "logits": [[round(float(value), 5) for value in row] for row in rows],
    }


def check(shape: Shape, model: onnx.ModelProto, expected: dict) -> float:
    """Largest difference of the graph's logits after the prompt, run by ONNX Runtime in one piece."""
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    tokens = np.array([expected["prompt"]], dtype=np.int64)
    float_type = np.float16 if shape.half else np.float32
    # A shared buffer is as long as the context; ONNX Runtime then returns one of that length.
    past = np.zeros((1, shape.num_kv_heads, 0 if shape.growing else shape.context, shape.head_dim), float_type)
    feeds: dict[str, Array] = {spec.name: past for spec in session.get_inputs() if spec.name.startswith("past")}
    feeds |= {"input_ids": tokens, "attention_mask": np.ones_like(tokens)}
    if shape.rotary_outside:
        feeds["position_ids"] = np.arange(tokens.size)[None]
    (rows,) = session.run(["logits"], feeds)
    return float(np.abs(rows[0, -1].astype(np.float64) - expected["logits"][0]).max())


def write_json(path: Path, value: dict, indent: int | None = 4) -> None:
    path.write_text(json.dumps(value, indent=indent, separators=None if indent else (",", ":")) + "\n")


def main() -> None:
    tokenizer = train_tokenizer(SHAPES[0].vocab)
    for shape in SHAPES:
        folder = OUT / f"genai-{shape.name}" / "1"
        folder.mkdir(parents=True, exist_ok=True)
        weights = random_weights(shape)
        model = build_graph(shape, weights)
        expected = golden(shape, weights)
        difference = check(shape, model, expected)
        print(f"{shape.name}: largest difference to the reference {difference:.2g}, tolerance {expected['tolerance']}")
        if not difference <= expected["tolerance"]:
            raise SystemExit(f"{shape.name}: the graph does not compute what the reference does")
        onnx.save(model, folder / "model.onnx")
        tokenizer.save(str(folder / "tokenizer.json"))
        write_json(folder / "genai_config.json", genai_config(shape, tokenizer))
        write_json(folder / "tokenizer_config.json", tokenizer_config(shape), indent=2)
        write_json(folder / "golden.json", expected, indent=None)
        if shape.template_file:
            (folder / "chat_template.jinja").write_text(CHAT_TEMPLATE)


if __name__ == "__main__":
    main()
