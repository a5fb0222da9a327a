"""How often the model's answer is right, field by field: teacher-forced, and by free greedy decoding without a grammar.

    object     the NAME-part, up to and including `<|fn|>`      operation  the function's name
    args       from there to `<|st|>`                           status     from there to `<|end|>`

Teacher-forced, a field is right when the arg-max after every prefix of the true answer is the true next token. If all
fields are, greedy decoding gives that very answer; so only the other steps need to be decoded freely.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from .batches import Batch, by_length, collate
from .data import Sample, StepTable
from .model import ActionModel, Cache
from .tokenizer import SPECIAL_IDS

FIELDS = ("object", "operation", "args", "status")
END, FUNCTION, STATUS = (SPECIAL_IDS[token] for token in ("<|end|>", "<|fn|>", "<|st|>"))
ARGUMENT = SPECIAL_IDS["<|arg|>"]
MAX_ANSWER_TOKENS = 96


def fields_of(answer: Sequence[int]) -> np.ndarray:
    """int [len(answer)]: the index in FIELDS that each token of an answer belongs to."""
    labels, current = [], 0
    for token in answer:
        if current == 1 and token in (ARGUMENT, STATUS):
            current = 2
        labels.append(current)
        if current == 0 and token == FUNCTION:
            current = 1
        elif current == 2 and token == STATUS:
            current = 3
    return np.array(labels)


def status_of(answer: np.ndarray) -> str:
    """The tokens of an answer's status, as a key."""
    return " ".join(map(str, answer[np.flatnonzero(answer == STATUS)[-1] :]))


@dataclass
class Score:
    """Steps seen, and steps in which each field (and `step`: all of them) was right."""

    steps: int = 0
    right: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*FIELDS, "step"), 0))

    def add(self, correct: dict[str, bool]) -> None:
        self.steps += 1
        for name in FIELDS:
            self.right[name] += correct[name]
        self.right["step"] += all(correct.values())

    def percent(self) -> dict[str, float]:
        return {name: round(100 * count / max(1, self.steps), 2) for name, count in self.right.items()}


def compare(answer: Sequence[int], predicted: Sequence[int]) -> dict[str, bool]:
    """Which fields of `answer` the token-by-token prediction has right (both of equal length)."""
    labels, same = fields_of(answer), np.equal(answer, predicted)
    return {name: bool(same[labels == index].all()) for index, name in enumerate(FIELDS)}


def teacher_forced(model: ActionModel, samples: list[Sample], *, max_tokens: int = 8192) -> list[np.ndarray]:
    """For each sample the arg-max prediction of every answer token, int [answer length]. Half precision where it is fast."""
    return _per_answer(model, samples, max_tokens, lambda logits, batch: logits.argmax(dim=-1))


@torch.inference_mode()
def _per_answer(
    model: ActionModel,
    samples: list[Sample],
    max_tokens: int,
    read: Callable[[torch.Tensor, Batch], torch.Tensor],
    trunk: nn.Module | None = None,
) -> list[np.ndarray]:
    """For each sample [answer length]: what `read` makes of the logits of all answer tokens of a batch [answer tokens, vocab]. Where
    there are branches, their answers come behind the sample's own."""
    device = model.embedding.weight.device
    index_of = {id(sample): index for index, sample in enumerate(samples)}
    answers: list[np.ndarray] = [np.empty(0)] * len(samples)
    for group in by_length(samples, max_tokens):
        batch = collate(group).to(device)
        with torch.autocast(device.type, torch.bfloat16):
            logits = model.logits((model if trunk is None else trunk)(batch.ids, None, batch.branches)[batch.answer])
        lengths = [sum(len(part.ids) - part.answer_start for part in (sample, *sample.branches)) for sample in group]
        parts = np.split(read(logits, batch).cpu().numpy(), np.cumsum(lengths)[:-1])
        for sample, part in zip(group, parts, strict=True):
            answers[index_of[id(sample)]] = part
    return answers


