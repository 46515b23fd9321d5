"""The totals of a design in one line."""

import streamlit as st

from blocks import Report, bytes_text
from editor.session import Session
from editor.view import View


def show(session: Session) -> None:
    """Show parameters, multiply-adds, memory and receptive field."""
    st.html(session.view.keep("totals", _line))


def _line(view: View) -> str:
    """Return the totals as HTML; nothing in it was typed by a person."""
    items = "".join(
        f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in numbers(view.report)
    )
    return f'<dl class="totals">{items}</dl>'


def numbers(report: Report) -> list[tuple[str, str]]:
    """Return the totals with their names, as a person reads them."""
    field = "none" if not report.graph.outputs else _field(report.receptive_field)
    return [
        ("Trainable", f"{report.trainable:,}"),
        ("Non-trainable", f"{report.non_trainable:,}"),
        ("Multiply-adds", f"{report.macs:,}"),
        ("Weights", bytes_text(report.weight_bytes)),
        ("Activations per sample", bytes_text(report.activation_bytes)),
        ("Receptive field", field),
    ]


def _field(places: int | None) -> str:
    return "whole input" if places is None else f"{places:,}"
