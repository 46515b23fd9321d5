"""The Design page: the canvas, and below it the layer table, the charts and the code."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from editor.canvas import canvas
from editor.panels import (
    charts,
    code,
    compare_choice,
    conformity,
    export,
    history,
    layers,
    totals,
    uploads,
    weights,
)
from editor.payload import payload
from editor.session import CANVAS, Session
from editor.words import explained

PANELS: dict[str, Callable[[Session], None]] = {
    "Layers": layers.show,
    "Charts": charts.show,
    "Code": code.show,
}


def available(session: Session) -> dict[str, Callable[[Session], None]]:
    """Return the panels of the open design; conformity is for what began as a template."""
    origin = session.origin
    if origin is None:
        return PANELS
    return PANELS | {"Conformity": partial(conformity.show, entry=origin)}


def receive_outbox() -> None:
    with explained():
        Session().receive_outbox()


def receive_action() -> None:
    with explained():
        Session().receive_action()


@st.fragment
def editor() -> None:
    """One fragment, so that an edit reruns this and nothing else."""
    with explained():
        show(Session())


def show(session: Session) -> None:
    canvas(payload(session), key=CANVAS, on_outbox=receive_outbox, on_action=receive_action)
    totals.show(session)
    weights.show(session)
    panels = available(session)
    chosen = st.segmented_control(
        "Panel", list(panels), default="Layers", required=True, label_visibility="collapsed"
    )
    panels[chosen or "Layers"](session)
    if session.wish("train"):
        st.switch_page("editor/pages/train.py", query_params={"design": session.design_id})
    if session.wish("compare"):
        st.switch_page(compare_choice.COMPARE_PAGE, query_params=compare_choice.beside(session))
    export.show_dialog(session)
    history.show_dialog(session)
    uploads.show_dialog(session)


editor()
