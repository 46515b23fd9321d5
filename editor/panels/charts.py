"""Charts of where the numbers of a network are, block by block."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from blocks import Field, TrainingMemory, bytes_text, milliseconds, training_memory
from editor.panels import totals
from editor.session import Session
from editor.view import View
from editor.words import plain

ROW_HEIGHT = 26
MARGIN = 90
COLOUR, SOFT = "#6366f1", "#a5a7f7"  # legible on the light and on the dark page
MEGABYTE = 1_000_000


def show(session: Session) -> None:
    """Show memory and the growth of the receptive field by block.

    Parameters and multiply-adds by block are bars in the canvas's own dock.
    """
    view = session.view
    if not view.report.nodes:
        st.caption("Nothing to draw yet. The bars appear with the first block that has a shape.")
        return
    quiet = {"displayModeBar": False}
    batch, optimizer = totals.chosen(session)
    name = f"growth/{batch}/{optimizer}"
    made = view.keep(name, partial(growth, batch=batch, optimizer=optimizer))
    st.plotly_chart(made, config=quiet, key="growth")


def growth(view: View, batch: int, optimizer: str) -> Any:
    """Return a figure of the training memory of each block, and of what its output sees."""
    field = "Receptive field" + (", ms" if view.report.sampling_rate else ", places")
    figure = _figure(view, f"Training memory, MB, batch {batch}", field)
    memory = memory_by_block(view, batch, optimizer)
    parts = (
        ("layer outputs and their gradients", COLOUR, [part.activations for part in memory]),
        (f"weights, gradients, {optimizer}", SOFT, [part.state for part in memory]),
    )
    for name, colour, values in parts:
        words = [f"{name} {bytes_text(value)}" for value in values]
        _bar(figure, view, [value / MEGABYTE for value in values], words, colour)
    _fields(figure, view)
    figure.update_layout(barmode="stack")
    return figure


def blocks_in_order(view: View) -> dict[str, str]:
    """Return the ids of the blocks that have layers, by name, in the order of the network."""
    ids = {node.name: node_id for node_id, node in view.design.nodes.items()}
    order = dict.fromkeys(layer.scope.node for layer in view.report.layers)
    return {name: ids[name] for name in order}


def _labels(view: View) -> list[str]:
    return [plain(name) for name in blocks_in_order(view)]


def memory_by_block(view: View, batch: int, optimizer: str) -> list[TrainingMemory]:
    """Return what training each block holds, in the order of the network."""
    graph = view.report.graph
    names = blocks_in_order(view)
    return [training_memory(graph.of_node(name), batch, optimizer) for name in names]


def _fields(figure: Any, view: View) -> None:
    """Draw how far the widest and the narrowest branch reach behind each block."""
    from plotly.graph_objects import Scatter

    report, blocks = view.report, blocks_in_order(view)
    fields = [report.fields[report.nodes[node_id].output] for node_id in blocks.values()]
    first = [field[0] if field else Field(None, None, None) for field in fields]
    rate = report.sampling_rate
    widths = [[field.smallest for field in first], [field.largest for field in first]]
    names = ("through the narrowest branch", "through the widest branch")
    for name, colour, places in zip(names, (SOFT, COLOUR), widths, strict=True):
        figure.add_trace(
            Scatter(
                y=_labels(view),
                x=[n if n is None or not rate else milliseconds(n, rate) for n in places],
                customdata=["" if n is None else f"{name} {n:,} places" for n in places],
                mode="lines+markers",
                line_color=colour,
                hovertemplate="%{y}: %{customdata}<extra></extra>",
            ),
            row=1,
            col=2,
        )


def _figure(view: View, *titles: str) -> Any:
    from plotly.subplots import make_subplots

    figure = make_subplots(
        cols=2, shared_yaxes=True, horizontal_spacing=0.03, subplot_titles=titles
    )
    figure.update_yaxes(autorange="reversed", categoryorder="array", categoryarray=_labels(view))
    figure.update_layout(
        showlegend=False,
        height=MARGIN + ROW_HEIGHT * len(blocks_in_order(view)),
        margin={"l": 0, "r": 0, "t": 36, "b": 24},
    )
    return figure


def _bar(
    figure: Any,
    view: View,
    values: Sequence[float],
    words: Iterable[str],
    colour: str,
) -> None:
    from plotly.graph_objects import Bar

    figure.add_trace(
        Bar(
            y=_labels(view),
            x=[float(value) for value in values],
            customdata=list(words),
            orientation="h",
            marker_color=colour,
            hovertemplate="%{y}: %{customdata}<extra></extra>",
        ),
        row=1,
        col=1,
    )
