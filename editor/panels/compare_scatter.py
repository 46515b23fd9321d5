"""Designs as points: parameters against multiply-adds, with the templates in the background."""

from collections.abc import Collection, Sequence
from functools import cache
from math import log10
from typing import Any, NamedTuple

import streamlit as st

from blocks import analyze, templates
from editor.comparing import COLOURS, Compared
from editor.panels.compare_charts import HEIGHT, laid_out, pictures
from editor.words import plain

SYMBOLS = ("circle", "square", "diamond", "cross", "triangle-up", "star")
GREY = "#8b90a0"
WIDE, HIGH = 0.2, 0.055
"""Room of a label, as shares of the chart's sides."""


class Point(NamedTuple):
    """A network in the scatter."""

    label: str
    params: int
    macs: int


def show(compared: Sequence[Compared]) -> None:
    """Show parameters against multiply-adds, with the templates in the background."""
    with st.container(horizontal=True, horizontal_alignment="right"):
        toolbar = pictures("scatter")
    st.plotly_chart(scatter(compared), config=toolbar, key="compare-scatter")
    st.caption(
        "Grey points are the templates with the inputs of their papers. Both axes are logarithmic."
    )


def scatter(compared: Sequence[Compared]) -> Any:
    """Return parameters against multiply-adds on logarithmic axes."""
    from plotly.graph_objects import Figure

    mine = [
        Point(plain(one.label), one.view.report.total, one.view.report.macs) for one in compared
    ]
    mine = [point for point in mine if point.params and point.macs]
    taken = {(point.params, point.macs) for point in mine}
    others = [point for point in background() if (point.params, point.macs) not in taken]
    spoken = labelled([*mine, *others])
    grey = {"color": GREY, "size": 6, "opacity": 0.7}
    figure = Figure(_dots("Templates", others, spoken, grey))
    figure.update_traces(textfont={"size": 11, "color": GREY})
    for point, colour, symbol in zip(mine, COLOURS, SYMBOLS, strict=False):
        marker = {"color": colour, "size": 14, "opacity": 0.85, "symbol": symbol}
        figure.add_trace(_dots(point.label, [point], spoken, marker))
    figure.update_xaxes(type="log", title="Parameters", dtick=1)
    figure.update_yaxes(type="log", title="Multiply-adds of one sample", dtick=1)
    return laid_out(figure, HEIGHT + 120)


def _dots(
    name: str, points: Sequence[Point], spoken: Collection[str], marker: dict[str, Any]
) -> Any:
    """Return points of one look; those in `spoken` have their labels beside them."""
    from plotly.graph_objects import Scatter

    return Scatter(
        name=name,
        x=[point.params for point in points],
        y=[point.macs for point in points],
        text=[point.label if point.label in spoken else "" for point in points],
        customdata=[_words(point) for point in points],
        mode="markers+text",
        textposition="middle right",
        marker=marker,
        hovertemplate="%{customdata}<extra></extra>",
    )


@cache
def background() -> tuple[Point, ...]:
    """Return every template with its numbers."""
    reports = [(entry.title, analyze(entry.design())) for entry in templates().values()]
    points = (Point(title, report.total, report.macs) for title, report in reports)
    return tuple(point for point in points if point.params and point.macs)


def labelled(points: Sequence[Point]) -> set[str]:
    """Return whose labels can stand beside their points without one over another.

    The first ones come first.
    """
    places = [(log10(point.params), log10(point.macs)) for point in points]
    width = max((x for x, _ in places), default=1) - min((x for x, _ in places), default=0) or 1
    height = max((y for _, y in places), default=1) - min((y for _, y in places), default=0) or 1
    kept: list[tuple[float, float]] = []
    spoken = set()
    for point, (x, y) in zip(points, places, strict=True):
        if all(abs(x - a) > WIDE * width or abs(y - b) > HIGH * height for a, b in kept):
            kept.append((x, y))
            spoken.add(point.label)
    return spoken


def _words(point: Point) -> str:
    return f"{point.label}: {point.params:,} parameters, {point.macs:,} multiply-adds"
