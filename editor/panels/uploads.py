"""Ways to begin a design: empty, from a template, from a file."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import streamlit as st

from blocks import BlockwrightError, Design, ReadError, read
from editor.session import Session
from editor.words import literal

DESIGN_PAGE = "editor/pages/design.py"
GALLERY_PAGE = "editor/pages/gallery.py"
MODELS = ("keras", "h5", "hdf5")
MAX_MEGABYTES = 500


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
        "Import a design (.json) or the architecture of a Keras model (.keras, .h5, .json)",
        type=["json", *MODELS],
        max_upload_size=MAX_MEGABYTES,
    )
    if sent is None:
        return
    try:
        with st.spinner("Reading the file"):
            design = design_of(sent.getvalue(), Path(sent.name).suffix.lower().lstrip("."))
        _go(session, design)
    except BlockwrightError as error:
        st.error(f"{literal(sent.name[:80])}: {literal(str(error))}")


def design_of(content: bytes, kind: str = "json") -> Design:
    """Return the design in an uploaded file of a kind (its ending, without the dot).

    A model is read from a file of our own naming, in a child where its format asks for one.

    Raises:
        ReadError: it holds none, or goes past a limit.
    """
    if kind in MODELS:
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"model.{kind}"
            path.write_bytes(content)
            return read(path)
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
