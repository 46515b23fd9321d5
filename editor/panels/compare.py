"""Two to six designs side by side: totals on top, then the part the person chose."""

from collections.abc import Sequence

import streamlit as st

from editor.comparing import Compared, Metric, metrics
from editor.panels import (
    compare_blocks,
    compare_charts,
    compare_choice,
    compare_export,
    compare_scatter,
    compare_totals,
    compare_train,
    totals,
)
from editor.session import Session
from editor.words import literal

PARTS = ("Blocks", "Stages", "Parameters against MACs", "Over depth", "Tables", "Train all")


def show(session: Session) -> None:
    """Show the choice of designs and what there is to say of them."""
    fault = session.recall("compare/fault")
    if fault:
        st.error(literal(fault))
        session.remember("compare/fault", None)
    compared = compare_choice.choose(session)
    if len(compared) < compare_choice.FEWEST:
        compare_choice.show_empty(session, compared)
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        base = _choose_base(compared)
        batch, optimizer = totals.choose(session)
    found = metrics([one.view.report for one in compared], batch, optimizer)
    compare_totals.show(compared, found, base)
    _part(session, compared, found, base)


def _choose_base(compared: Sequence[Compared]) -> int:
    """Show the choice of the design that the others are held against; return its place."""
    return st.selectbox(
        "Differences against",
        range(len(compared)),
        format_func=lambda place: compared[place].label,
        key=f"compare/base/{','.join(one.ref for one in compared)}",
        width=320,
    )


def _part(
    session: Session, compared: Sequence[Compared], found: Sequence[Metric], base: int
) -> None:
    """Show the part of the comparison that the person chose."""
    part = st.segmented_control(
        "Part",
        PARTS,
        default=PARTS[0],
        required=True,
        label_visibility="collapsed",
        key="compare/part",
    )
    if part == "Stages":
        compare_charts.show_stages(compared)
    elif part == "Parameters against MACs":
        compare_scatter.show(compared)
    elif part == "Over depth":
        compare_charts.show_depth(compared)
    elif part == "Tables":
        compare_export.show(compared, found, base)
    elif part == "Train all":
        compare_train.show(session, compared)
    else:
        compare_blocks.show(session, compared)
