"""The training loop: a budget of minutes or tokens, checkpoints, full resume.

Loss: mean cross-entropy over answer tokens, weighted by OWN_WEIGHT, plus PROMPT_WEIGHT times that over a random quarter of the
prompt's tokens (which keeps the model learning what screens look like at little cost). Learning rate: short warm-up, a plateau,
long linear decay to 0.
"""

import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .batches import Batch, BatchStream, Position
from .data import Sample, StepTable
from .evaluate import answer_log_probs, answer_loss, score_teacher_forced, status_of
from .model import ActionModel, ModelConfig
from .muon import Muon

PROMPT_WEIGHT = 0.1
PROMPT_SHARE = 0.25
OWN_WEIGHT = 3.0
"""Of an answer at a step of an episode, where 1 is that of another task at its screen: those come several to a step, and are
learned long before what depends on what was done so far."""
RARE = 0.15
LEARNED = 0.05
"""Nats of a whole answer, below which there is next to nothing to learn from it. To find that out costs a third of learning it."""
WARM_UP = 0.01
DECAY_FROM = 0.2


@dataclass(frozen=True)
class TrainConfig:
    """What a run is. Exactly one of `minutes` (wall clock of training proper) and `tokens` ends it."""

    minutes: float | None = None
    tokens: int | None = None
    batch_tokens: int = 5120
    muon_lr: float = 0.012
    adam_lr: float = 0.002
    weight_decay: float = 0.01
    rate: float = 1.0
    """Factor on both learning rates: less than 1 to go on from weights that are good already."""
    decay_from: float = DECAY_FROM
    """Share of the budget after which the rates fall."""
    curriculum: bool = True
    max_others: int = 0
    """Other tasks at the screen of a step that are learned with it."""
    short_share: float = 0.0
    """Share of the steps that come with a short list of controls and no other task."""
    rare_repeats: int | None = None
    """Times that a step with a rare status (see `rare_steps`) comes in a pass over the data, with its whole list; None: it is like others."""
    learned_share: float = 1.0
    """Of the steps whose answer the model gives already, how many are learned from again (see `LEARNED`)."""
    seed: int = 1
    compile: bool = True
    device: str = "auto"
    """`cpu`, `cuda`, or `auto`: CUDA where there is a device."""
    log_steps: int = 50
    checkpoint_minutes: float = 2.0
    validate_minutes: float = 5.0
    validation_steps: int = 400

    def __post_init__(self) -> None:
        if (self.minutes is None) == (self.tokens is None):
            raise ValueError("give either minutes or tokens")


@dataclass(frozen=True)
class TrainData:
    """Steps to learn from, and held-out steps to watch."""

    train: StepTable
    validation: StepTable


@dataclass
class Progress:
    """Counters of a run, kept in its checkpoints."""

    steps: int = 0
    tokens: int = 0
    seconds: float = 0.0

    def share(self, config: TrainConfig) -> float:
        """0 at the start, 1 when the budget is spent."""
        if config.minutes is not None:
            return min(1.0, self.seconds / (60 * config.minutes))
        return min(1.0, self.tokens / (config.tokens or 1))


def learning_rate(progress: float, decay_from: float = DECAY_FROM) -> float:
    """Factor on the base learning rates at `progress` 0..1."""
    if progress < WARM_UP:
        return max(0.02, progress / WARM_UP)
    return min(1.0, (1 - progress) / (1 - decay_from))


def rare_steps(table: StepTable) -> np.ndarray:
    """bool [steps]: whose status fewer than RARE of the steps have. To give up and to ask are learned last, because they are asked
    for least."""
    kinds, counts = np.unique([status_of(table.piece(answer)) for _, _, answer in table.fixed], return_counts=True, return_inverse=True)[1:]
    return counts[kinds] < RARE * len(table)


@dataclass(frozen=True)
class StepLoss:
    """One batch: the loss to descend, and what the log shows."""

    total: Tensor
    answer: Tensor
    prompt: Tensor
    correct: Tensor
    """Share of tokens predicted right, of the steps' own answers."""


