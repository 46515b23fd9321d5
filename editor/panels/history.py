"""The past of the open design: what was done when, named versions, and the way back to any."""

from collections.abc import Callable
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from blocks import BlockwrightError, Report, bytes_text, differences, thumbnail
from editor.panels.compare_choice import ADDRESS, COMPARE_PAGE
from editor.panels.gallery import picture
from editor.session import Session
from editor.versions import MAX_NAME, Step
from editor.view import View
from editor.words import explained, literal

OPEN = "history open"
ROW_HEIGHT = 35
MOST_HEIGHT = 400
STYLE = """<style>
.past { padding: 0.5rem; border-radius: 0.5rem; text-align: center;
  background: color-mix(in srgb, currentcolor 4%, transparent); }
.past img { width: 100%; height: 7rem; object-fit: contain; }
</style>"""
Counted = tuple[str, int, int]


def show_dialog(session: Session) -> None:
    """Open the dialog when the person asked for it, and keep it open until it is closed."""
    if session.wish("history"):
        session.remember(OPEN, True)
    if session.recall(OPEN):
        _dialog(session)


def _close() -> None:
    Session().remember(OPEN, False)


@st.dialog("Versions", width="large", on_dismiss=_close)
@explained()
def _dialog(session: Session) -> None:
    show(session)


def show(session: Session) -> None:
    """Show the revisions on the left; on the right the chosen one beside the present."""
    steps = session.library.versions.steps(session.design_id, session.owner)
    _name_present(session, steps)
    only_named = st.toggle("Named versions only", key="history-named")
    listed = [step for step in steps if step.name] if only_named else steps
    if not listed:
        st.caption("No version has a name yet. Name the present one above before a large change.")
        return
    left, right = st.columns([1.15, 1], gap="medium")
    with left:
        step = _choose(session, listed)
    with right:
        _chosen(session, step)


def _name_present(session: Session, steps: list[Step]) -> None:
    """Offer to name the revision that is open."""
    present = next((step for step in steps if step.revision == session.revision), None)
    with st.form("name-version", border=False), st.container(horizontal=True):
        name = st.text_input(
            "Name of the present version",
            value=present.name if present else "",
            max_chars=MAX_NAME,
            placeholder="Name the present version, as in: before widening",
            label_visibility="collapsed",
        )
        if st.form_submit_button("Name it", icon=":material/bookmark_add:"):
            _try(lambda: _rename(session, session.revision, name))


def _rename(session: Session, revision: int, name: str) -> None:
    session.library.versions.name(session.design_id, session.owner, revision, name)
    st.rerun(scope="fragment")


def _choose(session: Session, steps: list[Step]) -> Step:
    frame = pd.DataFrame(
        {
            "Revision": [step.revision for step in steps],
            "Version": [step.name for step in steps],
            "What was done": [_words(step) for step in steps],
            "When": [datetime.fromtimestamp(step.created, UTC) for step in steps],
        }
    )
    event = st.dataframe(
        frame,
        hide_index=True,
        height=min(MOST_HEIGHT, ROW_HEIGHT * (len(steps) + 1) + 3),
        row_height=ROW_HEIGHT,
        key=f"history {session.design_id} {steps[0].revision} {len(steps)}",
        on_select="rerun",
        selection_mode="single-row",
        selection_default={"selection": {"rows": [0]}},
        column_config={
            "Revision": st.column_config.NumberColumn(width=70),
            "When": st.column_config.DatetimeColumn(format="distance"),
        },
    )
    rows = [row for row in event.selection.rows if row < len(steps)]
    return steps[rows[0] if rows else 0]


def _words(step: Step) -> str:
    """Return what made a revision, as a person would say it."""
    before = {"undo": "Undo: ", "redo": "Redo: "}.get(step.kind, "")
    return before + step.label


def _chosen(session: Session, step: Step) -> None:
    """Show one revision, read-only, with its numbers beside the present ones."""
    design = session.library.at(session.design_id, session.owner, step.revision)
    view = session.view_at(step.revision, design)
    title = f"Revision {step.revision}" + (f": {step.name}" if step.name else "")
    st.markdown(f"**{literal(title)}**")
    st.html(f'{STYLE}<div class="past">{picture(view.keep("large", _picture))}</div>')
    st.dataframe(_numbers(view.report, session.view.report), hide_index=True)
    st.caption(_changes(view, session.view))
    _actions(session, step)


def _picture(view: View) -> str:
    return thumbnail(view.design, view.report)


def _numbers(then: Report, now: Report) -> pd.DataFrame:
    """Return the totals of a revision, those of today, and what lies between."""
    counted: list[Counted] = [
        ("Parameters", then.total, now.total),
        ("MACs", then.macs, now.macs),
        ("Layers", len(then.layers), len(now.layers)),
        ("Problems", len(then.errors), len(now.errors)),
    ]
    lines: list[tuple[str, str, str, str]] = [
        (name, f"{a:,}", f"{b:,}", f"{b - a:+,}" if a != b else "") for name, a, b in counted
    ]
    before, after = bytes_text(then.activation_bytes), bytes_text(now.activation_bytes)
    lines.append(("Activations", before, after, ""))
    return pd.DataFrame(lines, columns=["", "Then", "Now", "Change"])


def _changes(then: View, now: View) -> str:
    """Say in a line which blocks changed between a revision and today."""
    found = differences(then.design, now.design)
    if not found:
        return "No block has changed since."
    kinds = ("added", "removed", "changed")
    counts = {kind: sum(one.kind == kind for one in found) for kind in kinds}
    words = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    return f"Blocks since then: {words}."


def _actions(session: Session, step: Step) -> None:
    with st.container(horizontal=True):
        if st.button(
            "Restore",
            type="primary",
            icon=":material/history:",
            disabled=step.revision == session.revision,
            help="The present stays in the history; undo leads back to it.",
        ):
            _try(lambda: _restore(session, step))
        if st.button("Open a copy", icon=":material/content_copy:"):
            _try(lambda: _duplicate(session, step))
        if step.revision != session.revision and st.button(
            "Compare", icon=":material/compare_arrows:", help="Beside the present, block by block."
        ):
            _close()
            refs = f"{session.design_id}@{step.revision},{session.design_id}"
            st.switch_page(COMPARE_PAGE, query_params={ADDRESS: refs})
        with st.popover("Name", icon=":material/bookmark:"):
            key = f"name-{session.design_id}-{step.revision}"
            name = st.text_input("Name of this version", step.name, MAX_NAME, key=key)
            if st.button("Keep the name", key=f"keep-{key}"):
                _try(lambda: _rename(session, step.revision, name))


def _restore(session: Session, step: Step) -> None:
    session.restore(step.revision)
    session.tell(f"The design is as it was at revision {step.revision}; Undo takes that back.")
    _leave()


def _duplicate(session: Session, step: Step) -> None:
    session.duplicate(session.design_id, step.revision)
    _leave()


def _leave() -> None:
    """Close the dialog and show the design: the whole page, where a click ran the dialog only."""
    _close()
    st.rerun()


def _try(do: Callable[[], None]) -> None:
    try:
        do()
    except BlockwrightError as error:
        st.error(literal(str(error)))
