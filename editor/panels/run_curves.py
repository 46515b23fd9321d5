"""Loss and accuracy of a run over its epochs; of several outputs the main one leads."""

from typing import Any

import streamlit as st

from blocks import Epoch, Metrics, Step
from editor.words import plain

TRAINING, VALIDATION = "#6d75f5", "#f59e0b"  # legible on the light and on the dark page
OUTPUTS = ("#0d9488", "#db2777", "#65a30d", "#0284c7")
POINTS = 500
HEIGHT = 320
AXES: dict[str, dict[str, Any]] = {
    "loss": {},
    "accuracy": {"range": [0, 1.03], "tickformat": ".0%"},
}
FIGURES = (("Loss", "loss"), ("Accuracy", "accuracy"))


def show(run_id: str, metrics: Metrics) -> None:
    """Show two charts side by side; every step faintly, every epoch clearly."""
    for column, (title, name) in zip(st.columns(2), FIGURES, strict=True):
        column.plotly_chart(
            curves(metrics, title, name, run_id),
            config={"displayModeBar": False},
            key=f"{name}-{run_id}",
            alt=words(metrics, title, name),
        )


def curves(metrics: Metrics, title: str, name: str, run_id: str) -> Any:
    """Return the figure of one measure; x is epochs, whole at their ends."""
    from plotly.graph_objects import Figure

    figure = Figure(
        [
            _of_steps(metrics, name),
            _of_epochs(metrics, name, "training", TRAINING),
            _of_epochs(metrics, f"val_{name}", "validation", VALIDATION),
            *_of_outputs(metrics, name),
            *_best(metrics, name),
        ]
    )
    width = {} if metrics.steps else {"range": [0, 1]}
    figure.update_layout(
        title={"text": title, "font": {"size": 15}},
        height=HEIGHT,
        margin={"l": 0, "r": 8, "t": 40, "b": 0},
        legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1.02, "yanchor": "bottom"},
        showlegend=True,
        xaxis={"title": "epochs", "rangemode": "tozero"} | width,
        yaxis={"rangemode": "tozero"} | AXES[name],
        uirevision=run_id,
        hovermode="closest",
    )
    return figure


def _of_steps(metrics: Metrics, name: str) -> Any:
    """Return a faint line of every step; clearer while there is no epoch yet."""
    from plotly.graph_objects import Scatter

    per_epoch = int(metrics.facts.get("steps_per_epoch", 0)) or 1
    steps = thinned(metrics.steps)
    return Scatter(
        x=[step.step / per_epoch for step in steps],
        y=[getattr(step, name) for step in steps],
        name="each step",
        mode="lines",
        line={"color": TRAINING, "width": 1},
        opacity=0.45 if metrics.epochs else 0.9,
        hoverinfo="skip",
    )


def _of_epochs(metrics: Metrics, field: str, label: str, colour: str) -> Any:
    from plotly.graph_objects import Scatter

    return Scatter(
        x=[epoch.epoch for epoch in metrics.epochs],
        y=[getattr(epoch, field) for epoch in metrics.epochs],
        name=label,
        mode="lines+markers" if len(metrics.epochs) <= 50 else "lines",
        line={"color": colour, "width": 2.5},
        hovertemplate=f"epoch %{{x}}: %{{y:.4f}}<extra>{label}</extra>",
    )


def _of_outputs(metrics: Metrics, name: str) -> list[Any]:
    """Return a thin line for each of several outputs; the main one's accuracy leads already."""
    from plotly.graph_objects import Scatter

    last = metrics.epochs[-1].outputs if metrics.epochs else ()
    names = [plain(output.name[:24]) for output in last]
    return [
        Scatter(
            x=[epoch.epoch for epoch in metrics.epochs],
            y=[getattr(epoch.outputs[place], f"val_{name}") for epoch in metrics.epochs],
            name=output,
            mode="lines",
            line={"color": OUTPUTS[place % len(OUTPUTS)], "width": 1.5, "dash": "dot"},
            hovertemplate=f"epoch %{{x}}: %{{y:.4f}}<extra>{output}, validation</extra>",
        )
        for place, output in enumerate(names)
        if place or name == "loss"
    ]


def best(metrics: Metrics) -> Epoch | None:
    """Return the epoch with the least validation loss, the first of several."""
    return min(metrics.epochs, key=lambda epoch: epoch.val_loss, default=None)


def _best(metrics: Metrics, name: str) -> list[Any]:
    """Return a star on the best epoch."""
    from plotly.graph_objects import Scatter

    epoch = best(metrics)
    if epoch is None:
        return []
    return [
        Scatter(
            x=[epoch.epoch],
            y=[getattr(epoch, f"val_{name}")],
            name="best epoch",
            mode="markers+text",
            text=["best"],
            textposition="bottom center" if name == "accuracy" else "top center",
            showlegend=False,
            cliponaxis=False,
            marker={"symbol": "star", "size": 14, "color": VALIDATION},
            hovertemplate=f"best epoch: {epoch.epoch}, %{{y:.4f}}<extra></extra>",
        )
    ]


def thinned(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return at most some hundreds of steps, evenly chosen, the last one among them."""
    stride = -(-len(steps) // POINTS) or 1
    return steps[::-1][::stride][::-1]


def words(metrics: Metrics, title: str, name: str) -> str:
    """Return what a chart shows, for those who cannot see it."""
    if not metrics.epochs:
        return f"{title}: no epoch is done yet"
    last, top = metrics.epochs[-1], best(metrics)
    star = f"; epoch {top.epoch} was the best" if top else ""
    each = "".join(f", {getattr(one, f'val_{name}'):.4f} at {one.name}" for one in last.outputs)
    return (
        f"{title} after epoch {last.epoch}: {getattr(last, name):.4f} in training, "
        f"{getattr(last, f'val_{name}'):.4f} in validation{each}{star}"
    )