def batch_loss(trunk, model: ActionModel, batch: Batch, generator: torch.Generator) -> StepLoss:
    """`trunk` is `model` or its compiled form; logits are computed only where the loss looks."""
    device = batch.ids.device
    sampled = batch.prompt & (torch.rand(batch.prompt.shape, generator=generator) < PROMPT_SHARE).to(device)
    places = torch.cat((batch.answer.flatten().nonzero(), sampled.flatten().nonzero())).squeeze(1)
    num_answer = int(batch.answer.sum())
    with torch.autocast(device.type, torch.bfloat16):
        hidden = trunk(batch.ids, None, batch.branches).flatten(0, 1).index_select(0, places)
        logits = model.logits(hidden)
    targets = batch.ids.flatten().index_select(0, places + 1)
    losses = F.cross_entropy(logits.float(), targets, reduction="none")
    own = _own(batch, places[:num_answer])
    weights = torch.where(own, OWN_WEIGHT, 1.0)
    answer, prompt = (losses[:num_answer] * weights).sum() / weights.sum(), losses[num_answer:].mean()
    correct = (logits[:num_answer].detach().argmax(dim=-1) == targets[:num_answer])[own].float().mean()
    return StepLoss(answer + PROMPT_WEIGHT * prompt, answer.detach(), prompt.detach(), correct)


def _own(batch: Batch, places: Tensor) -> Tensor:
    """bool [places]: True where an answer is a step's own, not a branch's. `places` are indices into [B * T]."""
    if batch.branches is None:
        return torch.ones_like(places, dtype=torch.bool)
    return batch.branches.tasks.flatten().index_select(0, places) == 1


