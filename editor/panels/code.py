"""The Python code of the design, as it is now."""

import streamlit as st

from blocks import BlockwrightError, DesignError, Report, export, require_buildable
from editor.session import Session
from editor.view import View


def show(session: Session) -> None:
    """Show plain Keras code, or which problems stand in the way."""
    view = session.view
    try:
        st.code(view.keep("code", _code), language="python", height=520)
    except DesignError as error:
        st.caption("The code appears when nothing is in its way:")
        st.markdown(as_list(error))


def as_list(error: DesignError) -> str:
    """Return the problems as a Markdown list; what a person typed stays letter for letter."""
    return "\n".join(f"- {literal(str(problem))}" for problem in error.problems)


def literal(text: str) -> str:
    """Return a text as Markdown that shows it unchanged."""
    return "".join(f"\\{char}" if char in "\\`*_{}[]()<>#+-.!|~:$@" else char for char in text)


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
