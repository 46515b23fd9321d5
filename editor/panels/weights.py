"""The weights that came with a design: one quiet line on how far they still fit."""

import streamlit as st

from blocks import BlockwrightError, Fit
from editor.session import Session
from editor.words import literal

LABEL = "Leave the weights behind"


def show(session: Session) -> None:
    """Say what becomes of the carried weights; nothing for a design without any."""
    fit = session.view.weights
    if fit is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="weights"):
        st.caption(line(fit), width="content")
        st.button(
            "Leave behind",
            type="tertiary",
            icon=":material/close:",
            help="Every layer starts with fresh values then. Undo brings the weights back.",
            on_click=_leave_behind,
            args=(session,),
        )


def line(fit: Fit) -> str:
    """Return the sentence as Markdown, with an icon that tells good from doubtful."""
    sentence = fit.sentence()
    whole = fit.there and len(fit.layers) == fit.wanted
    icon = ":material/database:" if whole else ":material/info:"
    return f"{icon} {literal(sentence[0].upper() + sentence[1:])}."


def _leave_behind(session: Session) -> None:
    try:
        session.carry(None, LABEL)
    except BlockwrightError as error:
        session.tell(str(error))
