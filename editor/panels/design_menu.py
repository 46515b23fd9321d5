"""What can be done with one design of the library: name, tags, copy, file, end."""

import json
from typing import Any

import streamlit as st

from editor.panels.compare_choice import ADDRESS, COMPARE_PAGE
from editor.panels.uploads import DESIGN_PAGE
from editor.session import Session
from editor.shelf import MAX_TAGS, Entry
from editor.words import explained, file_stem, literal

ASKED = "design menu"
MAX_NAME = 80


def ask(session: Session, design_id: str) -> None:
    """Have the dialog of a design shown."""
    session.remember(ASKED, design_id)


def show_dialog(session: Session) -> None:
    """Show the dialog of the design asked for, until it is closed."""
    asked = session.recall(ASKED)
    entries = session.library.designs(session.owner)
    entry = next((one for one in entries if one.id == asked), None)
    if entry:
        tags = sorted({tag for one in entries for tag in one.tags})
        title = literal(entry.name[:MAX_NAME])
        st.dialog(title, width="small", on_dismiss=_close)(_form)(session, entry, tags)


def _close() -> None:
    Session().remember(ASKED, None)


@explained()
def _form(session: Session, entry: Entry, known: list[str]) -> None:
    with st.form(f"about-{entry.id}", border=False):
        name = st.text_input("Name", entry.name, max_chars=MAX_NAME)
        tags = st.multiselect(
            "Tags",
            known,
            default=list(entry.tags),
            accept_new_options=True,
            max_selections=MAX_TAGS,
            placeholder="Choose a tag or type a new one",
        )
        if st.form_submit_button("Save", type="primary", width="stretch"):
            _save(session, entry, name, tags)
    with st.container(horizontal=True):
        if st.button("Duplicate", icon=":material/content_copy:"):
            _duplicate(session, entry)
        if st.button("Compare", icon=":material/compare_arrows:"):
            _close()
            st.switch_page(COMPARE_PAGE, query_params={ADDRESS: entry.id})
        st.download_button(
            "Download",
            data=lambda: design_file(session, entry.id),
            file_name=f"{file_stem(entry.name)}.json",
            mime="application/json",
            on_click="ignore",
            icon=":material/download:",
        )
        if st.button("Delete", icon=":material/delete:"):
            _delete(session, entry)


def _save(session: Session, entry: Entry, name: str, tags: list[str]) -> None:
    if name.strip() and name.strip() != entry.name:
        session.library.rename(entry.id, session.owner, name.strip())
    session.library.tag(entry.id, session.owner, tags)
    _leave()


def _duplicate(session: Session, entry: Entry) -> None:
    session.duplicate(entry.id)
    _close()
    st.switch_page(DESIGN_PAGE)


def _delete(session: Session, entry: Entry) -> None:
    session.library.delete(entry.id, session.owner)
    session.remember("deleted", entry)
    _leave()


def _leave() -> None:
    """Close the dialog and show the shelf as it is now."""
    _close()
    st.rerun()


def design_file(session: Session, design_id: str) -> bytes:
    """Return a design as the content of its file."""
    document: Any = session.library.open(design_id, session.owner).design.to_json()
    return json.dumps(document, indent=1, ensure_ascii=False).encode()
