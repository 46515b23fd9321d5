"""The small form before a template opens: its input, its classes, and what becomes of them."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from blocks import (
    BlockwrightError,
    Design,
    Report,
    Template,
    adaptable,
    adapted,
    analyze,
    shape_text,
    templates,
)
from editor.panels import fetching
from editor.panels.uploads import DESIGN_PAGE
from editor.session import Session
from editor.words import explained, literal

ASKED = "opening"


def ask(session: Session, template_id: str) -> None:
    """Have the dialog of a template shown."""
    session.remember(ASKED, template_id)


def show_dialog(session: Session) -> None:
    """Show the dialog of the template asked for, until it is closed."""
    entry = templates().get(session.recall(ASKED) or "")
    if entry:
        st.dialog(entry.title, width="small", on_dismiss=_close)(_form)(session, entry)


def _close() -> None:
    session = Session()
    fetching.give_up(session)
    session.remember(ASKED, None)


@explained()
def _form(session: Session, entry: Template) -> None:
    design = entry.design()
    st.markdown(literal(entry.summary))
    if entry.differs:
        st.caption(f"Other than its source: {literal(entry.differs)}")
    going = fetching.running(session, entry.id)
    values = _values(entry.id, design, fixed=going is not None and not going.job.done)
    report = analyze(adapted(design, **values))
    _outcome(report)
    if going and not going.job.done:
        fetching.follow(going)
        return
    if going:
        weights = fetching.outcome(session, going)
        if weights:
            _open(session, entry, going.values, weights)
    wanted = fetching.offer(entry, report)
    if st.button(
        "Open anyway" if report.errors else "Open",
        type="primary",
        icon=":material/arrow_forward:",
        width="stretch",
        key="opening-open",
    ):
        if wanted:
            fetching.begin(session, entry, values)
        else:
            _open(session, entry, values)


def _values(template_id: str, design: Design, fixed: bool) -> dict[str, int]:
    """Show a field for every value of the network's ends; return those that were changed.

    They are `fixed` while weights are on their way for them.
    """
    ends = adaptable(design)
    columns = st.columns(len(ends))
    changed: dict[str, int] = {}
    for column, (name, end) in zip(columns, ends.items(), strict=True):
        schema = end.param.schema(name)
        value = column.number_input(
            name.capitalize(),
            value=end.value,
            min_value=schema["min"],
            max_value=schema["max"],
            step=1,
            disabled=fixed,
            key=f"opening/{template_id}/{name}",
        )
        if value != end.value:
            changed[name] = int(value)
    return changed


def _outcome(report: Report) -> None:
    """Tell the numbers the network will have, and every problem."""
    if not report.errors:
        shapes = ", ".join(shape_text(report.graph[name].shape) for name in report.graph.outputs)
        st.caption(f"{report.total:,} parameters, {report.macs:,} multiply-adds; output {shapes}")
    for problem in report.problems:
        box = st.error if problem.severity == "error" else st.warning
        box(f"**{literal(problem.node)}**: {literal(problem.message)}")


def _open(
    session: Session,
    entry: Template,
    values: dict[str, int],
    weights: Mapping[str, Any] | None = None,
) -> None:
    try:
        session.open_template(entry.id, weights, **values)
    except BlockwrightError as error:
        st.error(literal(str(error)))
        return
    session.remember(ASKED, None)
    st.switch_page(DESIGN_PAGE)
