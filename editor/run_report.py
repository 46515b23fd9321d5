"""Runs to take home: an HTML page with curves and drawings, or tables as Markdown. Pure."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from blocks import Design, Epoch, markdown_text, thumbnail
from editor.comparing import COLOURS
from editor.run_table import RunFigures, group_rows

WIDTH, HEIGHT, LEFT, BOTTOM = 520, 280, 48, 30
STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #1e293b; max-width: 1120px; margin: 2rem auto;
  padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { padding: .35rem .7rem; border-bottom: 1px solid #e2e8f0; text-align: left; }
figure { display: inline-block; margin: 0 1.5rem 1rem 0; vertical-align: top; }
figcaption { font-weight: 600; }
""".strip()


def report(found: Sequence[RunFigures], designs: Mapping[str, Design], written: str) -> str:
    """Return the page; `designs` are drawn by their names, `written` says when."""
    charts = [
        figure("Validation accuracy", chart(found, lambda epoch: epoch.val_accuracy)),
        figure("Validation loss", chart(found, lambda epoch: epoch.val_loss)),
    ]
    drawings = [figure(name, thumbnail(design)) for name, design in designs.items()]
    parts = [
        "<h1>Runs compared</h1>",
        f"<p>{len(found)} runs, written {escape(written)}. Accuracy is that on the validation "
        "samples; where there are several seeds, mean ± standard deviation.</p>",
        table(group_rows(found)),
        *charts,
        legend(found),
        "<h2>Every run</h2>",
        table([_row(one) for one in found]),
        "<h2>Designs</h2>",
        *drawings,
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Runs compared</title>'
        f"<style>{STYLE}</style></head><body>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


def report_markdown(found: Sequence[RunFigures], written: str) -> str:
    """Return the tables of the page as Markdown, for notes and repositories."""
    return (
        f"# Runs compared\n\n{len(found)} runs, written {markdown_text(written)}. Accuracy is that "
        "on the validation samples; where there are several seeds, mean ± standard deviation.\n\n"
        f"{markdown_table(group_rows(found))}\n## Every run\n\n"
        f"{markdown_table([_row(one) for one in found])}"
    )


def markdown_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as a Markdown table; numbers with separators, nothing as a dash."""
    lines = [[*rows[0]], ["---"] * len(rows[0])] if rows else []
    lines += [[markdown_text(_cell(value)) for value in row.values()] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _row(one: RunFigures) -> dict[str, Any]:
    last = one.last
    return {
        "Run": one.label,
        "Data": one.data,
        "Epochs": last.epoch if last else 0,
        "Accuracy": f"{last.val_accuracy:.2%}" if last else None,
        "Loss": f"{last.val_loss:.4f}" if last else None,
        "Seconds": f"{one.seconds:.1f}",
    }


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as an HTML table; numbers with separators, nothing as a dash."""
    heads = "".join(f"<th>{escape(name)}</th>" for name in rows[0]) if rows else ""
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(_cell(value))}</td>" for value in row.values()) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) else str(value)


def figure(title: str, drawing: str) -> str:
    """Return a drawing (SVG of ours) under its title."""
    return f"<figure><figcaption>{escape(title)}</figcaption>{drawing}</figure>"


def legend(found: Sequence[RunFigures]) -> str:
    """Say which colour a run has."""
    items = "".join(
        f'<li style="color:{COLOURS[place % len(COLOURS)]}">{escape(one.label)}</li>'
        for place, one in enumerate(found)
    )
    return f"<ul>{items}</ul>"


def chart(found: Sequence[RunFigures], value: Callable[[Epoch], float]) -> str:
    """Return the curves of runs over their epochs as SVG, with the ends of both axes named."""
    curves = [[(epoch.epoch, value(epoch)) for epoch in one.epochs] for one in found]
    points = [point for curve in curves for point in curve]
    if not points:
        return "<p>No epoch is done yet.</p>"
    most = max(x for x, _ in points)
    low, high = min(y for _, y in points), max(y for _, y in points)

    def place(x: float, y: float) -> str:
        across = LEFT + (x - 1) / max(1, most - 1) * (WIDTH - LEFT - 10)
        down = 10 + (high - y) / ((high - low) or 1) * (HEIGHT - BOTTOM - 10)
        return f"{across:.1f},{down:.1f}"

    lines = "".join(
        f'<polyline fill="none" stroke="{COLOURS[number % len(COLOURS)]}" stroke-width="2" '
        f'points="{" ".join(place(x, y) for x, y in curve)}"/>'
        for number, curve in enumerate(curves)
    )
    base, bottom = HEIGHT - BOTTOM, HEIGHT - 8
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'font-size="12" fill="#64748b"><path d="M{LEFT} 10V{base}H{WIDTH}" fill="none" '
        f'stroke="#94a3b8"/>{lines}<text x="4" y="16">{high:.3g}</text>'
        f'<text x="4" y="{base}">{low:.3g}</text><text x="{LEFT}" y="{bottom}">epoch 1</text>'
        f'<text x="{WIDTH - 60}" y="{bottom}">epoch {most}</text></svg>'
    )
