"""The runs there are, those of the open design first; one of them is chosen."""

import time
from typing import Any

import streamlit as st

from blocks import Run, bytes_text, runs
from editor.people import owns
from editor.session import Session

ROWS_SHOWN = 5
REFRESH = "2s"
ROW_HEIGHT = 35
MARKS = {
    "queued": "◌ queued",
    "running": "● running",
    "finished": "✓ finished",
    "stopped": "■ stopped",
    "failed": "✕ failed",
}


def of_person(session: Session) -> list[Run]:
    """Return the person's runs and those from the shell, those of the open design first."""
    mine = [run for run in runs() if owns(session.owner, run)]
    return ordered(mine, session.design_id)


def choose(session: Session, found: list[Run]) -> Run | None:
    """Show the runs and return the chosen one; None where there are none yet."""
    if not found:
        return None
    ids = [run.id for run in found]
    last = session.recall(kept(session))
    row = ids.index(last) if last in ids else 0
    alive = any(run.status().alive for run in found)

    @st.fragment(run_every=REFRESH if alive else None)
    def follow() -> None:
        chosen = _table(session, found, row)
        if chosen.id != found[row].id or (alive and not any(r.status().alive for r in found)):
            session.remember(kept(session), chosen.id)
            st.rerun()

    follow()
    session.remember(kept(session), found[row].id)
    return found[row]


def _table(session: Session, found: list[Run], row: int) -> Run:
    """Show the table and return the run that is chosen in it."""
    ids = [run.id for run in found]
    event: Any = st.dataframe(
        [_row(session, run) for run in found],
        hide_index=True,
        height=ROW_HEIGHT * (min(len(found), ROWS_SHOWN) + 1) + 3,
        row_height=ROW_HEIGHT,
        placeholder="-",
        key=f"runs-{ids[0]}-{len(ids)}-{session.design_id}",
        on_select="rerun",
        selection_mode="single-row",
        selection_default={"selection": {"rows": [row]}},
        column_config={
            "Accuracy": st.column_config.NumberColumn(
                format="percent", help="On the validation samples, after the last epoch."
            )
        },
    )
    rows = event.selection.rows
    return found[rows[0]] if rows and rows[0] < len(found) else found[row]


def kept(session: Session) -> str:
    """Return under which name the tab remembers the chosen run: one for every design."""
    return f"run/{session.design_id}"


def ordered(found: list[Run], design_id: str) -> list[Run]:
    """Return runs in their order, those of one design first."""
    return sorted(found, key=lambda run: run.design_id != design_id)


def _row(session: Session, run: Run) -> dict[str, Any]:
    last = run.last_epoch()
    return {
        "State": MARKS[run.status().state],
        "Run": run.title or None,
        "Design": "this design" if run.design_id == session.design_id else run.design.name,
        "Revision": run.revision,
        "Data": run.data_title,
        "Epochs": f"{last.epoch if last else 0} of {run.settings.epochs}",
        "Accuracy": last.val_accuracy if last else None,
        "Device": run.device.name,
        "Disk": bytes_text(run.size),
        "Started": time.strftime("%d %b %H:%M", time.localtime(run.started)),
    }
