"""Gradient flow: how large gradients and activations are in each block while a run trains."""

from math import ceil, floor, log10
from typing import Any

import streamlit as st

from blocks import Flow, Flows, Metrics, Run, diagram_dot
from editor.canvas import pictures
from editor.words import literal, plain

QUANTITIES = {"Gradients": "gradients", "Activations": "activations"}
SCALE = "Viridis"
LEAST = 1e-30
STARVED = 1e-3


def show(run: Run, metrics: Metrics) -> None:
    """Show a heat map, blocks by steps, and the diagram in its colours."""
    flows = run.flows()
    if not flows.measured:
        st.info(
            "Gradients appear here after the first step."
            if run.settings.watch_gradients
            else "This run does not watch gradients; switch Watch gradients on for the next one.",
            icon=":material/water:",
        )
        return
    st.markdown(literal(lesson(flows)))
    chosen = str(
        st.segmented_control(
            "Shown",
            list(QUANTITIES),
            default="Gradients",
            required=True,
            label_visibility="collapsed",
            key=f"flow-shown-{run.id}",
        )
    )
    st.plotly_chart(
        heat_map(flows, chosen),
        config={"displayModeBar": False},
        key=f"flow-{run.id}-{chosen}",
        alt=lesson(flows),
    )
    st.caption(
        "Gradients are L2 norms over the weights of a block; activations the root mean square of "
        "what leaves it. Each column is one batch, measured right after its step. " + cost(metrics)
    )
    if st.toggle("Colour the diagram", key=f"flow-diagram-{run.id}"):
        last = flows.measured[-1]
        dot = diagram_dot(run.design, shades=shades(flows, last, QUANTITIES[chosen]))
        title = f"{chosen} after step {last.step:,}"
        pictures({title: dot}, partners=[], key=f"flow-picture-{run.id}")


def cost(metrics: Metrics) -> str:
    """Say what measuring took; nothing before the first epoch is done."""
    share = metrics.facts.get("measuring_share")
    return f"Measuring took {float(share):.1%} of the time of the steps." if share else ""


def lesson(flows: Flows) -> str:
    """Say how the first block's gradient compares with the last one's."""
    last = flows.measured[-1]
    early, late = last.gradients[0], last.gradients[-1]
    first, final = flows.blocks[0].label, flows.blocks[-1].label
    text = f"After step {last.step:,} the gradient of {first} is {early:.2g}, of {final} {late:.2g}"
    if late and early / late < STARVED:
        return f"{text}: the early blocks starve and hardly learn. Shortcuts help, batch norm too."
    if late and early / late > 1 / STARVED:
        return f"{text}: the early blocks get far too much. Shortcuts help, smaller steps too."
    return f"{text}: every part of the network learns."


def heat_map(flows: Flows, shown: str) -> Any:
    """Return the figure: steps to the right, blocks downwards from the input, colour by size."""
    from plotly.graph_objects import Figure, Heatmap

    columns = [_sizes(flow, QUANTITIES[shown]) for flow in flows.measured]
    labels = [plain(block.label[:32]) for block in flows.blocks]
    low, high = _limits(columns)
    figure = Figure(
        Heatmap(
            x=[str(flow.step) for flow in flows.measured],
            y=list(range(len(labels))),
            z=[list(row) for row in zip(*columns, strict=True)],
            zmin=low,
            zmax=high,
            customdata=[
                [(label, getattr(flow, QUANTITIES[shown])[place]) for flow in flows.measured]
                for place, label in enumerate(labels)
            ],
            colorscale=SCALE,
            colorbar={"thickness": 12, **_powers(low, high)},
            hovertemplate="%{customdata[0]}, step %{x}: %{customdata[1]:.3g}<extra></extra>",
        )
    )
    stride = -(-len(labels) // 24) or 1
    figure.update_layout(
        title={"text": f"{shown} of each block", "font": {"size": 15}},
        height=max(260, min(560, 90 + 22 * len(labels))),
        margin={"l": 0, "r": 8, "t": 40, "b": 0},
        xaxis={"title": "step", "type": "category", "nticks": 12, "showgrid": False},
        yaxis={
            "autorange": "reversed",
            "tickvals": list(range(0, len(labels), stride)),
            "ticktext": labels[::stride],
            "showgrid": False,
        },
    )
    return figure


def shades(flows: Flows, flow: Flow, quantity: str) -> dict[tuple[str, int], str]:
    """Return the colour of each block in a measurement, as `diagram_dot` takes them."""
    from plotly.colors import sample_colorscale

    columns = [_sizes(one, quantity) for one in flows.measured]
    low, high = _limits(columns)
    places = [(size - low) / (high - low) for size in _sizes(flow, quantity)]
    colours = sample_colorscale(SCALE, [min(1.0, max(0.0, place)) for place in places])
    return {
        (block.node, block.repeat): _hex(colour)
        for block, colour in zip(flows.blocks, colours, strict=True)
    }


def _sizes(flow: Flow, quantity: str) -> list[float]:
    return [log10(max(value, LEAST)) for value in getattr(flow, quantity)]


def _limits(columns: list[list[float]]) -> tuple[float, float]:
    """Return the least and greatest power of ten, at least one apart."""
    sizes = [size for column in columns for size in column]
    return min(sizes), max(max(sizes), min(sizes) + 1)


def _powers(low: float, high: float) -> dict[str, Any]:
    """Return the powers of ten between two, a few of them, as ticks."""
    every = list(range(ceil(low), floor(high) + 1))
    shown = every[:: -(-len(every) // 8) or 1]
    return {"tickvals": shown, "ticktext": [f"10<sup>{power}</sup>" for power in shown]}


def _hex(colour: str) -> str:
    """Return `rgb(r, g, b)` as `#rrggbb`."""
    parts = colour[colour.index("(") + 1 : -1].split(",")
    return "#" + "".join(f"{round(float(part)):02x}" for part in parts)
