"""What the phases share: the work folder, the built TypeScript programs, tables of steps, checkpoints, served folders, records."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import torch

from ..data import StepTable, encode_steps
from ..export import export_folder
from ..folder import ModelCard
from ..model import ActionModel, ModelConfig
from ..shipped import load_weights, training_of
from ..tokenizer import SegmentEncoder
from ..train import TrainConfig, Trainer
from .settings import Settings

ERROR_PROMPTS = 64
"""Prompts on which the errors of an exported graph are measured."""
VALIDATE_MINUTES = 8.0


class Workspace:
    """One run's folder. Every method that makes something returns at once when it is there already."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.work = settings.work
        self.work.mkdir(parents=True, exist_ok=True)

    # Stages and their records

    def stage(self, name: str, make: Callable[[], dict]) -> dict:
        """The record of a stage, from its file or by making it. What `make` returns is what later stages may rely on."""
        path = self.work / f"{name}.json"
        if not path.exists():
            self.log(f"== {name}")
            began = time.monotonic()
            record = {**make(), "wall_seconds": round(time.monotonic() - began, 1)}
            temporary = path.with_suffix(".tmp")
            temporary.write_text(json.dumps(record, indent=2) + "\n")
            temporary.replace(path)
        return json.loads(path.read_text())

    def log(self, text: str) -> None:
        print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)

    # The simulated desktop

    def start(self, program: str, **options: object) -> subprocess.Popen:
        """Runs bench/<program>.js; `max_controls=3` is `--max-controls 3`, True a flag without a value."""
        words = [str(self.settings.build / "bench" / f"{program}.js")]
        for name, value in options.items():
            if value is not None and value is not False:
                words += [f"--{name.replace('_', '-')}", *([] if value is True else [str(value)])]
        return subprocess.Popen(["node", *words], stdout=subprocess.PIPE, text=True)

    def run(self, program: str, **options: object) -> str:
        """The last line that the program printed. Raises CalledProcessError if it failed."""
        return finish(self.start(program, **options))

    def run_all(self, jobs: Iterable[tuple[str, dict]]) -> None:
        """Several programs at a time."""
        for process in [self.start(program, **options) for program, options in jobs]:
            finish(process)

    # Data

    def seed_ranges(self, tasks: int, *, beyond: int = 0) -> list[tuple[int, int]]:
        """For each thread the first seed and the number of its share of `tasks`, rounded up. Another seed of the run is other tasks."""
        threads = self.settings.threads
        share = -(-tasks // threads)
        first = beyond + (self.settings.seed - 1) * share * threads
        return [(first + index * share, share) for index in range(threads)]

    @property
    def tokenizer(self) -> Path:
        return self.work / "tokenizer"

    def encoder(self) -> SegmentEncoder:
        return SegmentEncoder.load(self.tokenizer)

    def table(self, name: str, steps: Callable[[], Iterable[dict]]) -> StepTable:
        """Steps as token ids, from the cache <name>.npz or made of the lines that `steps()` yields."""
        path = self.work / f"{name}.npz"
        if not path.exists():
            encode_steps(steps(), self.encoder()).save(path)
        return StepTable.load(path)

    # Training

    def config(self, phase: str, share: float = 1.0, **overrides: object) -> TrainConfig:
        """Of a training that has a share of the phase's budget."""
        settings = self.settings
        return TrainConfig(
            **settings.budget(phase, share),
            batch_tokens=settings.batch_tokens,
            compile=settings.compile,
            device=settings.device,
            seed=settings.seed,
            validate_minutes=VALIDATE_MINUTES,
            validation_steps=settings.validation_steps,
            **overrides,
        )

    @property
    def model_config(self) -> ModelConfig:
        return replace(self.settings.model, vocab_size=self.encoder().vocab_size)

    def checkpoint(self, phase: str) -> dict:
        return torch.load(self.work / phase / "checkpoint.pt", map_location="cpu", weights_only=True)

    def save_weights(self, phase: str, model: ActionModel) -> None:
        """Where `checkpoint` finds what a phase ended with, if that is no training's end."""
        folder = self.work / phase
        folder.mkdir(exist_ok=True)
        torch.save({"model": {name: weights.cpu() for name, weights in model.state_dict().items()}}, folder / "checkpoint.pt")

    def initial_weights(self, version: str) -> tuple[dict | None, dict]:
        """Weights of the models directory that the run goes on from, and for the record what was put into them; None if from nothing."""
        if self.settings.initial is None:
            return None, {}
        folder = self.settings.initial / "lam-word" / version
        return load_weights(folder, self.model_config), {"went_on_from": training_of(folder)}

    def action_model(self, phase: str) -> ActionModel:
        """The model that a phase ended with."""
        model = ActionModel(self.model_config)
        model.load_state_dict(self.checkpoint(phase)["model"])
        return model.eval()

    def trained(self, trainer: Trainer, before: dict | None = None) -> dict:
        """Trains, and returns what the record of a phase says of it, and of what it went on from."""
        trainer.run()
        progress, figures = trainer.progress, trainer.figures
        return {
            "training": {"steps": progress.steps, "tokens": progress.tokens, "hours": round(progress.seconds / 3600, 3), **(before or {})},
            "validation": {"first": figures["first"], "last": figures["last"]},
        }

    # Serving

    def served(self, phase: str) -> Path:
        """A models directory with this phase's model alone."""
        return self.work / "served" / phase

    def serve(self, phase: str, model: ActionModel, card: ModelCard, table: StepTable) -> Path:
        """Exports the folder that the gateway will serve, and returns its models directory."""
        directory = self.served(phase)
        samples = [table.sample(step) for step in range(0, len(table), max(1, len(table) // ERROR_PROMPTS))]
        prompts = [sample.ids[: sample.answer_start].tolist() for sample in samples]
        folder = directory / card.name / card.version
        export_folder(model, folder, card, tokenizer=self.tokenizer, prompts=[p for p in prompts if len(p) < 2000])
        return directory

    def ask(self, program: str, phase: str, version: str, **options: object) -> dict:
        """Runs a program with a phase's model, and returns the summary that it prints."""
        words = {"models": self.served(phase), "model": f"lam-word:{version}", "threads": self.settings.threads, **options}
        return json.loads(self.run(program, **words))

    def explore(self, phase: str, version: str, **options: object) -> dict:
        """Lets a phase's model play."""
        return self.ask("desktop/explore", phase, version, **options)


def finish(process: subprocess.Popen) -> str:
    output, _ = process.communicate()
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, process.args, output)
    sys.stdout.flush()
    lines = output.strip().splitlines()
    return lines[-1] if lines else ""


def copy_folder(source: Path, target: Path) -> None:
    """Replaces `target`."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
