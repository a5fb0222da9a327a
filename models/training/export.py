"""Writes a model folder: ONNX graph, genai_config.json, tokenizer files, and lam.json about them."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from .folder import TOKENIZER_FILES, ModelCard, copy_tokenizer, output_errors, write_lam_json
from .graph import build_graph, build_prefill_graph
from .model import ActionModel, ModelConfig
from .served import ServedModel
from .tokenizer import SPECIAL_IDS

MODEL_FILES = ("model.onnx", "genai_config.json", *TOKENIZER_FILES)
PREFILL_FILE = "prefill.onnx"
PREFILL_BLOCK_TOKENS = 64
"""Tokens per run of the prefill graph: enough for its kernel to be at full speed, and the grain of prefix reuse."""


def genai_config(config: ModelConfig) -> dict:
    """genai_config.json as onnxruntime-genai's model builder writes it for a Llama model, set to greedy search."""
    return {
        "model": {
            "bos_token_id": SPECIAL_IDS["<|bos|>"],
            "context_length": config.context_length,
            "decoder": {
                "session_options": {"log_id": "onnxruntime-genai", "provider_options": []},
                "filename": "model.onnx",
                "head_size": config.head_dim,
                "hidden_size": config.hidden_size,
                "inputs": {
                    "input_ids": "input_ids",
                    "attention_mask": "attention_mask",
                    "past_key_names": "past_key_values.%d.key",
                    "past_value_names": "past_key_values.%d.value",
                },
                "outputs": {
                    "logits": "logits",
                    "present_key_names": "present.%d.key",
                    "present_value_names": "present.%d.value",
                },
                "num_attention_heads": config.num_heads,
                "num_hidden_layers": config.num_layers,
                "num_key_value_heads": config.num_kv_heads,
            },
            "eos_token_id": SPECIAL_IDS["<|end|>"],
            "pad_token_id": SPECIAL_IDS["<|pad|>"],
            "type": "llama",
            "vocab_size": config.vocab_size,
        },
        "search": {
            "diversity_penalty": 0.0,
            "do_sample": False,
            "early_stopping": True,
            "length_penalty": 1.0,
            "max_length": config.context_length,
            "min_length": 0,
            "no_repeat_ngram_size": 0,
            "num_beams": 1,
            "num_return_sequences": 1,
            "past_present_share_buffer": True,
            "repetition_penalty": 1.0,
            "temperature": 1.0,
            "top_k": 1,
            "top_p": 1.0,
        },
    }


def logit_errors(model: ActionModel, served: ServedModel, prompts: Sequence[Sequence[int]]) -> dict[str, float]:
    """Largest and mean |served - float32 PyTorch| over the last logits of each prompt (lists of token ids)."""
    return output_errors([np.abs(served.prompt(prompt) - last_logits(model, prompt)) for prompt in prompts])


@torch.no_grad()
def last_logits(model: ActionModel, prompt: Sequence[int]) -> np.ndarray:
    """float32 [vocab]: what PyTorch says after `prompt`."""
    return model.logits(model(torch.tensor([prompt]))[0, -1]).numpy()


def export_folder(model: ActionModel, out: Path, card: ModelCard, *, tokenizer: Path, prompts: Sequence[Sequence[int]]) -> dict:
    """Writes the folder `out` and returns its lam.json. `tokenizer` is the folder with the tokenizer files; `prompts` are
    token id lists on which the quantization error is measured."""
    model = model.float().cpu().eval()
    config = model.config
    out.mkdir(parents=True, exist_ok=True)
    (out / "model.onnx").write_bytes(build_graph(model, bits=card.bits, kernel=card.kernel).SerializeToString())
    if card.prefill:
        (out / PREFILL_FILE).write_bytes(build_prefill_graph(model).SerializeToString())
    (out / "genai_config.json").write_text(json.dumps(genai_config(config), indent=4) + "\n")
    copy_tokenizer(tokenizer, out)
    return write_lam_json(
        out,
        card,
        config,
        parameters=model.num_parameters(),
        errors=logit_errors(model, ServedModel(out / "model.onnx", config), prompts),
        files=(*MODEL_FILES, *([PREFILL_FILE] if card.prefill else [])),
        prefill=prefill_record(model, out, prompts) if card.prefill else None,
    )


def prefill_record(model: ActionModel, out: Path, prompts: Sequence[Sequence[int]]) -> dict:
    """What lam.json says of the prefill graph: the errors are of logits after prompts whose blocks it computed."""
    served = ServedModel(out / "model.onnx", model.config, prefill=out / PREFILL_FILE)
    return {
        "file": PREFILL_FILE,
        "block_tokens": PREFILL_BLOCK_TOKENS,
        "method": "8-bit integers: weights by column, activations by run",
        **logit_errors(model, served, prompts),
    }
