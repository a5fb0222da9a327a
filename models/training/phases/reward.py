"""Phase 4a, the reward model: LAM3 with a scalar head, trained on good and bad answers (see answers.py)."""

from collections.abc import Sequence
from itertools import islice

import numpy as np
import torch
from torch.nn import functional as F

from ..batches import Batch, by_length, collate
from ..data import Sample, StepTable, read_steps
from ..export_reward import export_reward_folder
from ..folder import ModelCard
from ..model import ActionModel, ModelConfig
from ..reward_model import RewardModel
from ..train import StepLoss, TrainData, Trainer
from .answers import REWARD_PARITY, judged_answers
from .candidates import by_state, candidate_rows
from .collect import EVALUATION_SEED
from .explore import CANDIDATES, EXPLORE_TEMPERATURE, explore, explored_steps
from .workspace import ERROR_PROMPTS, Workspace

RATE = 0.5
MAX_OTHERS = 4
"""Answers beside a state's first: the prompt is the most of the cost, and what tells a good answer from a bad one is learned
where both are seen."""
RERANK_WEIGHTS = (0.0, 0.125, 0.25, 0.5, 1.0, 2.0)
"""Of the reward, beside the logarithm of a candidate's probability: how the gateway orders candidates (`rerank`)."""
RERANK_STRIDE = 4
"""One of so many explored states is looked at for that."""


class RewardTrainer(Trainer):
    """Cross-entropy of sigmoid(reward) against success."""

    def _create(self, model_config: ModelConfig) -> RewardModel:
        return RewardModel(model_config)

    @property
    def _decoder(self) -> ActionModel:
        return self.model.decoder

    def _loss(self, batch: Batch, generator: torch.Generator) -> StepLoss:
        with torch.autocast(self.device.type, torch.bfloat16):
            hidden = self.trunk(batch.ids, None, batch.branches)
        rewards = read_rewards(self.model, hidden, batch)
        loss = F.binary_cross_entropy_with_logits(rewards, (batch.rewards + 1) / 2)
        correct = ((rewards.detach() > 0) == (batch.rewards > 0)).float().mean()
        return StepLoss(loss, loss.detach(), torch.zeros(()), correct)

    def _judge(self) -> dict[str, float]:
        values = np.array([sample.value for sample in self.validation])
        rewards = rewards_of(self.model, self.validation)
        return {"loss": float(np.logaddexp(0, -values * rewards).mean()), "auc": area_under_curve(rewards, values > 0)}


def read_rewards(model: RewardModel, hidden: torch.Tensor, batch: Batch) -> torch.Tensor:
    """hidden [B, T, D] -> float32 rewards [tasks], at each task's last token."""
    return model.head(hidden.flatten(0, 1).index_select(0, batch.ends).float()).squeeze(-1)


@torch.inference_mode()
def rewards_of(model: RewardModel, samples: list[Sample], *, max_tokens: int = 8192) -> np.ndarray:
    """float32 [samples and their branches]: the raw rewards, a sample's own before its branches'."""
    device = model.head.weight.device
    rewards = {}
    for group in by_length(samples, max_tokens):
        batch = collate(group).to(device)
        with torch.autocast(device.type, torch.bfloat16):
            hidden = model.decoder(batch.ids, None, batch.branches)
        rewards.update(zip(map(id, group), by_state(read_rewards(model, hidden, batch).cpu().numpy(), group), strict=True))
    return np.concatenate([np.zeros(0, dtype=np.float32), *(rewards[id(sample)] for sample in samples)])


def area_under_curve(scores: np.ndarray, positive: np.ndarray) -> float:
    """The probability that a positive scores higher than a negative; ties count half. 0.5 if there is but one kind."""
    if positive.all() or not positive.any():
        return 0.5
    _, places, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]
    num_positive = int(positive.sum())
    above = ranks[positive].sum() - num_positive * (num_positive + 1) / 2
    return round(float(above / (num_positive * (len(scores) - num_positive))), 4)


