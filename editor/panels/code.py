"""The Python code of the design, as it is now, for Keras or for PyTorch."""

from collections.abc import Callable, Sequence

import streamlit as st

from blocks import (
    BlockwrightError,
    Design,
    DesignError,
    Report,
    python_code,
    require_buildable,
    torch_code,
)
from editor.lines import MODEL, lines_of, makers_of
from editor.session import Session
from editor.view import View
from editor.words import as_list, literal

MARK = (
    "box-shadow: -4px 0 currentcolor;"
    "background: color-mix(in oklab, currentcolor, transparent 90%);"
)

WRITERS: dict[str, Callable[[Design], str]] = {"Keras": python_code, "PyTorch": torch_code}
"""What the code may be for; writing it loads neither library."""


def show(session: Session) -> None:
    """Show plain code, or which problems stand in the way."""
    view = session.view
    kind = st.segmented_control(
        "Library",
        list(WRITERS),
        default="Keras",
        required=True,
        key="code-for",
        label_visibility="collapsed",
    )
    try:
        code = view.keep(f"code for {kind}", lambda view: _code(view, WRITERS[kind]))
    except DesignError as error:
        st.caption("The code appears when nothing is in its way:")
        st.markdown(as_list(error))
        return
    except BlockwrightError as error:
        st.caption(f"There is no code for {kind}: {literal(str(error))}")
        return
    names, makers = _blocks(view.design, session.inside, code)
    chosen = [names[node_id] for node_id in session.selected_inside if node_id in names]
    spans = [span for one in chosen for span in lines_of(code, one, names.values(), makers)]
    st.caption(_where(chosen, spans))
    with st.container(key="code"):
        st.html(marking(spans))
        # Wrapped, every line is an element of its own; none is long enough to be broken.
        st.code(code, language="python", line_numbers=True, wrap_lines=True)


def _blocks(design: Design, inside: Sequence[str], code: str) -> tuple[dict[str, str], list[str]]:
    """Return the names of the blocks that a tab shows, by id, and what makes them in the code."""
    definition = design.definitions.get(inside[-1]) if inside else None
    if definition is None:
        return {key: node.name for key, node in design.nodes.items()}, [*MODEL]
    names = {node["id"]: node.get("name") or node["id"] for node in definition["nodes"]}
    return names, makers_of(code, inside[-1], design.definitions)


def _where(names: Sequence[str], spans: Sequence[tuple[int, int]]) -> str:
    if not names:
        return "Select a block to see its lines marked."
    if not spans:
        return f"No line of its own makes {literal(', '.join(names))}."
    places = ", ".join(f"{a}" if a == b else f"{a} to {b}" for a, b in spans)
    one = len(spans) == 1 and spans[0][0] == spans[0][1]
    return f"{literal(', '.join(names))}: {'line' if one else 'lines'} {places}"


def marking(spans: Sequence[tuple[int, int]]) -> str:
    """Return the style that marks lines of the code with a bar and a shade."""
    rules = "".join(
        f".st-key-code code > span:nth-child(n + {first}):nth-child(-n + {last}) {{ {MARK} }}"
        for first, last in spans
    )
    return f"<style>{rules}</style>"


def obstacles(report: Report) -> DesignError | None:
    """Return why a design cannot be exported, or None."""
    try:
        require_buildable(report)
    except DesignError as error:
        return error
    return None


def _code(view: View, write: Callable[[Design], str]) -> str:
    require_buildable(view.report)
    return write(view.design)
