"""Two designs block by block: a table, both diagrams, and a block of one put into the other."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from blocks import (
    BlockPair,
    BlockwrightError,
    Design,
    Edit,
    Report,
    analyze,
    diagram_dot,
    taken_out,
    transplant,
    weights_fit,
)
from editor.canvas import pictures
from editor.comparing import MARKS, Compared, change_text, pairs, signed
from editor.panels import compare_choice
from editor.panels.layers import count_column, countable
from editor.session import Session
from editor.words import literal

LEGEND = (
    "**+** only in the second, **\N{MINUS SIGN}** only in the first, **\N{NOT EQUAL TO}** set "
    "otherwise; unmarked blocks are the same. A click on a block marks it in both."
)


def show(session: Session, compared: Sequence[Compared]) -> None:
    """Show how the second of two designs differs from the first."""
    first, second = _two(compared)
    if first is second:
        st.caption("Choose two different designs.")
        return
    rows = pairs(first, second)
    st.markdown(_verdict(rows))
    row = _table(rows, first, second)
    if row is not None:
        _take(session, compared, first, second, row)
    _diagrams(rows, first, second)


def _two(compared: Sequence[Compared]) -> tuple[Compared, Compared]:
    places = range(len(compared))
    with st.container(horizontal=True):
        chosen = [
            st.selectbox(
                label,
                places,
                index=place,
                format_func=lambda number: compared[number].label,
                # The key names the designs: a place means nothing among others.
                key=f"compare/{label}/{','.join(one.ref for one in compared)}",
            )
            for place, label in enumerate(("First design", "Second design"))
        ]
    return compared[chosen[0]], compared[chosen[1]]


def _verdict(rows: Sequence[BlockPair]) -> str:
    counts = {kind: sum(row.kind == kind for row in rows) for kind in MARKS}
    if counts["same"] == len(rows):
        return "Every block is the same."
    words = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    params, macs = sum(row.more_params for row in rows), sum(row.more_macs for row in rows)
    return f"Blocks: {words}. In all {signed(params)} parameters and {signed(macs)} multiply-adds."


def _table(rows: Sequence[BlockPair], first: Compared, second: Compared) -> BlockPair | None:
    """Show the blocks and return the chosen one."""
    only = st.toggle("Only what differs", value=True, key="compare/only")
    shown = [
        row for row in rows if not only or row.kind != "same" or row.more_params or row.more_macs
    ]
    if not shown:
        return None
    frame = pd.DataFrame(
        {
            "": [MARKS[row.kind] for row in shown],
            "Block": [row.node.name for row in shown],
            "Type": [row.node.block.title for row in shown],
            "What": [_words(row) for row in shown],
            "Parameters, change": [signed(row.more_params) for row in shown],
            "Multiply-adds, change": [signed(row.more_macs) for row in shown],
            "Parameters in the second": countable([row.params[1] for row in shown]),
        }
    )
    event: Any = st.dataframe(
        frame,
        hide_index=True,
        height=min(38 + 35 * len(shown), 388),
        key=f"compare-blocks-{first.ref}-{first.revision}-{second.ref}-{second.revision}-{only}",
        on_select="rerun",
        selection_mode="single-row",
        selection_default={"selection": {"rows": [0]}},
        column_config={
            "": st.column_config.TextColumn(width=32),
            "What": st.column_config.TextColumn(width="large"),
            "Parameters, change": st.column_config.TextColumn(alignment="right"),
            "Multiply-adds, change": st.column_config.TextColumn(alignment="right"),
            "Parameters in the second": count_column(frame["Parameters in the second"]),
        },
    )
    chosen = [place for place in event.selection.rows if place < len(shown)]
    return shown[chosen[0]] if chosen else None


def _words(row: BlockPair) -> str:
    if row.kind in ("added", "removed"):
        return row.kind
    if row.kind == "same":
        return "the same; what comes into it differs"
    return ", ".join(map(change_text, row.changes))


def _take(
    session: Session,
    compared: Sequence[Compared],
    first: Compared,
    second: Compared,
    row: BlockPair,
) -> None:
    """Offer to make the first design at one block like the second, with what that changes."""
    design, there, name = first.view.design, second.view.design, row.node.name
    if row.after:
        edit, verb, where, copy = transplant(design, there, name), "Take", "into", "with"
        label = f"Take {name} from {second.label}"
    else:
        edit, verb, where, copy = taken_out(design, there, name), "Take out", "of", "without"
        label = f"Take out {name} as in {second.label}"
    after, _ = design.apply(edit)
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"{verb} **{literal(name)}** {where} **{literal(first.label)}**: "
            f"{_effect(first, after)}"
        )
        st.space("stretch")
        st.button(
            f"{verb} {literal(name)}" if first.latest else f"Open a copy {copy} {literal(name)}",
            icon=":material/move_down:" if row.after else ":material/remove:",
            key="compare-take",
            on_click=_apply,
            args=(session, compared, first, label[:64], edit),
            help="One step of the design's history: Undo takes it back."
            if first.latest
            else "Templates and earlier versions stay as they are.",
        )


def _effect(first: Compared, after: Design) -> str:
    """Say in numbers what a change makes of a design."""
    before, report = first.view.report, analyze(after)
    words = (
        f"{signed(report.total - before.total)} parameters, "
        f"{signed(report.macs - before.macs)} multiply-adds"
    )
    known = {str(problem) for problem in before.errors}
    new = [problem for problem in report.errors if str(problem) not in known]
    if new:
        words += f". Then something is in the way: {literal(str(new[0]))}"
    return f"{words}.{_weights(first, after, report)}"


def _weights(first: Compared, after: Design, report: Report) -> str:
    """Say how many layers keep the weights that a design carries; the block's own stay behind."""
    before, fit = first.view.weights, weights_fit(after, report.graph)
    if before is None or fit is None or not fit.there:
        return ""
    return (
        f" Of the weights from {literal(fit.carried.source)}, {len(fit.layers):,} layers keep "
        f"theirs ({len(before.layers):,} now); the others start fresh."
    )


def _apply(
    session: Session, compared: Sequence[Compared], first: Compared, label: str, edit: Edit
) -> None:
    """Apply the change to the design, or to a copy that takes its place in the comparison."""
    try:
        if first.latest:
            session.library.edit(first.design_id, session.owner, label, edit)
            return
        copy, _ = first.view.design.apply({"name": f"{first.view.design.name} copy"})
        origin = first.ref.replace("@", "/") if first.design_id else f"template/{first.ref}"
        new = session.library.create(copy, session.owner, origin)
        session.library.edit(new, session.owner, label, edit)
        compare_choice.go([new if one is first else one.ref for one in compared])
    except BlockwrightError as error:
        session.remember("compare/fault", str(error))


def _diagrams(rows: Sequence[BlockPair], first: Compared, second: Compared) -> None:
    st.caption(LEGEND)
    sides = (first, "before"), (second, "after")
    drawings = {}
    for one, side in sides:
        nodes = [(getattr(row, side), MARKS[row.kind]) for row in rows]
        marks = {node.id: mark for node, mark in nodes if node and mark}
        drawings[one.label] = diagram_dot(one.view.design, one.view.report, fold=True, marks=marks)
    partners = [(row.before.id, row.after.id) for row in rows if row.before and row.after]
    pictures(drawings, partners=partners, key="compare-pictures")
