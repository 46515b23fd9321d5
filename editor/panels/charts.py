"""Charts of where the parameters and the multiply-adds are, block by block."""

from typing import Any

import streamlit as st

from editor.session import Session
from editor.view import View

ROW_HEIGHT = 26
MARGIN = 90
COLOUR = "#6366f1"  # legible on the light and on the dark page


def show(session: Session) -> None:
    """Show parameters and multiply-adds by block."""
    view = session.view
    if not view.report.nodes:
        st.caption("Nothing to draw yet. The bars appear with the first block that has a shape.")
        return
    st.plotly_chart(view.keep("bars", bars), config={"displayModeBar": False}, key="bars")


def bars(view: View) -> Any:
    """Return a figure of two bar charts, one bar a block, in the order of the network."""
    from plotly.graph_objects import Bar
    from plotly.subplots import make_subplots

    order = dict.fromkeys(layer.scope.node for layer in view.report.layers)
    ids = {node.name: node_id for node_id, node in view.design.nodes.items()}
    reports = [view.report.nodes[ids[name]] for name in order]
    figure = make_subplots(
        cols=2,
        shared_yaxes=True,
        horizontal_spacing=0.03,
        subplot_titles=("Parameters", "Multiply-adds"),
    )
    counts = [report.params for report in reports], [report.macs for report in reports]
    for column, values in enumerate(counts, start=1):
        # The bar may be a rounded float; the words beside it are the exact integer.
        words = [f"{value:,}" for value in values]
        figure.add_trace(
            Bar(
                y=list(order),
                x=[float(value) for value in values],
                customdata=words,
                orientation="h",
                marker_color=COLOUR,
                hovertemplate="%{y}: %{customdata}<extra></extra>",
            ),
            row=1,
            col=column,
        )
    figure.update_yaxes(autorange="reversed")
    figure.update_layout(
        showlegend=False,
        height=MARGIN + ROW_HEIGHT * len(order),
        margin={"l": 0, "r": 0, "t": 36, "b": 24},
    )
    return figure
