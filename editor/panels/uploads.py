"""Ways to begin a design: empty, from a template, from a file."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import streamlit as st

from blocks import BlockwrightError, Design, ReadError, read, with_weights_of
from editor.session import Session
from editor.words import literal

DESIGN_PAGE = "editor/pages/design.py"
GALLERY_PAGE = "editor/pages/gallery.py"
MODELS = ("keras", "h5", "hdf5")
MAX_MEGABYTES = 700
"""VGG-16, the largest network people bring, has 550 MB of weights."""


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
        "Import a design (.json) or a Keras model (.keras, .h5; .json has the architecture alone)",
        type=["json", *MODELS],
        max_upload_size=MAX_MEGABYTES,
    )
    bring = place.toggle(
        "Bring the weights along",
        value=True,
        key="uploads/weights",
        help="From a .keras or an .h5 file that has them. The design then builds, exports and "
        "trains with them.",
    )
    if sent is None:
        return
    try:
        with st.spinner("Reading the file"):
            kind = Path(sent.name).suffix.lower().lstrip(".")
            design, told = imported(sent.getbuffer(), sent.name, kind, bring)
        session.create(design)
        if told:
            session.tell(told)
        st.switch_page(DESIGN_PAGE)
    except BlockwrightError as error:
        st.error(f"{literal(sent.name[:80])}: {literal(str(error))}")


def imported(
    content: bytes | memoryview, name: str, kind: str, bring: bool = True
) -> tuple[Design, str]:
    """Return the design in an uploaded file of a kind, and why it has no weights, if it should.

    `kind` is the file's ending, without the dot. A model is read from a file of our own naming,
    in a child. One whose weights cannot be brought along is a design without them, and a sentence.

    Raises:
        ReadError: it holds no design, or goes past a limit.
    """
    if kind not in MODELS:
        return design_of(bytes(content)), ""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"model.{kind}"
        path.write_bytes(content)
        design = read(path)
        if not bring:
            return design, ""
        try:
            return with_weights_of(design, path, source=name), ""
        except ReadError as error:
            return design, f"Opened without its weights: {error}"


def design_of(content: bytes) -> Design:
    """Return the design in an uploaded design file, or in the JSON of a model's architecture.

    Raises:
        ReadError: it holds none, or goes past a limit.
    """
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
