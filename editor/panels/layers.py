"""The layer table: every Keras layer with its shape and its exact numbers."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from blocks import Field, Fit, Layer, explain, field_text, shape_text
from editor.comparing import written_csv
from editor.session import Session
from editor.view import View
from editor.words import literal

EXACT = 2**53 - 1
TEXTS = ("Block", "Layer", "Kind", "Output shape")
COUNTS = ("Parameters", "Trainable", "MACs", "Activation bytes")
FIELDS = ("Receptive field", "Jump")
COLUMNS = (*TEXTS, *COUNTS, *FIELDS, "Connected to")
START = "Start values"
MARKED, DOT = " ", "\N{BLACK CIRCLE}"
SEEN = {
    MARKED: st.column_config.TextColumn(
        width=24, help="A dot: the layer's block is selected on the canvas."
    ),
    "Receptive field": st.column_config.TextColumn(
        help="Places of the input that one value depends on; in brackets through the narrowest "
        "branch. Borders are not cut off."
    ),
    "Jump": st.column_config.TextColumn(help="Input places from one value to the next."),
    START: st.column_config.TextColumn(
        help="Carried: from the weights that came with the design. Fresh: drawn when the network "
        "is built. Frozen: training leaves them."
    ),
}


def show(session: Session) -> None:
    """Show the layer table and offer it as CSV."""
    view = session.view
    if not view.report.layers:
        st.caption("No layers yet. Drag an input onto the canvas, then a block, and link them.")
        return
    frame = marked(view.keep("layer frame", _frame), view, session.selection)
    st.dataframe(
        frame,
        hide_index=True,
        height=360,
        column_config={name: count_column(frame[name]) for name in COUNTS} | SEEN,
        key="layers",
        selection_mode="single-row",
        on_select=partial(_point, session.design_id, session.revision),
    )
    _show_arithmetic(session)
    st.download_button(
        "Download CSV",
        data=lambda: table_csv(view),
        file_name=f"{view.design.name} layers.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
    )


def marked(frame: pd.DataFrame, view: View, selection: Collection[str]) -> pd.DataFrame:
    """Return the table with a mark before the layers of the selected blocks."""
    nodes = view.design.nodes
    names = {nodes[node_id].name for node_id in selection if node_id in nodes}
    found = frame.copy(deep=False)
    found.insert(0, MARKED, [DOT if name in names else "" for name in frame["Block"]])
    return found


def _point(design_id: str, revision: int) -> None:
    """Select on the canvas the block of the row that was chosen."""
    session = Session()
    layer = _chosen(session)
    if layer and (session.design_id, session.revision) == (design_id, revision):
        session.point(session.view.design.node(layer.scope.node).id)


def _chosen(session: Session) -> Layer | None:
    """Return the layer of the chosen row, or None."""
    layers = session.view.report.layers
    index = session.chosen_row("layers")
    return layers[index] if index is not None and index < len(layers) else None


def _show_arithmetic(session: Session) -> None:
    """Show how the numbers of the chosen layer come about."""
    layer = _chosen(session)
    if layer is None:
        st.caption("Choose a row to select its block and to see how its numbers come about.")
        return
    found = explain(session.view.report, layer=layer.name)
    lines = [*found.shape, *found.params, *found.macs, *found.memory[:1]]
    kinds = ["output"] * len(found.shape) + ["parameters"] * len(found.params)
    kinds += ["MACs"] * len(found.macs) + ["bytes"]
    st.caption(
        "  \n".join(
            f"**{literal(line.of)}** {kind}: {typeset(line.text)}"
            + ("" if line.value is None else f" = **{line.value:,}**")
            for line, kind in zip(lines, kinds, strict=True)
        )
    )


def typeset(text: str) -> str:
    """Return arithmetic with the signs of printed books."""
    return text.replace(" x ", " \N{MULTIPLICATION SIGN} ").replace(" - ", " \N{MINUS SIGN} ")


def columns(view: View) -> tuple[str, ...]:
    """Return the names of the columns; a design that carries weights has one more."""
    return (*COLUMNS, START) if view.weights else COLUMNS


def start_values(fit: Fit, layer: Layer) -> str:
    """Return where the weights of a layer start."""
    if not layer.weights:
        return ""
    frozen = ", frozen" if layer.config.get("trainable") is False else ""
    return ("carried" if layer.name in fit.layers else "fresh") + frozen


def rows(view: View) -> list[tuple[Any, ...]]:
    """Return the rows of the table; counts are exact integers."""
    return [
        (
            *(layer.scope.node, layer.name, layer.kind, shape_text(layer.shape, grouped=True)),
            *_counts(layer),
            *_seen(view.report.fields[layer.name]),
            ", ".join(layer.inputs),
            *([start_values(view.weights, layer)] if view.weights else ()),
        )
        for layer in view.report.layers
    ]


def table_csv(view: View) -> bytes:
    """Return the table as CSV in UTF-8, every digit of every count kept."""
    return written_csv([columns(view), *rows(view)]).encode()


def countable(values: Sequence[int]) -> list[int] | list[str]:
    """Return counts as a browser can show and sort them without losing a digit.

    Beyond 2^53 a browser's numbers lose digits, so a column that goes further becomes text,
    padded on the left with spaces: the order of such texts is the order of the numbers.
    """
    largest = max(values, default=0)
    if largest <= EXACT:
        return list(values)
    width = len(f"{largest:,}")
    return [f"{value:,}".rjust(width) for value in values]


def _counts(layer: Layer) -> tuple[int, ...]:
    return layer.params, layer.trainable, layer.macs, 4 * layer.elements


def _seen(fields: tuple[Field, ...]) -> tuple[str, str]:
    """Return what a value sees of the input, and the input places from one value to the next."""
    jumps = [field.jump for field in fields if field.jump is not None]
    return field_text(fields), "x".join(f"{jump:g}" for jump in jumps)


def _frame(view: View) -> pd.DataFrame:
    values = zip(*rows(view), strict=True)
    named = dict(zip(columns(view), values, strict=True))
    return pd.DataFrame(
        {name: countable(values) if name in COUNTS else values for name, values in named.items()}
    )


def count_column(values: pd.Series) -> Any:
    """Return how a column made by `countable` is shown: grouped digits, to the right."""
    if pd.api.types.is_integer_dtype(values):
        return st.column_config.NumberColumn(format="localized")
    return st.column_config.TextColumn(alignment="right")
