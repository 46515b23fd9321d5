"""Charts of designs beside each other: by stage, against the templates, over depth."""

from collections.abc import Sequence
from functools import cache
from html import escape
from math import log10
from typing import Any, NamedTuple

import streamlit as st

from blocks import (
    Share,
    analyze,
    by_category,
    by_depth,
    by_reduction,
    by_resolution,
    bytes_text,
    templates,
)
from editor.comparing import Compared
from editor.view import View

COLOURS = ("#6366f1", "#d97706", "#0d9488", "#db2777", "#65a30d", "#64748b")
PATTERNS = ("", "/", "x", "-", ".", "+")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
SYMBOLS = ("circle", "square", "diamond", "cross", "triangle-up", "star")
GREY = "#8b90a0"
KINDS = ("Resolution", "Reduction", "Kind of block")
BAR, MARGIN = 14, 120
HEIGHT = 460
WIDE, HIGH = 0.2, 0.055
"""Room of a label in the scatter, as shares of its sides."""


class Point(NamedTuple):
    """A network in the scatter."""

    label: str
    params: int
    macs: int


def show_stages(compared: Sequence[Compared]) -> None:
    """Show parameters, multiply-adds and activations by resolution or by kind of block."""
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        by = st.segmented_control(
            "Bars by",
            KINDS,
            default=KINDS[0] if _one_size(compared) else KINDS[1],
            required=True,
            key=f"compare/by/{_one_size(compared)}",
        )
        pictures = _pictures("stages")
    st.plotly_chart(stages(compared, str(by)), config=pictures, key="compare-stages")
    st.caption(
        "A stage is what has one resolution; its reduction is how much smaller it is than the "
        "input. Activations are the layer outputs of one sample."
    )


def show_scatter(compared: Sequence[Compared]) -> None:
    """Show parameters against multiply-adds, with the templates in the background."""
    with st.container(horizontal=True, horizontal_alignment="right"):
        pictures = _pictures("scatter")
    st.plotly_chart(scatter(compared), config=pictures, key="compare-scatter")
    st.caption(
        "Grey points are the templates with the inputs of their papers. Both axes are logarithmic."
    )


def show_depth(compared: Sequence[Compared]) -> None:
    """Show what has come together at each depth, and how far it sees."""
    with st.container(horizontal=True, horizontal_alignment="right"):
        pictures = _pictures("depth")
    st.plotly_chart(depths(compared), config=pictures, key="compare-depth")
    st.caption(
        "Depth counts layers on the longest way from the input. A line of the receptive field ends "
        "where a value sees the whole input."
    )


def stages(compared: Sequence[Compared], by: str) -> Any:
    """Return grouped bars, one group a stage, largest resolution first."""
    from plotly.graph_objects import Bar
    from plotly.subplots import make_subplots

    shares = [_shares(one.view, by) for one in compared]
    names = list(dict.fromkeys(name for share in shares for name in share))
    if by != KINDS[2]:
        names.sort(key=_places, reverse=True)
    titles = ("Parameters", "Multiply-adds", "Activations, bytes")
    figure = make_subplots(
        cols=3, shared_yaxes=True, horizontal_spacing=0.03, subplot_titles=titles
    )
    for number, (one, share) in enumerate(zip(compared, shares, strict=True)):
        for column in range(3):
            values = [share.get(name, Share())[column] for name in names]
            figure.add_trace(
                Bar(
                    name=_plain(one.label),
                    legendgroup=one.ref,
                    showlegend=column == 0,
                    y=names,
                    x=[float(value) for value in values],
                    customdata=[bytes_text(v) if column == 2 else f"{v:,}" for v in values],
                    orientation="h",
                    marker={
                        "color": COLOURS[number],
                        "pattern": {"shape": PATTERNS[number], "fillmode": "overlay", "size": 6},
                    },
                    hovertemplate="%{y}: %{customdata}<extra>%{fullData.name}</extra>",
                ),
                row=1,
                col=column + 1,
            )
    figure.update_yaxes(autorange="reversed", type="category")
    height = MARGIN + len(names) * (10 + BAR * len(compared))
    return _laid_out(figure, height)


