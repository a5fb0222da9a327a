"""The table that a run writes: how much data each phase had, as in the paper's Table 1, and what came of it."""

from pathlib import Path

from .workspace import Workspace


def _percent(figures: dict, *names: str) -> list[str]:
    return [f"{figures[name]:.1f}" for name in names]


def data_rows(records: dict[str, dict]) -> list[list[str]]:
    """Phase, source of its data, and sizes."""
    collected, boost, explored = records["collect"], records["boost"], records["explore"]
    plans = ", ".join(f"{count:,} {kind}" for kind, count in sorted(collected["plans"].items()))
    pairs, policy = records["reward"]["pairs"], records["lam4"]["policy"]
    failed = collected["execution_fail"] + collected["execution_unsure"]
    return [
        ["LAM1", "task-plan pairs", f"{records['lam1']['pairs']:,} ({plans})"],
        ["LAM2", "the expert's successes", f"{records['lam2']['trajectories']:,} of {collected['tasks']:,} tasks, {records['lam2']['steps']:,} steps"],
        ["LAM3", "LAM2's successes on the expert's failures", f"{boost['successes']:,} trajectories, {boost['tasks_solved']:,} of {boost['tasks']:,} tasks tried ({failed:,} failed)"],
        ["reward", "good and bad answers", f"{pairs['good']:,} and {pairs['bad']:,}"],
        ["LAM4", "LAM2's and LAM3's candidates in states of their trajectories", f"{policy['candidates']:,} in {policy['states with a preference']:,} states of {boost['episodes'] + explored['episodes']:,} trajectories"],
        ["LAM4", "the expert's trajectories that end in FAIL or CONFIRM", f"{records['rare']['trajectories']:,} of {records['rare']['drawn']:,} more tasks"],
        ["LAM4", "the expert's trajectories in tasks that a disturbance makes impossible, and without it", f"{2 * records['rare']['contrasts']:,}, from {records['rare']['contrasts_drawn']:,} more tasks"],
    ]  # fmt: skip


def training_rows(records: dict[str, dict]) -> list[list[str]]:
    """Phase, tokens, hours, and the loss on held-out data before and after."""
    rows = []
    for phase in ("lam1", "lam2", "lam3", "reward", "lam4"):
        training, validation = records[phase]["training"], records[phase]["validation"]
        losses = [f"{validation[when]['loss']:.4f}" for when in ("first", "last")]
        rows.append([phase, f"{training['tokens'] / 1e6:.2f} M", f"{training['hours']:.2f}", *losses])
    return rows


def result_rows(records: dict[str, dict]) -> list[list[str]]:
    """Phase, accuracy on the expert's steps, and tasks done online."""
    rows = []
    for phase in ("lam2", "lam3", "lam4"):
        record = records[phase]
        offline = _percent(record["offline"], "object_acc", "operation_acc", "status_acc", "ssr", "ssr_args", "tsr")
        online = [f"{record[name]['tsr']:.1f}" for name in ("online", "online_held_out")]
        rows.append([phase, *offline, *online])
    return rows


def render(records: dict[str, dict]) -> str:
    best, judged = records["lam4"]["online_best_of_4"], records["reward"]["test"]
    return "\n".join([
        "# What the phases had and gave",
        "",
        _table(["phase", "data", "size"], data_rows(records)),
        "",
        "Losses are on held-out data, in nats: per answer token, for the reward model per pair.",
        "",
        _table(["phase", "training tokens", "hours", "loss before", "loss after"], training_rows(records)),
        "",
        "Percent, on tasks of the test split. Offline: fields of the expert's steps, steps with object, operation and status right,",
        "with the arguments as well, and tasks all of whose steps are right. Online: tasks that the oracle finds done when the model plays; held out: templates never trained on.",
        "",
        _table(["phase", "object", "operation", "status", "SSR", "SSR with arguments", "TSR", "online TSR", "held-out online TSR"], result_rows(records)),
        "",
        f"LAM1: {records['lam1']['online']['tsr']:.1f} % of tasks done by carrying out its plan. Reward model: area under the curve "
        f"{judged['auc_by_step']:.3f} by step, {judged['auc_by_episode']:.3f} by episode. LAM4, best of 4 with the reward: {best['tsr']:.1f} % online.",
        "",
    ])  # fmt: skip


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def report(workspace: Workspace, records: dict[str, dict]) -> Path:
    path = workspace.work / "table.md"
    path.write_text(render(records))
    return path
