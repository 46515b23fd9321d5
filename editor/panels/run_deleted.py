"""The deleted runs: the last deletion taken back, any of them restored, or removed for good."""

import time

import streamlit as st

from blocks import BlockwrightError, Run, bytes_text, deleted_runs
from editor.panels import run_list
from editor.panels.designs import ago
from editor.people import owns
from editor.session import Session
from editor.words import explained, literal

LAST, TROUBLE = "run/deleted", "run/not-restored"
AT_ONCE = 24


def offer_return(session: Session) -> None:
    """Offer to take the last deletion of this tab back."""
    trouble = session.recall(TROUBLE)
    if trouble:
        st.error(literal(trouble))
        session.remember(TROUBLE, None)
    run_id = session.recall(LAST)
    run = next((run for run in _of_person(session) if run.id == run_id), None)
    if run is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"Deleted {_name(run)}.", width="content")
        st.button(
            "Undo",
            icon=":material/undo:",
            key="undo-delete",
            on_click=_restore,
            args=(session, run),
        )


def show(session: Session) -> None:
    """Show the deleted runs with the room they take, and the ways back, or out for good."""
    found = _of_person(session)
    if not found:
        return
    room = bytes_text(sum(run.size for run in found))
    with st.expander(f"Deleted runs ({len(found):,}, {room})", icon=":material/delete:"):
        st.caption("Kept for 30 days with all that is in them, then removed for good.")
        for run in found[:AT_ONCE]:
            _row(session, run)
        with st.popover("Empty now", icon=":material/delete_forever:"):
            runs = f"{len(found):,} run{'s' * (len(found) != 1)}"
            st.markdown(f"Remove {runs} for good? It frees {room} and cannot be undone.")
            st.button("Remove for good", key="empty-runs", on_click=_empty, args=(found,))


def _row(session: Session, run: Run) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        when = ago(time.time() - run.deleted_at)
        said = f"{_name(run)} · {bytes_text(run.size)} · deleted {when}"
        st.markdown(said, width="stretch")
        st.button(
            "Restore",
            icon=":material/undo:",
            key=f"restore-run-{run.id}",
            on_click=_restore,
            args=(session, run),
        )


def _of_person(session: Session) -> list[Run]:
    return [run for run in deleted_runs() if owns(session.owner, run)]


def _name(run: Run) -> str:
    """Return what the run is called, as Markdown: its name, or its design's, and its start."""
    started = time.strftime("%d %b %H:%M", time.localtime(run.started))
    return literal(f"{run.title or run.design.name}, {run.data_title}, {started}")


@explained()
def _restore(session: Session, run: Run) -> None:
    """Bring a run back and show it; called before the page is drawn again."""
    try:
        back = run.restore()
    except BlockwrightError as error:
        session.remember(TROUBLE, str(error))
        return
    session.remember(LAST, None)
    session.remember(run_list.kept(session), back.id)


@explained()
def _empty(found: list[Run]) -> None:
    for run in found:
        run.remove()
