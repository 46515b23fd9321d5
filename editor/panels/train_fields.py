"""One setting of a training as a field, as its declaration says."""

from typing import Any

import streamlit as st

from blocks import BACKENDS, TrainingSettings, backends
from editor.session import Session


def field(session: Session, name: str) -> Any:
    """Show one setting and return its value."""
    schema = TrainingSettings.params()[name].schema(name)
    key, value = session.filled(name, schema["default"])
    unit = f" ({schema['unit']})" if schema["unit"] and schema["optional"] else ""
    words: dict[str, Any] = {
        "label": schema["label"] + unit,
        "help": schema["help"],
        "key": key,
        "persist_state": "session",
    }
    if schema["kind"] == "flag":
        return st.toggle(value=value, **words)
    if schema["kind"] == "choice":
        known = ("auto", *backends()) if name == "backend" else schema["options"]
        options = [option for option in schema["options"] if option in (*known, value)]
        return st.selectbox(
            options=options,
            index=options.index(value),
            format_func=lambda option: BACKENDS.get(option, option),
            **words,
        )
    if schema["kind"] == "text":
        return st.text_input(value=value, **words)
    whole = schema["kind"] == "integer"
    return st.number_input(
        value=value if whole or value is None else float(value),
        min_value=schema["min"] if whole else float(schema["min"]),
        max_value=schema["max"] if whole else float(schema["max"]),
        step=schema["step"] if whole else float(schema["step"]),
        format="%d" if whole else "%g",
        placeholder="none" if schema["optional"] else None,
        **words,
    )
