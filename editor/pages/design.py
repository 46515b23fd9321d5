"""The Design page: the canvas, and below it the layer table, the charts and the code."""

import streamlit as st

from editor.canvas import canvas
from editor.panels import charts, code, export, layers, totals
from editor.session import CANVAS, Session
from editor.words import explained

PANELS = {"Layers": layers.show, "Charts": charts.show, "Code": code.show}


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
    session.reopen()
    canvas(session.payload(), key=CANVAS, on_outbox=receive_outbox, on_action=receive_action)
    totals.show(session)
    chosen = st.segmented_control(
        "Panel", list(PANELS), default="Layers", required=True, label_visibility="collapsed"
    )
    PANELS[chosen or "Layers"](session)
    if session.wish("train"):
        st.switch_page("editor/pages/train.py")
    export.show_dialog(session)


editor()
