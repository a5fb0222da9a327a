"""The reward model: the action model's decoder with one number at the last token in place of a vocabulary.

It reads the prompt of a state and an action as the answer to it (the compact dialect's segments, ending in `<|end|>`), and
says how good the action is. The sigmoid of its reward is a probability that the action is right.
"""

import torch
from torch import Tensor, nn

from .model import ActionModel, ModelConfig


class RewardModel(nn.Module):
    """Token ids -> one reward per row."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.decoder = ActionModel(config)
        self.head = nn.Linear(config.hidden_size, 1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """ids [B, T], padded on the right by anything; lengths [B] -> rewards [B], read at each row's last token.

        No attention mask is needed: causal attention keeps the padding from reaching what comes before it.
        """
        hidden = self.decoder(ids)
        last = hidden[torch.arange(len(ids), device=ids.device), lengths - 1]
        return self.head(last).squeeze(-1)

    def num_parameters(self) -> int:
        return sum(weight.numel() for weight in self.parameters())
