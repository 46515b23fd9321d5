"""The Design page: the canvas, and below it the layer table, the charts and the code."""

import streamlit as st

from editor.canvas import canvas
from editor.panels import charts, code, export, layers, totals
from editor.session import CANVAS, Session

PANELS = {"Layers": layers.show, "Charts": charts.show, "Code": code.show}


@st.fragment
def editor() -> None:
    """One fragment, so that an edit reruns this and nothing else."""
    session = Session()
    session.reopen()
    canvas(
        session.payload(),
        key=CANVAS,
        on_outbox=lambda: Session().receive_outbox(),
        on_action=lambda: Session().receive_action(),
    )
    totals.show(session)
    chosen = st.segmented_control(
        "Panel", list(PANELS), default="Layers", required=True, label_visibility="collapsed"
    )
    PANELS[chosen or "Layers"](session)
    if session.wish("train"):
        st.switch_page("editor/pages/train.py")
    export.show_dialog(session)


editor()
