"""Runs side by side: what each reached and cost, mean and spread over seeds, tables. Pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import mean, stdev
from typing import Any

from blocks import Epoch, Run, analyze
from editor.comparing import written_csv

BUDGET = ("epochs", "batch_size", "learning_rate", "optimizer")


@dataclass(frozen=True)
class RunFigures:
    """What a run reached and cost; `group` is the same for runs that differ in the seed alone.

    `last` and `best` are epochs, the best one by validation loss; `seconds` is the time of all
    epochs, params and MACs (of one sample) are those of the design.
    """

    id: str
    label: str
    group: str
    design: str
    data: str
    seed: int
    settings: dict[str, Any]
    params: int
    macs: int
    epochs: tuple[Epoch, ...] = ()

    @property
    def last(self) -> Epoch | None:
        return self.epochs[-1] if self.epochs else None

    @property
    def best(self) -> Epoch | None:
        return min(self.epochs, key=lambda epoch: epoch.val_loss, default=None)

    @property
    def seconds(self) -> float:
        return sum(epoch.seconds for epoch in self.epochs)


def figures_of(run: Run) -> RunFigures:
    """Read what a run reached and cost; of a design that cannot be counted, the zeros say so."""
    design, settings = run.design, run.settings.values()
    report = analyze(design)
    seed = int(settings.pop("seed"))
    group = json.dumps([design.name, report.graph.hash, run.data, settings], sort_keys=True)
    return RunFigures(
        id=run.id,
        label=f"{run.title or design.name}, seed {seed}",
        group=group,
        design=design.name,
        data=run.data_title,
        seed=seed,
        settings=settings,
        params=report.total,
        macs=report.macs,
        epochs=run.metrics().epochs,
    )


def told_apart(found: Sequence[RunFigures]) -> list[RunFigures]:
    """Return the runs with labels of their own: equal ones are numbered."""
    labels = [one.label for one in found]
    return [
        replace(one, label=f"{one.label} ({labels[: place + 1].count(one.label)})")
        if labels.count(one.label) > 1
        else one
        for place, one in enumerate(found)
    ]


@dataclass(frozen=True)
class Spread:
    """Mean and sample standard deviation of a figure over seeds; none of a single value."""

    mean: float
    deviation: float | None

    def percent(self) -> str:
        """Return a share as a person reads it: 97.2 % ± 0.4."""
        more = f" ± {self.deviation:.1%}".rstrip("%") if self.deviation is not None else ""
        return f"{self.mean:.1%}{more}"


def spread(values: Sequence[float]) -> Spread | None:
    """Return mean and spread of values; None where there are none."""
    if not values:
        return None
    return Spread(mean(values), stdev(values) if len(values) > 1 else None)


def groups(found: Sequence[RunFigures]) -> dict[str, list[RunFigures]]:
    """Return the runs by what they have in common but the seed, in their order."""
    together: dict[str, list[RunFigures]] = {}
    for one in found:
        together.setdefault(one.group, []).append(one)
    return together


def group_rows(found: Sequence[RunFigures]) -> list[dict[str, Any]]:
    """Return a row for each design and settings: accuracy as mean and spread over its seeds."""
    rows = []
    for members in groups(found).values():
        done = [one for one in members if one.last]
        last = spread([one.last.val_accuracy for one in done if one.last])
        best = spread([one.best.val_accuracy for one in done if one.best])
        first = members[0]
        rows.append(
            {
                "Design": first.design,
                "Seeds": ", ".join(str(one.seed) for one in members),
                "Accuracy, last epoch": last.percent() if last else None,
                "Accuracy, best epoch": best.percent() if best else None,
                "Parameters": first.params,
                "Multiply-adds": first.macs,
                "Seconds": round(mean([one.seconds for one in done]), 1) if done else None,
                "Settings": budget(first),
            }
        )
    return rows


def budget(one: RunFigures) -> str:
    """Return the settings that decide how much a run may learn, in words."""
    epochs, batch, rate, optimizer = (one.settings[name] for name in BUDGET)
    return f"{one.data}, {epochs} epochs, batches of {batch}, {optimizer} at {rate:g}"


def runs_csv(found: Sequence[RunFigures]) -> str:
    """Return a line for each run, the plain numbers."""
    heads = ["Run", "Id", "Design", "Data", "Seed", *BUDGET, "Parameters", "Multiply-adds"]
    heads += ["Epochs done", "Seconds", "Loss", "Accuracy", "Validation loss"]
    heads += ["Validation accuracy", "Best epoch", "Best validation loss"]
    lines: list[Sequence[Any]] = [heads]
    for one in found:
        last, best = one.last, one.best
        line = [one.label, one.id, one.design, one.data, one.seed]
        line += [*(one.settings[name] for name in BUDGET), one.params, one.macs]
        line += [last.epoch if last else 0, round(one.seconds, 3)]
        line += [last.loss, last.accuracy, last.val_loss, last.val_accuracy] if last else [""] * 4
        lines.append([*line, *([best.epoch, best.val_loss] if best else ["", ""])])
    return written_csv(lines)


def epochs_csv(found: Sequence[RunFigures]) -> str:
    """Return a line for each epoch of each run: its curves as numbers."""
    heads = ["Run", "Id", "Epoch", "Loss", "Accuracy", "Validation loss", "Validation accuracy"]
    lines: list[Sequence[Any]] = [[*heads, "Seconds"]]
    for one in found:
        for e in one.epochs:
            figures = e.loss, e.accuracy, e.val_loss, e.val_accuracy, e.seconds
            lines.append([one.label, one.id, e.epoch, *figures])
    return written_csv(lines)
