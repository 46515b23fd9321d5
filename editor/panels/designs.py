"""The list of designs: open, duplicate, download, delete and bring back."""

import json
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st

from blocks import BlockwrightError, thumbnail
from editor.panels.gallery import as_data
from editor.panels.layers import count_column, countable
from editor.panels.uploads import DESIGN_PAGE
from editor.session import Session
from editor.store import Entry
from editor.view import View
from editor.words import file_stem, literal


def show(session: Session) -> None:
    """Show the designs, the last edited first, and what can be done with the chosen one."""
    _offer_return(session)
    entries = session.library.designs(session.owner)
    if not entries:
        st.caption("No designs yet. Begin with an empty one or with a template.")
        return
    frame = table(session, entries)
    chosen = st.dataframe(
        frame,
        hide_index=True,
        # Another list is another table: a row chosen in the old one must not choose in the new.
        key=f"designs {entries[0].id} {len(entries)}",
        on_select="rerun",
        selection_mode="single-row",
        selection_default={"selection": {"rows": [_row_shown_last(session, entries)]}},
        row_height=48,
        column_config={
            "Picture": st.column_config.ImageColumn(" ", width=130),
            "Updated": st.column_config.DatetimeColumn(format="distance"),
            "Parameters": count_column(frame["Parameters"]),
        },
    )
    picked = [row for row in chosen.selection.rows if row < len(entries)]
    if picked:
        _actions(session, entries[picked[0]])
    else:
        st.caption("Choose a design to open, duplicate, download or delete it.")


def _row_shown_last(session: Session, entries: list[Entry]) -> int:
    rows = (row for row, entry in enumerate(entries) if entry.id == session.last_shown)
    return next(rows, 0)


def table(session: Session, entries: list[Entry]) -> pd.DataFrame:
    """Return the list as a table: picture, name, numbers, time of the last edit."""
    views = [session.view_of(session.library.open(entry.id, session.owner)) for entry in entries]
    reports = [view.report for view in views]
    pictures = [view.keep("picture", _picture) for view in views]
    return pd.DataFrame(
        {
            "Picture": pictures,
            "Name": [entry.name for entry in entries],
            "Revision": [entry.revision for entry in entries],
            "Parameters": countable([report.total for report in reports]),
            "Problems": [len(report.errors) for report in reports],
            "Updated": [datetime.fromtimestamp(entry.updated, UTC) for entry in entries],
        }
    )


def _picture(view: View) -> str:
    return as_data(thumbnail(view.design, view.report))


def _actions(session: Session, entry: Entry) -> None:
    st.markdown(f"**{literal(entry.name)}**")
    with st.container(horizontal=True):
        if st.button("Open", type="primary", icon=":material/edit:"):
            session.show(entry.id)
            st.switch_page(DESIGN_PAGE)
        if st.button("Duplicate", icon=":material/content_copy:"):
            session.duplicate(entry.id)
            st.switch_page(DESIGN_PAGE)
        st.download_button(
            "Download",
            data=lambda: design_file(session, entry.id),
            file_name=f"{file_stem(entry.name)}.json",
            mime="application/json",
            on_click="ignore",
            icon=":material/download:",
        )
        st.button("Delete", icon=":material/delete:", on_click=_delete, args=(session, entry))


def design_file(session: Session, design_id: str) -> bytes:
    """Return a design as the content of its file."""
    document: Any = session.library.open(design_id, session.owner).design.to_json()
    return json.dumps(document, indent=1, ensure_ascii=False).encode()


def _delete(session: Session, entry: Entry) -> None:
    try:
        session.library.delete(entry.id, session.owner)
        session.remember("deleted", entry)
    except BlockwrightError as error:
        session.tell(str(error))


def _offer_return(session: Session) -> None:
    """Offer to take the last deletion back."""
    entry = session.recall("deleted")
    if not isinstance(entry, Entry):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"Deleted {literal(entry.name)}.")
        if st.button("Undo", icon=":material/undo:"):
            session.library.restore(entry.id, session.owner)
            session.remember("deleted", None)
            st.rerun()
