"""Designs side by side: their totals, what lies between them, and tables to take home. Pure."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from blocks import BlockPair, Change, Report, bytes_text, compare, markdown_text
from editor.view import View

COLOURS = ("#6366f1", "#d97706", "#0d9488", "#db2777", "#65a30d", "#64748b")
"""What is compared, in its order; legible on the light and on the dark page."""

MINUS = "\N{MINUS SIGN}"
MARKS = {"added": "+", "removed": MINUS, "changed": "\N{NOT EQUAL TO}", "same": ""}
NARROW = "\N{NARROW NO-BREAK SPACE}"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Compared:
    """A design in a comparison: `ref` stands for it in the address, `label` on the page.

    `design_id` is "" for a template; `latest` says that it can be edited: a design of the
    person's own as it is now.
    """

    ref: str
    label: str
    view: View
    design_id: str = ""
    revision: int | None = None
    latest: bool = False


class Metric(NamedTuple):
    """A number of every design; None where it has none. `least` says that less is better."""

    name: str
    values: tuple[int | None, ...]
    bytes: bool = False
    least: bool = False

    def text(self, value: int | None) -> str:
        """Return a value as a person reads it."""
        if value is None:
            return "none"
        return bytes_text(value) if self.bytes else f"{value:,}"

    def best(self) -> set[int]:
        """Return which designs have the least, where that is good and not all have it."""
        known = [value for value in self.values if value is not None]
        if not self.least or len(set(known)) < 2:
            return set()
        return {place for place, value in enumerate(self.values) if value == min(known)}


def metrics(reports: Sequence[Report], batch: int, optimizer: str) -> list[Metric]:
    """Return the totals of designs for a batch size and an optimizer."""

    def of(name: str, values: Any, **words: bool) -> Metric:
        return Metric(name, tuple(values), **words)

    cost: dict[str, bool] = {"least": True}
    memory = {"bytes": True, "least": True}
    return [
        of("Parameters", (r.total for r in reports), **cost),
        of("Trainable", (r.trainable for r in reports)),
        of("Multiply-adds", (r.macs for r in reports), **cost),
        of("Activations, one sample", (r.activation_bytes for r in reports), **memory),
        of(
            f"Training memory, batch {batch}, {optimizer}",
            (r.training_bytes(batch, optimizer) for r in reports),
            **memory,
        ),
        of("Layers", (len(r.layers) for r in reports)),
        of("Depth in layers", (r.depth for r in reports)),
        of("Depth in convolutions and dense layers", (r.weighted_depth for r in reports)),
        of("Receptive field before it is global, places", (reach(r) for r in reports)),
    ]


def reach(report: Report) -> int | None:
    """Return what the last value sees that does not see everything, along the first axis."""
    known = [f[0].largest for f in report.fields.values() if f and f[0].largest is not None]
    return known[-1] if known else None


def difference(value: int | None, base: int | None, metric: Metric) -> str:
    """Return the way from a base to a value, in numbers and in percent: +1,200 (+4.0 %)."""
    if value is None or base is None:
        return ""
    more = value - base
    if not more:
        return "equal"
    sign = "+" if more > 0 else MINUS
    words = f"{sign}{metric.text(abs(more))}"
    if not base:
        return words
    share = abs(more) * 100 / base
    return f"{words} ({sign}{share:,.1f}{NARROW}%)"


def signed(count: int) -> str:
    """Return a difference with its sign; 0 without."""
    return f"{count:+,}".replace("-", MINUS) if count else "0"


def pairs(first: Compared, second: Compared) -> tuple[BlockPair, ...]:
    """Return the blocks of two designs side by side, worked out once for each pair of views."""
    # The view itself is in the name: another revision of the first design has another one.
    name = f"beside {id(first.view)}"
    made, _ = second.view.keep(name, lambda view: (_pairs(first.view, view), first.view))
    return made


def _pairs(first: View, second: View) -> tuple[BlockPair, ...]:
    return compare(first.design, second.design, (first.report, second.report))


def change_text(change: Change) -> str:
    """Return what changed in a block in plain words: filters 64 → 128."""
    if change.field == "definition":
        return "inside"
    before, after = value_text(change.before), value_text(change.after)
    return f"{change.field.replace('_', ' ')} {before} → {after}"


def value_text(value: Any) -> str:
    """Return a value of a block as a person reads it; what is long is cut."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, dict):
        value = [f"{name} {item}" for name, item in value.items()]
    if isinstance(value, list | tuple):
        value = ", ".join(map(str, value))
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)[:64] if value not in (None, "") else "none"


def totals_csv(labels: Sequence[str], found: Sequence[Metric]) -> str:
    """Return the totals as CSV, one line a design; bytes are plain numbers."""
    names = [f"{m.name}, bytes" if m.bytes else m.name for m in found]
    lines: list[Sequence[Any]] = [["Design", *names]]
    lines += [[label, *(m.values[place] for m in found)] for place, label in enumerate(labels)]
    return written_csv(lines)


def blocks_csv(rows: Sequence[BlockPair]) -> str:
    """Return a comparison block by block as CSV."""
    heads = ["Block", "Type", "Kind", "Changes", "Parameters before", "Parameters after"]
    heads += ["Multiply-adds before", "Multiply-adds after"]
    lines: list[Sequence[Any]] = [heads]
    for row in rows:
        changes = "; ".join(map(change_text, row.changes))
        lines.append(
            (row.node.name, row.node.block.title, row.kind, changes, *row.params, *row.macs)
        )
    return written_csv(lines)


def totals_markdown(labels: Sequence[str], found: Sequence[Metric], base: int) -> str:
    """Return the totals as a Markdown table, with the differences against a base."""
    heads = [markdown_text(label) for label in labels]
    lines = [f"| | {' | '.join(heads)} |", f"|---|{'---:|' * len(labels)}"]
    for metric in found:
        cells = []
        for place, value in enumerate(metric.values):
            more = difference(value, metric.values[base], metric) if place != base else ""
            cells.append(f"{metric.text(value)}{f'; {more}' if more else ''}")
        lines.append(f"| {metric.name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def written_csv(lines: Sequence[Sequence[Any]]) -> str:
    """Return lines of cells as CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([[_cell(v) for v in line] for line in lines])
    return text.getvalue()


def _cell(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value
