"""The one command that makes a shipped model, from the simulated desktop to the model folder.

    python -m models.training.run --out models/lam-word/2 --minutes 75

Each stage leaves its result in the work folder (.training/<name>-<version>) and is skipped when that exists, so the command
can be stopped and started again; training continues from its last checkpoint. `--finish` takes the last checkpoint as it is.
"""

import argparse
import json
import subprocess
from dataclasses import asdict
from pathlib import Path

import torch

from .data import StepTable, encode_steps, read_steps
from .evaluate import evaluate
from .export import ModelCard, export_folder
from .golden import GREEDY_TOKENS, golden, write_golden
from .model import ActionModel, ModelConfig
from .tokenizer import SegmentEncoder, count_texts, save_tokenizer, train_tokenizer
from .train import TrainConfig, TrainData, Trainer

VALIDATION_SEED = 100_035
"""First episode of what is watched while training; the final evaluation uses other episodes, from 0."""
ERROR_PROMPTS = 64
GOLDEN_PROMPTS = 4


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m models.training.run", description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="model folder to write: models/<name>/<version>")
    budget = parser.add_mutually_exclusive_group()
    budget.add_argument("--minutes", type=float, help="training time (default 75)")
    budget.add_argument("--tokens", type=int, help="training tokens, instead of a time")
    budget.add_argument("--finish", action="store_true", help="do not train on: evaluate and export the last checkpoint")
    parser.add_argument("--episodes", type=int, default=32_400, help="training episodes (multiples of 81 balance templates)")
    parser.add_argument("--test-episodes", type=int, default=1_620, help="episodes of the final evaluation")
    parser.add_argument("--seed", type=int, default=1, help="seed of weights and batches")
    parser.add_argument("--vocab-size", type=int, default=2048)
    parser.add_argument("--bits", type=int, choices=(4, 8), default=8, help="bits per weight of the exported model")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--note", default="", help="anything about the run that the record should say")
    parser.add_argument("--exporter", default="dist/bench/desktop/export.js", help="the built data exporter")
    return parser.parse_args()


class Run:
    """The stages over one work folder."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.arguments = arguments
        self.out: Path = arguments.out
        self.name, self.version = self.out.parent.name, self.out.name
        self.work = Path(".training") / f"{self.name}-{self.version}"

    def data(self, part: str, *, split: str, episodes: int, seed: int) -> Path:
        """JSON Lines of some episodes of the simulated desktop."""
        path = self.work / f"{part}.jsonl"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_suffix(".tmp")
            options = {"split": split, "episodes": episodes, "seed": seed, "out": temporary}
            flags = [str(word) for name, value in options.items() for word in (f"--{name}", value)]
            subprocess.run(["node", self.arguments.exporter, *flags], check=True)
            temporary.replace(path)
        return path

    def tokenizer(self, train: Path, context_length: int) -> SegmentEncoder:
        folder = self.work / "tokenizer"
        if not (folder / "tokenizer_config.json").exists():
            folder.mkdir(parents=True, exist_ok=True)
            save_tokenizer(train_tokenizer(count_texts(read_steps(train)), self.arguments.vocab_size), folder, context_length)
        return SegmentEncoder.load(folder)

    def table(self, steps: Path, encoder: SegmentEncoder) -> StepTable:
        cache = steps.with_suffix(".npz")
        if not cache.exists():
            encode_steps(read_steps(steps), encoder).save(cache)
        return StepTable.load(cache)

    def train(self, encoder: SegmentEncoder, data: TrainData) -> None:
        arguments = self.arguments
        minutes = None if arguments.tokens else arguments.minutes or 75.0
        config = TrainConfig(minutes=minutes, tokens=arguments.tokens, seed=arguments.seed)
        Trainer(ModelConfig(vocab_size=encoder.vocab_size), config, data, self.work).run()

    def finish(self, test: StepTable) -> None:
        """Evaluates the last checkpoint on `test` and writes model folder and golden values."""
        state = torch.load(self.work / "checkpoint.pt", map_location="cpu", weights_only=True)
        model = ActionModel(ModelConfig(**state["model_config"]))
        model.load_state_dict(state["model"])
        data = f"simulated desktop, split test, {self.arguments.test_episodes} episodes from seed 0"
        evaluation = {"data": data, **evaluate(model, test)}
        print(json.dumps(evaluation, indent=2))
        provenance = self.provenance(model, state)
        card = ModelCard(self.name, self.version, bits=self.arguments.bits, provenance=provenance, evaluation=evaluation)
        samples = [test.sample(step) for step in range(0, len(test), max(1, len(test) // ERROR_PROMPTS))]
        longest = model.config.context_length - GREEDY_TOKENS
        prompts = [sample.ids[: sample.answer_start].tolist() for sample in samples if sample.answer_start <= longest]
        export_folder(model, self.out, card, tokenizer=self.work / "tokenizer", prompts=prompts)
        values = golden(model, self.out / "model.onnx", bits=card.bits, candidates=prompts, keep=GOLDEN_PROMPTS)
        write_golden(Path("test/golden") / f"{self.name}-{self.version}.json", values)

    def provenance(self, model: ActionModel, state: dict) -> dict:
        progress = state["progress"]
        return {
            "command": f"python -m models.training.run --out {self.out}",
            "data": f"simulated desktop, split train, {self.arguments.episodes} episodes from seed 0",
            "parameters": model.num_parameters(),
            "model": asdict(model.config),
            "training": state["train_config"],
            "seed": state["train_config"]["seed"],
            "steps": progress["steps"],
            "tokens": progress["tokens"],
            "hours": round(progress["seconds"] / 3600, 2),
            "device": state["device"],
            "torch": torch.__version__,
            "note": self.arguments.note,
        }


def main() -> None:
    arguments = parse_arguments()
    torch.set_num_threads(arguments.threads)
    run = Run(arguments)
    if not arguments.finish:
        train = run.data("train", split="train", episodes=arguments.episodes, seed=0)
        validation = run.data("validation", split="test", episodes=648, seed=VALIDATION_SEED)
        encoder = run.tokenizer(train, ModelConfig.context_length)
        run.train(encoder, TrainData(run.table(train, encoder), run.table(validation, encoder)))
    test = run.data("test", split="test", episodes=arguments.test_episodes, seed=0)
    run.finish(run.table(test, SegmentEncoder.load(run.work / "tokenizer")))


if __name__ == "__main__":
    main()