def reward(workspace: Workspace) -> dict:
    explore(workspace)
    return workspace.stage("reward", lambda: _reward(workspace))


def _reward(workspace: Workspace) -> dict:
    train = workspace.table("pairs", lambda: judged_answers(workspace))
    judged, right = _test_pairs(workspace)
    config = workspace.config("reward", rate=RATE, decay_from=0.0, curriculum=False, max_others=MAX_OTHERS)
    initial = workspace.checkpoint("lam3")["model"]
    trainer = RewardTrainer(workspace.model_config, config, TrainData(train, judged), workspace.work / "reward", initial=initial)
    record = {
        "pairs": {"good": _count(train, 1), "bad": _count(train, -1)},
        **workspace.trained(trainer),
    }
    model = reward_model(workspace)
    samples = [judged.sample(step) for step in range(len(judged))]
    rewards = rewards_of(model, samples)
    rows = [sample.ids.tolist() for sample in samples[:: max(1, len(samples) // ERROR_PROMPTS)]]
    card = ModelCard("reward-word", "1", role="reward")
    export_reward_folder(model, workspace.served("reward") / "reward-word" / "1", card, tokenizer=workspace.tokenizer, rows=rows)
    return {
        **record,
        "rerank": _rerank(workspace, model),
        "test": {
            "pairs": len(samples),
            "auc_by_episode": area_under_curve(rewards, judged.rewards > 0),
            "auc_by_step": area_under_curve(rewards, right),
        },
    }


def reward_model(workspace: Workspace) -> RewardModel:
    model = RewardModel(workspace.model_config)
    model.load_state_dict(workspace.checkpoint("reward")["model"])
    return model.eval()


def _rerank(workspace: Workspace, model: RewardModel) -> dict:
    """In explored states that the reward model has not learned from: how often a right candidate comes first, by the reward's weight."""
    steps = islice(explored_steps(workspace, "explore", parity=1 - REWARD_PARITY), 0, None, RERANK_STRIDE)
    states = list(candidate_rows(workspace, steps))
    rows = [row for row, _ in states]
    probabilities = [np.array([one["probability"] for one in candidates]) for _, candidates in states]
    right = [np.array([one["right"] for one in candidates]) for _, candidates in states]
    return {"states": len(rows), "right": right_by_weight(probabilities, by_state(rewards_of(model, rows), rows), right)}


def right_by_weight(probabilities: Sequence[np.ndarray], rewards: Sequence[np.ndarray], right: Sequence[np.ndarray]) -> dict[str, float]:
    """Each argument holds an array [candidates] per state. Percent of the states, by weight."""
    def share(weight: float) -> float:
        tops = [np.argmax(np.log(np.maximum(p, 1e-30)) + weight * r) for p, r in zip(probabilities, rewards, strict=True)]
        return round(100 * float(np.mean([truth[top] for truth, top in zip(right, tops, strict=True)])), 2) if tops else 0.0

    return {f"{weight:g}": share(weight) for weight in RERANK_WEIGHTS}


def _count(table: StepTable, reward: int) -> int:
    return int((table.rewards == reward).sum() + (table.others[:, 2] == reward).sum())


def _test_pairs(workspace: Workspace) -> tuple[StepTable, np.ndarray]:
    """LAM3's trajectories on test tasks, and bool [n]: whether the expert would have done the same."""
    path = workspace.work / "test_explored.jsonl"
    if not path.exists():
        settings = workspace.settings
        play = {"split": "test", "seed": EVALUATION_SEED, "episodes": settings.test_tasks, "candidates": CANDIDATES}
        temporary = path.with_suffix(".tmp")
        workspace.explore("lam3", "3", temperature=EXPLORE_TEMPERATURE, out=temporary, **play)
        temporary.replace(path)
    table = workspace.table("test_explored", lambda: read_steps(path))
    return table, np.array([step["right"] for step in read_steps(path)])
