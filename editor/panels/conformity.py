"""How far a design still is the network it was opened as: published numbers, blocks changed."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

import streamlit as st

from blocks import (
    BlockwrightError,
    Change,
    Difference,
    Published,
    Report,
    Template,
    analyze,
    differences,
    leading_back,
)
from editor.comparing import signed, value_text
from editor.session import Session
from editor.view import View

MAX_SHOWN = 40
UNPUBLISHED = (
    '<p class="note">Nobody published numbers for this network: it is compared with the template '
    "as it is drawn here.</p>"
)
STYLE = """<style>
.conformity { --line: 1px solid color-mix(in srgb, currentcolor 15%, transparent); }
.conformity :is(th, td, li, p.note) { font-size: 0.875rem; }
.conformity .verdict { display: flex; gap: 0.5rem; align-items: center; margin: 0 0 0.5rem;
  font-size: 1rem; font-weight: 600; }
.conformity .verdict::before { content: "✓"; display: grid; place-items: center; width: 1.375rem;
  height: 1.375rem; border-radius: 50%; color: #fff; background: #15803d; font-size: 0.8125rem; }
.conformity .verdict.left::before { content: "≠"; background: #b45309; }
.conformity table { width: 100%; border-collapse: collapse; }
.conformity :is(th, td) { padding: 0.375rem 0.75rem; text-align: right; font-weight: 400;
  border: 0; border-bottom: var(--line);
  font-variant-numeric: tabular-nums; }
.conformity thead th { opacity: 0.75; }
.conformity :is(th, td):first-child { padding-left: 0; text-align: left; }
.conformity .equal { color: light-dark(#166534, #86efac); }
.conformity .left { color: light-dark(#9a3412, #fdba74); font-weight: 600; }
.conformity ul { margin: 0; padding: 0; list-style: none; }
.conformity li { margin: 0; padding: 0.375rem 0; border-bottom: var(--line); }
.conformity .kind { opacity: 0.75; }
.conformity p.note { margin: 0.5rem 0 0; opacity: 0.75; }
</style>"""


class Row(NamedTuple):
    """A number as published and as it is; None was not published."""

    name: str
    published: int | None
    now: int


def show(session: Session, entry: Template) -> None:
    """Show the published numbers beside the design's, and which blocks were changed since."""
    view = session.view
    table, changed, found = view.keep(f"conformity {entry.id}", lambda view: _made(view, entry))
    st.html(STYLE)
    numbers, blocks = st.columns(2, gap="large")
    numbers.html(table)
    with blocks:
        st.html(changed)
        if found:
            st.button(
                f"Back to {entry.title}",
                icon=":material/undo:",
                key="conformity-back",
                on_click=_go_back,
                args=(session, entry),
                help="One step: undo brings your changes back.",
            )


def rows(entry: Template, report: Report) -> list[Row]:
    """Return the numbers of a template as published, else as drawn, beside those of a design."""
    own = entry.published or _drawn(analyze(entry.design()))
    return [
        Row("Parameters", own.total, report.total),
        Row("Trainable", own.trainable, report.trainable),
        Row("Non-trainable", own.non_trainable, report.non_trainable),
        Row("Multiply-adds", own.macs, report.macs),
        Row("Layers", own.layers, len(report.layers)),
    ]


def _drawn(report: Report) -> Published:
    counts = report.total, report.trainable, report.non_trainable, report.macs
    return Published(*counts, len(report.layers), "the template itself")


def _made(view: View, entry: Template) -> tuple[str, str, bool]:
    found = differences(entry.design(), view.design)
    return _numbers(entry, rows(entry, view.report)), _blocks(entry, found), bool(found)


def _numbers(entry: Template, numbers: Sequence[Row]) -> str:
    """Return the verdict and the table of numbers as HTML."""
    left = [row for row in numbers if row.published not in (None, row.now)]
    whose = "published" if entry.published else "in the template"
    words = f"{len(left)} of {len(numbers)} numbers are not as {whose}"
    verdict = words if left else f"Every number is as {whose}"
    lines = "".join(map(_line, numbers))
    return (
        f'<div class="conformity" data-left="{len(left)}">'
        f'<p class="verdict{" left" if left else ""}">{verdict}</p>'
        f"{'' if entry.published else UNPUBLISHED}<table><thead><tr><th></th>"
        f"<th>{'Published' if entry.published else 'Template'}</th><th>This design</th>"
        f"<th>Difference</th></tr></thead><tbody>{lines}</tbody></table>"
        f'<p class="note">{_source(entry)}</p></div>'
    )


def _source(entry: Template) -> str:
    """Return where a network and its published parameters stand."""
    words = f"{entry.title}: {entry.source}"
    if entry.published:
        words += f"; parameters as in {entry.published.source}"
    return f"{escape(words)}."


def _line(row: Row) -> str:
    """Return a row of the table."""
    if row.published is None:
        published, mark, kind = "not published", "", ""
    else:
        change = row.now - row.published
        published = f"{row.published:,}"
        mark, kind = (signed(change), "left") if change else ("equal", "equal")
    return (
        f"<tr><th>{row.name}</th><td>{published}</td><td>{row.now:,}</td>"
        f'<td class="{kind}">{mark}</td></tr>'
    )


def _blocks(entry: Template, found: Sequence[Difference]) -> str:
    """Return the blocks changed since the template was opened, as HTML."""
    if not found:
        words = f"Every block is as in {escape(entry.title)}"
        return f'<div class="conformity"><p class="verdict">{words}</p></div>'
    plural = "s" * (len(found) != 1)
    items = "".join(f"<li>{_item(one)}</li>" for one in found[:MAX_SHOWN])
    more = len(found) - MAX_SHOWN
    rest = f'<p class="note">and {more:,} more</p>' if more > 0 else ""
    return (
        f'<div class="conformity"><p class="verdict left">{len(found)} block{plural} changed</p>'
        f"<ul>{items}</ul>{rest}</div>"
    )


def _item(one: Difference) -> str:
    name = f"<b>{escape(one.node[:64])}</b>"
    if one.kind != "changed":
        return f'{name} {one.kind} <span class="kind">({escape(one.block)})</span>'
    return f"{name} {', '.join(map(_change, one.changes))}"


def _change(change: Change) -> str:
    if change.field == "definition":
        return "inside"
    field = escape(change.field.replace("_", " "))
    before, after = escape(value_text(change.before)), escape(value_text(change.after))
    return f"{field} {before} → <b>{after}</b>"


def _go_back(session: Session, entry: Template) -> None:
    edit = leading_back(session.stored.design, entry.design())
    try:
        session.library.edit(session.design_id, session.owner, f"Back to {entry.title}", edit)
    except BlockwrightError as error:
        session.tell(str(error))