def device_name(device: torch.device) -> str:
    """What a run is made on, for the record."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"CPU {torch.backends.cpu.get_cpu_capability()}, {torch.get_num_threads()} threads"


def pick_device(name: str) -> torch.device:
    return torch.device(("cuda" if torch.cuda.is_available() else "cpu") if name == "auto" else name)


class Trainer:
    """A run and its state; `run()` continues from the folder's checkpoint if there is one.

    A subclass may train another model on the same decoder (`_create`, `_decoder`) by another loss (`_loss`), and judge it by
    other figures (`_judge`).
    """

    def __init__(
        self, model_config: ModelConfig, config: TrainConfig, data: TrainData, folder: Path, *, initial: dict | None = None
    ) -> None:
        """`initial`: the decoder's weights to begin with, when there is no checkpoint; else random ones by the seed."""
        self.config = config
        self.folder = folder
        self.device = pick_device(config.device)
        torch.manual_seed(config.seed)
        self.model = self._create(model_config).to(self.device)
        if initial is not None:
            self._decoder.load_state_dict(initial)
        self.trunk = torch.compile(self._decoder, dynamic=True) if config.compile else self._decoder
        matrices = [weight for weight in self._decoder.layers.parameters() if weight.ndim == 2]
        others = [weight for weight in self.model.parameters() if all(weight is not matrix for matrix in matrices)]
        self.optimizers = (
            Muon(matrices, lr=config.muon_lr, weight_decay=config.weight_decay),
            torch.optim.AdamW(others, lr=config.adam_lr, betas=(0.9, 0.95), weight_decay=0.0),
        )
        self.base_rates = (config.muon_lr, config.adam_lr)
        self.batches = BatchStream(
            data.train,
            max_tokens=config.batch_tokens,
            max_length=model_config.context_length,
            seed=config.seed,
            curriculum=config.curriculum,
            max_others=config.max_others,
            short_share=config.short_share,
            rare=rare_steps(data.train) if config.rare_repeats is not None else None,
            rare_repeats=config.rare_repeats or 1,
            select=self._worth_learning if config.learned_share < 1 else None,
        )
        held_out = range(0, len(data.validation), max(1, len(data.validation) // config.validation_steps))
        samples = [data.validation.sample(step) for step in held_out]
        self._has_fields = bool((np.diff(data.validation.control_offsets) > 0).any())
        self.validation = [sample for sample in samples if len(sample.ids) <= model_config.context_length]
        self.progress = Progress()
        self.figures: dict[str, dict[str, float]] = {}
        """What validation said before the first step and after the last."""

    def _create(self, model_config: ModelConfig) -> nn.Module:
        return ActionModel(model_config)

    @property
    def _decoder(self) -> ActionModel:
        """The part of the model that the initial weights are for."""
        return self.model

    @property
    def checkpoint(self) -> Path:
        return self.folder / "checkpoint.pt"

    def save(self) -> None:
        """Writes beside the old checkpoint, then replaces it: a crash leaves one or the other."""
        self.folder.mkdir(parents=True, exist_ok=True)
        state = {
            "model_config": asdict(self.model.config),
            "train_config": asdict(self.config),
            "model": self.model.state_dict(),
            "figures": self.figures,
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
            "progress": asdict(self.progress),
            "position": asdict(self.batches.position),
            "device": device_name(self.device),
        }
        temporary = self.checkpoint.with_suffix(".tmp")
        torch.save(state, temporary)
        temporary.replace(self.checkpoint)

    def resume(self) -> None:
        """Loads the checkpoint, if any. The budget may differ from the one it was written under."""
        if not self.checkpoint.exists():
            return
        state = torch.load(self.checkpoint, map_location=self.device, weights_only=True)
        self.model.load_state_dict(state["model"])
        for optimizer, saved in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(saved)
        self.progress = Progress(**state["progress"])
        self.figures = state["figures"]
        self.batches.position = Position(**state["position"])
        self._log(f"resumed at step {self.progress.steps}")

    def run(self) -> nn.Module:
        """Trains until the budget is spent and returns the model."""
        self.resume()
        if self.progress.steps == 0:
            self.figures["first"] = self.validate()
        saved = validated = self.progress.seconds
        while (share := self.progress.share(self.config)) < 1:
            began = time.monotonic()
            loss = self._step(share)
            if self.progress.steps % self.config.log_steps == 0:
                self._log_step(share, loss)
            self.progress.seconds += time.monotonic() - began
            if self.progress.seconds - validated > 60 * self.config.validate_minutes:
                validated = self.progress.seconds
                self.validate()
            if self.progress.seconds - saved > 60 * self.config.checkpoint_minutes:
                saved = self.progress.seconds
                self.save()
        self.figures["last"] = self.validate()
        self.save()
        return self.model

    def _step(self, share: float) -> StepLoss:
        for optimizer, rate in zip(self.optimizers, self.base_rates, strict=True):
            for group in optimizer.param_groups:
                group["lr"] = rate * self.config.rate * learning_rate(share, self.config.decay_from)
        batch = self.batches.next(share)
        generator = torch.Generator().manual_seed(self.config.seed * 1_000_003 + self.progress.steps)
        loss = self._loss(batch.to(self.device), generator)
        loss.total.backward()
        for optimizer in self.optimizers:
            optimizer.step()
            optimizer.zero_grad()
        self.progress.steps += 1
        self.progress.tokens += batch.num_tokens
        return loss

    def _worth_learning(self, samples: list[Sample]) -> list[Sample]:
        """The samples that are not learned yet, and a share of the others; at least one."""
        alone = [replace(sample, branches=()) for sample in samples]
        log_probs = answer_log_probs(self.model, alone, max_tokens=self.config.batch_tokens, trunk=self.trunk)
        random = np.random.default_rng((self.config.seed, 2, self.batches.position.pool))
        is_kept = random.random(len(samples)) < self.config.learned_share
        is_kept |= np.array([-values.sum() for values in log_probs]) > LEARNED
        self._log(f"{is_kept.mean():.0%} of {len(samples)} steps are worth learning")
        return [sample for sample, keep in zip(samples, is_kept, strict=True) if keep] or samples[:1]

    def _loss(self, batch: Batch, generator: torch.Generator) -> StepLoss:
        return batch_loss(self.trunk, self.model, batch, generator)

    def validate(self) -> dict[str, float]:
        """Figures on held-out steps with all their controls."""
        self.model.eval()
        figures = self._judge()
        self.model.train()
        self._log("validation " + " ".join(f"{name} {value:.4g}" for name, value in figures.items()))
        return figures

    def _judge(self) -> dict[str, float]:
        """Teacher-forced: the loss on answers in nats per token, and the accuracy by field in percent."""
        percent = score_teacher_forced(self.model, self.validation).percent()
        # Plans have no fields.
        return {"loss": answer_loss(self.model, self.validation), **(percent if self._has_fields else {})}

    def _log_step(self, share: float, loss: StepLoss) -> None:
        progress = self.progress
        self._log(
            f"step {progress.steps} {share:.1%} tokens {progress.tokens / 1e6:.2f}M "
            f"{progress.tokens / max(progress.seconds, 1e-9):.0f}/s answer loss {loss.answer:.4f} "
            f"prompt loss {loss.prompt:.3f} answer tokens right {loss.correct:.1%}"
        )

    def _log(self, text: str) -> None:
        print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)