def scatter(compared: Sequence[Compared]) -> Any:
    """Return parameters against multiply-adds on logarithmic axes."""
    from plotly.graph_objects import Figure, Scatter

    mine = [
        Point(_plain(one.label), one.view.report.total, one.view.report.macs) for one in compared
    ]
    mine = [point for point in mine if point.params and point.macs]
    taken = {(point.params, point.macs) for point in mine}
    others = [point for point in background() if (point.params, point.macs) not in taken]
    spoken = labelled([*mine, *others])
    figure = Figure()
    figure.add_trace(
        Scatter(
            name="Templates",
            x=[point.params for point in others],
            y=[point.macs for point in others],
            text=[point.label if point.label in spoken else "" for point in others],
            customdata=[_words(point) for point in others],
            mode="markers+text",
            textposition="middle right",
            textfont={"size": 11, "color": GREY},
            marker={"color": GREY, "size": 6, "opacity": 0.7},
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    for number, point in enumerate(mine):
        figure.add_trace(
            Scatter(
                name=point.label,
                x=[point.params],
                y=[point.macs],
                text=[point.label if point.label in spoken else ""],
                customdata=[_words(point)],
                mode="markers+text",
                textposition="middle right",
                marker={
                    "color": COLOURS[number],
                    "size": 14,
                    "opacity": 0.85,
                    "symbol": SYMBOLS[number],
                },
                hovertemplate="%{customdata}<extra></extra>",
            )
        )
    figure.update_xaxes(type="log", title="Parameters", dtick=1)
    figure.update_yaxes(type="log", title="Multiply-adds of one sample", dtick=1)
    return _laid_out(figure, HEIGHT + 120)


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


def depths(compared: Sequence[Compared]) -> Any:
    """Return lines over depth: parameters and multiply-adds so far, and the receptive field."""
    from plotly.graph_objects import Scatter
    from plotly.subplots import make_subplots

    titles = ("Parameters so far", "Multiply-adds so far", "Receptive field, places")
    figure = make_subplots(cols=3, horizontal_spacing=0.06, subplot_titles=titles)
    for number, one in enumerate(compared):
        reaches = one.view.keep("by depth", lambda view: by_depth(view.report))
        lines: tuple[list[int | None], ...] = (
            [reach.params for reach in reaches],
            [reach.macs for reach in reaches],
            [reach.field for reach in reaches],
        )
        for column, values in enumerate(lines, start=1):
            figure.add_trace(
                Scatter(
                    name=_plain(one.label),
                    legendgroup=one.ref,
                    showlegend=column == 1,
                    x=[reach.depth for reach in reaches],
                    y=[None if value is None else float(value) for value in values],
                    customdata=["" if value is None else f"{value:,}" for value in values],
                    mode="lines",
                    line={"color": COLOURS[number], "dash": DASHES[number], "shape": "hv"},
                    hovertemplate="layer %{x}: %{customdata}<extra>%{fullData.name}</extra>",
                ),
                row=1,
                col=column,
            )
    figure.update_xaxes(title="Depth in layers", rangemode="tozero")
    figure.update_yaxes(rangemode="tozero")
    return _laid_out(figure, HEIGHT)


def _shares(view: View, by: str) -> dict[str, Share]:
    if by == KINDS[0]:
        return view.keep("by resolution", lambda kept: by_resolution(kept.report))
    if by == KINDS[1]:
        return view.keep("by reduction", lambda kept: by_reduction(kept.report))
    return view.keep("by category", lambda kept: by_category(kept.design, kept.report))


def _one_size(compared: Sequence[Compared]) -> bool:
    """Tell whether all designs take inputs of one size, so that their resolutions can be held."""
    inputs = [[r.layers[0].shape[:-1]] for one in compared if (r := one.view.report).layers]
    return all(shape == inputs[0] for shape in inputs)


def _places(stage: str) -> float:
    """Return how many places a stage has, or which share of them; an open one has the most."""
    part, _, whole = stage.partition("/")
    if whole:
        return int(part) / int(whole)
    product = 1.0
    for side in stage.split("x"):
        product *= int(side) if side.isdecimal() else 1e9 if side == "any" else 0
    return product


def _plain(label: str) -> str:
    """Return a name as a chart shows it letter for letter: charts read some of HTML."""
    return escape(label, quote=False)


def _words(point: Point) -> str:
    return f"{point.label}: {point.params:,} parameters, {point.macs:,} multiply-adds"


def _laid_out(figure: Any, height: int) -> Any:
    legend = {"orientation": "h", "yanchor": "top", "y": -64 / height, "x": 0}
    margin = {"l": 0, "r": 0, "t": 40, "b": 70}
    figure.update_layout(height=height, margin=margin, legend=legend, barmode="group")
    figure.update_layout(dragmode=False, title=None)
    return figure


def _pictures(name: str) -> dict[str, Any]:
    """Return a toolbar that takes the chart home as a picture."""
    chosen = st.segmented_control(
        "Pictures as", ("SVG", "PNG"), default="SVG", required=True, key=f"compare/as/{name}"
    )
    picture = {"format": str(chosen).lower(), "filename": f"comparison {name}", "scale": 2}
    return {
        "displayModeBar": True,
        "displaylogo": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": picture,
    }
