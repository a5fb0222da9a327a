"""Runs an exported graph the way the gateway does: slots in one KV buffer per layer, past and present bound to the same memory."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime as ort

from .model import ModelConfig


class ServedModel:
    """KV slots and the two kinds of step: a chunk of one slot, and one token for each of the first slots.

    The attention mask carries lengths only: its width is `total_sequence_length`, the ones in a row are that row's length
    after the step.
    """

    def __init__(
        self,
        model: bytes | Path,
        config: ModelConfig,
        *,
        prefill: Path | None = None,
        slots: int = 1,
        max_length: int | None = None,
    ) -> None:
        self._session = _session(model)
        self._prefill = None if prefill is None else _session(prefill)
        self._config = config
        shape = (slots, config.num_kv_heads, max_length or config.context_length, config.head_dim)
        # Never cleared: what lies beyond a row's length is not read.
        self._buffers = [np.zeros(shape, dtype=np.float32) for _ in range(2 * config.num_layers)]

    def chunk(self, ids: Sequence[int], *, slot: int = 0, start: int = 0) -> np.ndarray:
        """Computes `ids` at positions start.. of a slot whose earlier positions are computed; logits [vocab] after the last."""
        mask = np.ones((1, start + len(ids)), dtype=np.int64)
        return self._run(np.array([ids], dtype=np.int64), mask, first_slot=slot)[0]

    def prompt(self, ids: Sequence[int], *, slot: int = 0, block_tokens: int = 64) -> np.ndarray:
        """A whole prompt, its blocks by the prefill graph if there is one, as the gateway computes it; logits [vocab]."""
        start = 0
        while self._prefill is not None and start + block_tokens < len(ids):
            mask = np.ones((1, start + block_tokens), dtype=np.int64)
            block = np.array([ids[start : start + block_tokens]], dtype=np.int64)
            self._run(block, mask, first_slot=slot, session=self._prefill)
            start += block_tokens
        return self.chunk(ids[start:], slot=slot, start=start)

    def decode(self, ids: Sequence[int], lengths: Sequence[int], *, first_slot: int = 0) -> np.ndarray:
        """Computes ids[r] at position lengths[r] of slot first_slot + r; logits [rows, vocab].

        Every row writes keys and values at its position. So a row that has nothing to compute must still give its true length
        (the write lands where its next token will overwrite it), and that length must be less than the buffer's.
        """
        width = max(lengths) + 1
        mask = (np.arange(width)[None, :] <= np.array(lengths)[:, None]).astype(np.int64)
        return self._run(np.array(ids, dtype=np.int64)[:, None], mask, first_slot=first_slot)

    def _run(
        self, ids: np.ndarray, mask: np.ndarray, first_slot: int, session: ort.InferenceSession | None = None
    ) -> np.ndarray:
        session = session or self._session
        binding = session.io_binding()
        binding.bind_cpu_input("input_ids", ids)
        binding.bind_cpu_input("attention_mask", mask)
        rows = slice(first_slot, first_slot + len(ids))
        # A range of slots is contiguous, because the slot is the outermost axis.
        values = [ort.OrtValue.ortvalue_from_numpy(buffer[rows]) for buffer in self._buffers]
        for value, (layer, kind) in zip(values, self._names(), strict=True):
            binding.bind_ortvalue_input(f"past_key_values.{layer}.{kind}", value)
            binding.bind_ortvalue_output(f"present.{layer}.{kind}", value)
        logits = np.empty((len(ids), 1, self._config.vocab_size), dtype=np.float32)
        bound = ort.OrtValue.ortvalue_from_numpy(logits)
        if session is self._session:
            binding.bind_ortvalue_output("logits", bound)
        session.run_with_iobinding(binding)
        return logits[:, 0]

    def _names(self) -> list[tuple[int, str]]:
        return [(layer, kind) for layer in range(self._config.num_layers) for kind in ("key", "value")]


def _session(model: bytes | Path) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 2
    source = model if isinstance(model, bytes) else str(model)
    return ort.InferenceSession(source, options, providers=["CPUExecutionProvider"])
