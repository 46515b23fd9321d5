"""The totals of a design in one line, memory included, for a batch size of the person's choice."""

from functools import partial

import streamlit as st

from blocks import OPTIMIZER_SLOTS, Report, bytes_text, field_text, milliseconds
from editor.session import Session
from editor.view import View

BATCH_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
DEFAULT = 32, "adam"
CONVENTION = (
    "Bytes of float32 values. **Prediction** holds a layer's output until the last layer that "
    "reads it is done. **Training** keeps every output for the way back, and as much again for "
    "the gradients; beside them stand the weights, their gradients and the optimizer's copies. "
    "What convolution routines borrow for a moment comes on top."
)

Total = tuple[str, str, str]
"""A name, the number as a person reads it, and what exactly is counted."""


def show(session: Session) -> None:
    """Show what the canvas' own totals leave open: what is trained, depth, memory, reach."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        line = st.container(width="stretch")
        batch, optimizer = choose(session)
    made = session.view.keep(
        f"totals/{batch}/{optimizer}", partial(_line, batch=batch, optimizer=optimizer)
    )
    line.html(made)


def chosen(session: Session) -> tuple[int, str]:
    """Return the batch size and the optimizer that memory is shown for."""
    batch, optimizer = session.recall("memory") or DEFAULT
    return int(batch), str(optimizer)


def choose(session: Session) -> tuple[int, str]:
    """Show the choice of the batch size and the optimizer, and return it."""
    with st.popover("Memory", icon=":material/memory:", width="content"):
        batch = st.select_slider(
            "Batch size",
            BATCH_SIZES,
            value=DEFAULT[0],
            key="totals/batch",
            persist_state="session",
            help="Samples that pass through the network together.",
        )
        optimizer = st.selectbox(
            "Optimizer",
            list(OPTIMIZER_SLOTS),
            key="totals/optimizer",
            persist_state="session",
            help="momentum is sgd with a momentum, as the Train page uses it.",
        )
        st.caption(CONVENTION)
    session.remember("memory", (int(batch), str(optimizer)))
    return int(batch), str(optimizer)


def _line(view: View, batch: int, optimizer: str) -> str:
    """Return the totals as HTML; nothing in it was typed by a person."""
    items = "".join(
        f'<div title="{meaning}"><dt>{name}</dt><dd>{value}</dd></div>'
        for name, value, meaning in numbers(view.report, batch, optimizer)
    )
    return f'<dl class="totals">{items}</dl>'


def numbers(report: Report, batch: int = DEFAULT[0], optimizer: str = DEFAULT[1]) -> list[Total]:
    """Return the totals with their names and meanings."""
    return [
        ("Trainable", f"{report.trainable:,}", "Parameters that training changes"),
        (
            "Non-trainable",
            f"{report.non_trainable:,}",
            "Parameters that training leaves: running averages and frozen blocks",
        ),
        (
            "Depth",
            f"{report.weighted_depth:,} of {report.depth:,} layers",
            "Convolutions and dense layers on the longest way, as ResNet-152 is named; "
            "then every layer on it",
        ),
        *_memory(report, batch, optimizer),
        ("Receptive field", *_field(report)),
    ]


def _memory(report: Report, batch: int, optimizer: str) -> list[Total]:
    training = report.training_memory(batch, optimizer)
    prediction = report.weight_bytes + batch * report.inference_bytes
    return [
        ("Weights", bytes_text(report.weight_bytes), "Four bytes for each parameter"),
        (
            f"Prediction, batch {batch}",
            bytes_text(prediction),
            "Weights, and the most that layer outputs take at one time",
        ),
        (
            f"Training, batch {batch}",
            bytes_text(training.total),
            f"Layer outputs and their gradients {bytes_text(training.activations)}, weights "
            f"{bytes_text(training.weights)}, their gradients {bytes_text(training.gradients)}, "
            f"{optimizer} {bytes_text(training.optimizer)}",
        ),
    ]


def _field(report: Report) -> tuple[str, str]:
    """Return what one value of the output sees; behind a global layer, what it saw before."""
    meaning = "What one value of the output depends on, in places of the input"
    if not report.output_fields:
        return "none", meaning
    text = field_text(report.output_fields)
    if report.receptive_field is None:
        before = [f for f in report.fields.values() if f and f[0].largest is not None]
        return f"{text}, {field_text(before[-1])} before the global layer", meaning
    if report.sampling_rate:
        lasts = milliseconds(report.receptive_field, report.sampling_rate)
        text += f", {lasts:,.0f} ms" if lasts >= 100 else f", {lasts:.3g} ms"
    return text, meaning
