"""Block-wise symmetric quantization of weight matrices, in the layout of ONNX Runtime's MatMulNBits.

Each run of BLOCK weights along a row shares one float scale; a weight is stored as an unsigned integer around the zero point
2^(bits-1). Specification: com.microsoft.MatMulNBits in ONNX Runtime's docs/ContribOperators.md.
"""

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from .model import ActionModel

BLOCK = 32


@dataclass(frozen=True)
class QuantizedMatrix:
    """A matrix [N, K] as MatMulNBits takes it (it computes x [.., K] @ matrix^T)."""

    packed: np.ndarray
    """uint8 [N, K / BLOCK, BLOCK * bits / 8]; with 4 bits the even element of a pair sits in the low half."""
    scales: np.ndarray
    """float32 [N, K / BLOCK]."""
    bits: int

    def dequantize(self) -> np.ndarray:
        """float32 [N, K]: the weights that the served model really uses."""
        levels = self.packed
        if self.bits == 4:
            levels = np.stack((levels & 0xF, levels >> 4), axis=-1).reshape(*levels.shape[:2], BLOCK)
        centred = levels.astype(np.float32) - 2 ** (self.bits - 1)
        return (centred * self.scales[..., None]).reshape(len(centred), -1)


def quantize(weight: np.ndarray, bits: int) -> QuantizedMatrix:
    """Rounds float32 [N, K] to 4 or 8 bits per weight. K must be a multiple of BLOCK.

    The weight of largest magnitude in a block maps to the negative end, which has one level more than the positive end.
    """
    if bits not in (4, 8):
        raise ValueError(f"bits must be 4 or 8, not {bits}")
    rows, columns = weight.shape
    if columns % BLOCK != 0:
        raise ValueError(f"row length {columns} is not a multiple of {BLOCK}")
    blocks = weight.reshape(rows, columns // BLOCK, BLOCK)
    zero_point = 2 ** (bits - 1)
    extreme = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=-1, keepdims=True), axis=-1)
    scales = (extreme / -zero_point).astype(np.float32)
    divisor = np.where(scales == 0, 1, scales)
    levels = np.clip(np.rint(blocks / divisor) + zero_point, 0, 2**bits - 1).astype(np.uint8)
    if bits == 4:
        levels = levels[..., 0::2] | (levels[..., 1::2] << 4)
    return QuantizedMatrix(levels, scales[..., 0], bits)


def dequantized_model(model: ActionModel, bits: int) -> ActionModel:
    """A float32 copy of `model` with the weights the exported graph has: what its ONNX is compared with.

    It is untied, because only the output projection is quantized: the embedding is looked up, not multiplied.
    """
    copy = ActionModel(replace(model.config, tied=False))
    state = {name: weight.detach().float().clone() for name, weight in model.state_dict().items()}
    state["lm_head.weight"] = model.output_weight().detach().float().clone()
    for name, weight in state.items():
        if weight.ndim == 2 and name != "embedding.weight":
            state[name] = torch.from_numpy(quantize(weight.numpy(), bits).dequantize())
    copy.load_state_dict(state)
    return copy.eval()


def as_array(weight: Tensor) -> np.ndarray:
    """A parameter as a float32 NumPy array on the CPU."""
    return weight.detach().float().cpu().numpy()
