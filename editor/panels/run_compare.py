"""Runs side by side: curves over each other, accuracy against cost, tables to take home."""

import time
from collections.abc import Sequence
from typing import Any

import streamlit as st

from blocks import Run
from editor.comparing import COLOURS
from editor.panels.compare_charts import DASHES
from editor.run_report import report, report_markdown
from editor.run_table import (
    RunFigures,
    epochs_csv,
    figures_of,
    group_rows,
    groups,
    runs_csv,
    told_apart,
)
from editor.words import plain

FIRST_CHOSEN = 6
HEIGHT = 340
MEASURES = {"Validation accuracy": "val_accuracy", "Validation loss": "val_loss"}
COSTS = {"Parameters": "params", "Multiply-adds": "macs", "Training time in seconds": "seconds"}


def show(found: Sequence[Run], last: Run) -> None:
    """Show the choice of runs, and what there is to say of them."""
    figures = {one.id: one for one in told_apart([figures_of(run) for run in found])}
    chosen = st.multiselect(
        "Runs",
        list(figures),
        default=together(found, last),
        format_func=lambda run_id: figures[run_id].label if run_id in figures else "gone",
        key=f"runs-compared-{last.id}-{len(found)}",
    )
    picked = [figures[run_id] for run_id in chosen if run_id in figures]
    if not picked:
        st.info("Choose the runs to compare.", icon=":material/ssid_chart:")
        return
    whole = st.column_config.NumberColumn(format="localized")
    st.dataframe(
        group_rows(picked),
        hide_index=True,
        placeholder="-",
        column_config={"Parameters": whole, "Multiply-adds": whole},
    )
    for column, (title, field) in zip(st.columns(2), MEASURES.items(), strict=True):
        column.plotly_chart(
            curves(picked, title, field), config={"displayModeBar": False}, key=f"over-{field}"
        )
    cost = st.segmented_control(
        "Accuracy against", list(COSTS), default="Parameters", required=True, key="run/cost"
    )
    st.plotly_chart(
        scatter(picked, str(cost)), config={"displayModeBar": False}, key=f"against-{cost}"
    )
    _downloads(picked, [run for run in found if run.id in chosen])


def together(found: Sequence[Run], last: Run) -> list[str]:
    """Return the runs that were started with one, or else the newest ones on the same data."""
    group = [run.id for run in found if last.tag and run.tag == last.tag]
    alike = [run.id for run in found if run.data == last.data]
    return (group if len(group) > 1 else alike)[: 5 * FIRST_CHOSEN if len(group) > 1 else 2]


def curves(found: Sequence[RunFigures], title: str, field: str) -> Any:
    """Return the curves of runs: a colour for each design and settings, a dash for each seed."""
    from plotly.graph_objects import Figure, Scatter

    figure = Figure()
    for number, members in enumerate(groups(found).values()):
        for place, one in enumerate(members):
            label = plain(one.label[:48])
            figure.add_trace(
                Scatter(
                    x=[epoch.epoch for epoch in one.epochs],
                    y=[getattr(epoch, field) for epoch in one.epochs],
                    name=label,
                    mode="lines+markers" if len(one.epochs) < 30 else "lines",
                    line={
                        "color": COLOURS[number % len(COLOURS)],
                        "dash": DASHES[place % len(DASHES)],
                    },
                    hovertemplate=f"{label}<br>epoch %{{x}}: %{{y:.4f}}<extra></extra>",
                )
            )
    most = max((len(one.epochs) for one in found), default=0)
    share = {"tickformat": ".0%"} if field == "val_accuracy" else {}
    figure.update_layout(
        title={"text": title, "font": {"size": 15}},
        height=HEIGHT,
        margin={"l": 0, "r": 8, "t": 40, "b": 0},
        showlegend=True,
        legend={"orientation": "h", "y": -0.2, "yanchor": "top"},
        xaxis={"title": "epochs"} | ({"dtick": 1} if most <= 12 else {}),
        yaxis={"rangemode": "tozero"} | share,
    )
    return figure


def scatter(found: Sequence[RunFigures], cost: str) -> Any:
    """Return validation accuracy after the last epoch against what a run costs."""
    from plotly.graph_objects import Figure, Scatter

    figure = Figure()
    for number, members in enumerate(groups(found).values()):
        done = [(one, one.last) for one in members if one.last]
        figure.add_trace(
            Scatter(
                x=[getattr(one, COSTS[cost]) for one, _ in done],
                y=[last.val_accuracy for _, last in done],
                text=[plain(one.label[:48]) for one, _ in done],
                name=plain(members[0].design[:48]),
                mode="markers",
                marker={"size": 12, "color": COLOURS[number % len(COLOURS)]},
                hovertemplate="%{text}<br>%{x:,.4g}: %{y:.2%}<extra></extra>",
            )
        )
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 0, "r": 8, "t": 8, "b": 0},
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"},
        xaxis={"title": cost, "rangemode": "tozero"},
        yaxis={"title": "Validation accuracy", "tickformat": ".0%"},
    )
    return figure


def _downloads(picked: Sequence[RunFigures], found: Sequence[Run]) -> None:
    designs = {run.design.name: run.design for run in found}
    when = time.strftime("%d %b %Y, %H:%M")
    files = (
        ("Runs, CSV", lambda: runs_csv(picked), "runs.csv", "text/csv"),
        ("Curves, CSV", lambda: epochs_csv(picked), "curves.csv", "text/csv"),
        ("Report, HTML", lambda: report(picked, designs, when), "runs.html", "text/html"),
        ("Report, Markdown", lambda: report_markdown(picked, when), "runs.md", "text/markdown"),
    )
    with st.container(horizontal=True):
        for label, make, name, kind in files:
            st.download_button(
                label, make, name, kind, icon=":material/download:", on_click="ignore"
            )