def score_teacher_forced(model: ActionModel, samples: list[Sample]) -> Score:
    score = Score()
    for sample, predicted in zip(samples, teacher_forced(model, samples), strict=True):
        score.add(compare(sample.ids[sample.answer_start :], predicted))
    return score


def answer_log_probs(
    model: ActionModel, samples: list[Sample], *, max_tokens: int = 8192, trunk: nn.Module | None = None
) -> list[np.ndarray]:
    """For each sample the natural log of the probability of every answer token, float32 [answer length]. `trunk`: the compiled form
    of `model`, if there is one."""

    def log_probs(logits: torch.Tensor, batch: Batch) -> torch.Tensor:
        return -F.cross_entropy(logits.float(), batch.ids.roll(-1, dims=1)[batch.answer], reduction="none")

    return _per_answer(model, samples, max_tokens, log_probs, trunk)


def answer_loss(model: ActionModel, samples: list[Sample]) -> float:
    """Mean cross-entropy of the answers' tokens, in nats."""
    return float(-np.concatenate(answer_log_probs(model, samples)).mean())


@torch.inference_mode()
def decode(model: ActionModel, prompt: Sequence[int]) -> list[int]:
    """The greedy answer to a prompt, up to and including `<|end|>`."""
    cache: Cache = []
    device = model.embedding.weight.device
    ids, answer = torch.tensor([list(prompt)], device=device), []
    room = min(MAX_ANSWER_TOKENS, model.config.context_length - len(prompt))
    while len(answer) < room:
        ids = model.logits(model(ids, cache)[:, -1:]).argmax(dim=-1)
        answer.append(int(ids))
        if answer[-1] == END:
            break
    return answer


def split_answer(answer: Sequence[int]) -> dict[str, list[int]]:
    """The tokens of an answer by field."""
    labels = fields_of(answer)
    return {name: np.array(answer)[labels == index].tolist() for index, name in enumerate(FIELDS)}


def evaluate(model: ActionModel, table: StepTable) -> dict:
    """Percentages over all steps of `table`, in full and by task; steps longer than the context count as wrong."""
    model.eval()
    samples = [table.sample(step) for step in range(len(table))]
    fitting = [step for step, sample in enumerate(samples) if len(sample.ids) <= model.config.context_length]
    predictions = dict(zip(fitting, teacher_forced(model, [samples[step] for step in fitting]), strict=True))
    forced, free, by_task = Score(), Score(), defaultdict(Score)
    episodes: dict[int, bool] = {}
    for step, sample in enumerate(samples):
        answer = sample.ids[sample.answer_start :].tolist()
        correct = dict.fromkeys(FIELDS, False)
        if step in predictions:
            correct = compare(answer, predictions[step])
        forced.add(correct)
        if step in predictions and not all(correct.values()):
            correct = _free(model, table, step, sample)
        free.add(correct)
        by_task[str(table.tasks[step])].add(correct)
        episode = int(table.episodes[step])
        episodes[episode] = episodes.get(episode, True) and all(correct.values())
    return {
        "steps": len(samples),
        "too_long": len(samples) - len(fitting),
        "teacher_forced_percent": forced.percent(),
        "greedy_percent": free.percent(),
        "greedy_episode_percent": round(100 * sum(episodes.values()) / max(1, len(episodes)), 2),
        "greedy_step_percent_by_task": {task: by_task[task].percent()["step"] for task in sorted(by_task)},
    }


def _free(model: ActionModel, table: StepTable, step: int, sample: Sample) -> dict[str, bool]:
    """Field by field, whether the decoded answer is the true one; another acceptable NAME-part counts as right."""
    decoded = split_answer(decode(model, sample.ids[: sample.answer_start].tolist()))
    truth = split_answer(sample.ids[sample.answer_start :].tolist())
    correct = {name: decoded[name] == truth[name] for name in FIELDS}
    names = [[*name, FUNCTION] for name in table.acceptable_names(step)]
    return {**correct, "object": correct["object"] or decoded["object"] in names}
