"""Ways to begin a design: empty, from a template, from a file."""

from typing import Any

import streamlit as st

from blocks import BlockwrightError, Design, ReadError, read
from editor.session import Session
from editor.words import literal

DESIGN_PAGE = "editor/pages/design.py"
GALLERY_PAGE = "editor/pages/gallery.py"
MAX_BYTES = 5_000_000


def show(session: Session) -> None:
    """Offer a new design, the templates, and a file of one's own."""
    empty, drawn, file = st.columns([1, 1, 2], vertical_alignment="bottom")
    if empty.button("New design", type="primary", icon=":material/add:", width="stretch"):
        _go(session, Design())
    if drawn.button("From a template", icon=":material/auto_stories:", width="stretch"):
        st.switch_page(GALLERY_PAGE)
    _import(session, file)


def _import(session: Session, place: Any) -> None:
    sent = place.file_uploader(
        "Import a design (JSON)", type=["json"], max_upload_size=MAX_BYTES // 1_000_000
    )
    if sent is None:
        return
    try:
        _go(session, design_of(sent.getvalue()))
    except BlockwrightError as error:
        st.error(f"{literal(sent.name[:80])}: {literal(str(error))}")


def design_of(content: bytes) -> Design:
    """Return the design in an uploaded file.

    Raises:
        ReadError: it holds none, or goes past a limit.
    """
    if len(content) > MAX_BYTES:
        raise ReadError(f"a design file has at most {MAX_BYTES:,} bytes, got {len(content):,}")
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise ReadError("a design file is UTF-8 text, got other bytes") from None
    if not text.startswith("{"):
        # `read` takes other texts for a path of this machine.
        raise ReadError("a design file is a JSON object, got another text")
    return read(text)


def _go(session: Session, design: Design) -> None:
    session.create(design)
    st.switch_page(DESIGN_PAGE)
