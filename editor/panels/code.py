"""The Python code of the design, as it is now."""

import streamlit as st

from blocks import BlockwrightError, DesignError, Report, export, require_buildable
from editor.session import Session
from editor.view import View
from editor.words import as_list


def show(session: Session) -> None:
    """Show plain Keras code, or which problems stand in the way."""
    view = session.view
    try:
        st.code(view.keep("code", _code), language="python")
    except DesignError as error:
        st.caption("The code appears when nothing is in its way:")
        st.markdown(as_list(error))


def obstacles(report: Report) -> DesignError | None:
    """Return why a design cannot be exported, or None."""
    try:
        require_buildable(report)
    except DesignError as error:
        return error
    return None


def _code(view: View) -> str:
    require_buildable(view.report)
    text = export(view.design, "python")
    if not isinstance(text, str):
        raise BlockwrightError("the format python must be text")
    return text
