"""The one command that makes the shipped models, from the simulated desktop to model folders.

    python -m models.training.pipeline --budget-minutes 150 --threads 2

Every stage leaves its record in the work folder and is skipped when that is there; a training goes on from its last checkpoint.
So the command can be stopped at any time and started again. `--small` runs everything in two minutes, and ships nothing.
"""

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path

import torch

from .memory import keep_memory
from .phases.collect import collect
from .phases.explore import boost, explore
from .phases.lam1 import lam1
from .phases.lam2 import lam2
from .phases.lam3 import lam3
from .phases.lam4 import lam4
from .phases.rare import rare
from .phases.report import report
from .phases.reward import reward
from .phases.settings import Settings, small
from .phases.ship import ship
from .phases.workspace import Workspace

STAGES = {"collect": collect, "lam1": lam1, "lam2": lam2, "boost": boost, "lam3": lam3, "explore": explore, "reward": reward, "rare": rare, "lam4": lam4}  # fmt: skip


def parse_arguments(words: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m models.training.pipeline", description=__doc__.splitlines()[0])
    budget = parser.add_mutually_exclusive_group()
    budget.add_argument("--budget-minutes", type=float, help="of the whole run (default 150); four fifths go to training")
    budget.add_argument("--tokens", type=int, help="training tokens of all phases together, for a result that does not depend on speed")
    parser.add_argument("--small", action="store_true", help="a tiny model on little data; changes no model folder")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path, help="checkpoints and data (default .training/word, or .training/small)")
    parser.add_argument("--out", type=Path, default=Path("models"), help="where the finished folders go")
    parser.add_argument("--go-on-from", type=Path, metavar="MODELS", help="begin LAM1 and LAM2 with the weights and the tokenizer of this models directory")
    parser.add_argument("--build", type=Path, default=Path("dist"), help="the built TypeScript programs")
    parser.add_argument("--until", choices=tuple(STAGES), help="stop after this stage, and ship what is there by then")
    return parser.parse_args(words)


def settings_of(arguments: argparse.Namespace) -> Settings:
    work = arguments.work or Path(".training") / ("small" if arguments.small else "word")
    minutes = None if arguments.tokens else arguments.budget_minutes or 150.0
    settings = Settings(
        work=work,
        out=arguments.out,
        initial=arguments.go_on_from,
        build=arguments.build,
        minutes=minutes,
        tokens=arguments.tokens,
        seed=arguments.seed,
        threads=arguments.threads,
        device=arguments.device,
    )
    return replace(small(settings), out=None) if arguments.small else settings


def run(settings: Settings, *, until: str | None = None, command: str = "python -m models.training.pipeline") -> dict[str, dict]:
    """The records of the stages by name, in their order."""
    torch.set_num_threads(settings.threads)
    workspace, records = Workspace(settings), {}
    began = time.monotonic()
    for name, stage in STAGES.items():
        records[name] = stage(workspace)
        if name == until:
            break
    folders = ship(workspace, records, command)
    table = report(workspace, records) if len(records) == len(STAGES) else "no table"
    workspace.log(f"{len(folders)} model folders, {table}, {(time.monotonic() - began) / 60:.1f} minutes")
    return records


def main() -> None:
    arguments = parse_arguments()
    settings = settings_of(arguments)
    budget = f"--tokens {arguments.tokens}" if arguments.tokens else f"--budget-minutes {settings.minutes or 0:g}"
    options = "--small" if arguments.small else budget
    if settings.initial is not None:
        options += f" --go-on-from {settings.initial}"
    command = f"python -m models.training.pipeline {options} --seed {settings.seed} --threads {settings.threads}"
    records = run(settings, until=arguments.until, command=command)
    print(json.dumps({name: record.get("online", record.get("test", {})) for name, record in records.items()}, indent=2))


if __name__ == "__main__":
    keep_memory("models.training.pipeline")
    main()
