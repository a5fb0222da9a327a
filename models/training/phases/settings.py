"""How large a run is: of the whole pipeline, and of the small version that tests it."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from ..model import ModelConfig

TRAINING_SHARE = 0.8
"""Of a budget in minutes; the rest is for data, roll-outs and evaluation."""
SHARES = {"lam1": 0.025, "lam2": 0.155, "lam3": 0.074, "reward": 0.035, "lam4": 0.711}
"""Of the training, in minutes or in tokens. A short LAM3 does not recover from the rise of its rate. LAM4 has the most to learn that is new: when to give up."""
SMALL_SHARES = {"lam1": 0.1, "lam2": 0.25, "lam3": 0.35, "reward": 0.1, "lam4": 0.2}
"""In a small run LAM2 is far from done, so that going on shows."""

GO_ON = {"rate": 0.4, "decay_from": 0.0, "curriculum": False}
"""How a training goes on from weights that are good already: at full rates, and on short lists of controls at first, they lost a
fifth of what they knew."""


@dataclass(frozen=True)
class Settings:
    """Everything that a run depends on. Exactly one of `minutes` (wall clock of the whole run) and `tokens` (of all trainings
    together, for a result that does not depend on the machine's speed) is the budget."""

    work: Path = Path(".training/word")
    """Checkpoints and data; stages whose result is here are skipped."""
    out: Path | None = Path("models")
    """Where the finished folders go; None: nowhere."""
    initial: Path | None = None
    """A models directory: LAM1 and LAM2 go on from the weights there, with the tokenizer there. None: from nothing."""
    build: Path = Path("dist")
    """The built TypeScript programs."""
    minutes: float | None = None
    tokens: int | None = None
    shares: dict[str, float] = field(default_factory=lambda: dict(SHARES))
    seed: int = 1
    threads: int = 2
    device: str = "auto"
    model: ModelConfig = field(default_factory=lambda: ModelConfig(context_length=2048))
    vocab_size: int = 2048
    batch_tokens: int = 5120
    compile: bool = True

    episodes: int = 30_000
    """Tasks of the training split that the expert is given."""
    failure_share: float = 0.4
    """Of the tasks, how many the expert misunderstands."""
    rephrasings: int = 1
    """Other wordings of each task in the task-plan pairs."""
    side_tasks: int = 7
    """Other tasks for each screen of the expert's successes."""
    max_controls: int = 320
    """Of a training screen; evaluations send what a client usually does."""
    rare_drawn: int = 60_000
    """More tasks, of which the expert shows LAM4 those that end in FAIL or CONFIRM."""
    contrasts_drawn: int = 280_000
    """More tasks yet, of which the expert shows LAM4 those that a disturbance makes impossible, with and without it."""
    boosted_tasks: int = 1_500
    """Failed tasks of the expert's that LAM2 explores."""
    explored_tasks: int = 1_500
    """Tasks that LAM3 explores for the reward model and for LAM4."""
    attempts: int = 2
    """Times that each task is explored."""
    test_tasks: int = 400
    held_out_tasks: int = 160
    validation_steps: int = 300

    def __post_init__(self) -> None:
        if (self.minutes is None) == (self.tokens is None):
            raise ValueError("give either minutes or tokens")

    def budget(self, phase: str, part: float = 1.0) -> dict[str, float | int | None]:
        """`minutes` or `tokens` of a phase's training, or of a part of it."""
        share = self.shares[phase] * part
        if self.minutes is not None:
            return {"minutes": share * TRAINING_SHARE * self.minutes}
        return {"tokens": int(share * (self.tokens or 0))}


def small(settings: Settings) -> Settings:
    """The whole pipeline in two minutes on two cores, with a model that learns the beginnings."""
    return replace(
        settings,
        minutes=None,
        tokens=800_000,
        shares=SMALL_SHARES,
        model=ModelConfig(
            context_length=2048, num_layers=2, hidden_size=64, num_heads=2, num_kv_heads=1, head_dim=32, ffn_size=160
        ),
        vocab_size=640,
        batch_tokens=4096,
        compile=False,
        episodes=543,
        side_tasks=2,
        rare_drawn=182,
        contrasts_drawn=728,
        boosted_tasks=24,
        explored_tasks=24,
        attempts=1,
        test_tasks=24,
        held_out_tasks=12,
        validation_steps=80,
    )
