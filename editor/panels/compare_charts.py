"""Charts of designs beside each other: by stage and over depth."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from blocks import (
    Share,
    by_category,
    by_depth,
    by_reduction,
    by_resolution,
    bytes_text,
)
from editor.comparing import COLOURS, Compared
from editor.view import View
from editor.words import plain

PATTERNS = ("", "/", "x", "-", ".", "+")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
KINDS = ("Resolution", "Reduction", "Kind of block")
BAR, MARGIN = 14, 120
HEIGHT = 460


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
        toolbar = pictures("stages")
    st.plotly_chart(stages(compared, str(by)), config=toolbar, key="compare-stages")
    st.caption(
        "A stage is what has one resolution; its reduction is how much smaller it is than the "
        "input. Activations are the layer outputs of one sample."
    )


def show_depth(compared: Sequence[Compared]) -> None:
    """Show what has come together at each depth, and how far it sees."""
    with st.container(horizontal=True, horizontal_alignment="right"):
        toolbar = pictures("depth")
    st.plotly_chart(depths(compared), config=toolbar, key="compare-depth")
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
                    name=plain(one.label),
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
    return laid_out(figure, height)


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
                    name=plain(one.label),
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
    return laid_out(figure, HEIGHT)


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


def laid_out(figure: Any, height: int) -> Any:
    legend = {"orientation": "h", "yanchor": "top", "y": -64 / height, "x": 0}
    margin = {"l": 0, "r": 0, "t": 40, "b": 70}
    figure.update_layout(height=height, margin=margin, legend=legend, barmode="group")
    figure.update_layout(dragmode=False, title=None)
    return figure


def pictures(name: str) -> dict[str, Any]:
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
