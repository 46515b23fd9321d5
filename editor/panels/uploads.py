"""Ways to begin a design and to bring some in: empty, from a template, from files, a backup."""

import time
from collections.abc import Callable
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
CODE = "py"
BACKUP = "zip"
KINDS = ("json", *MODELS, CODE, BACKUP)
MAX_MEGABYTES = 1024
"""VGG-16, the largest network people bring, has 550 MB of weights, and as much again beside them
where it was saved with an optimizer that has a momentum."""
MAX_FILES = 50
OPEN = "import open"

Said = list[tuple[bool, str]]
"""What came of an import, a file a line: whether it went well, and a sentence."""


def show(session: Session) -> None:
    """Offer a new design, the templates, files of one's own, and a backup of everything."""
    with st.container(horizontal=True):
        if st.button("New design", type="primary", icon=":material/add:"):
            _go(session, Design())
        if st.button("From a template", icon=":material/auto_stories:"):
            st.switch_page(GALLERY_PAGE)
        with st.popover("Import", icon=":material/upload_file:", width="content"):
            _import(session)
            # What is said here is not hidden by the field, as it would be on the page.
            for went_well, sentence in session.recall("imported") or []:
                (st.success if went_well else st.error)(literal(sentence))
        with st.popover("Backup", icon=":material/archive:", width="content"):
            _backup(session)


def show_dialog(session: Session) -> None:
    """Open the import where a file was dropped on the canvas, and keep it open until it is read.

    The canvas knows the field by the key of what is around it, and puts the files into it.
    """
    if session.wish("import"):
        session.remember(OPEN, True)
    if session.recall(OPEN):
        _dialog(session)


def _close() -> None:
    Session().remember(OPEN, False)


@st.dialog("Import", on_dismiss=_close)
def _dialog(session: Session) -> None:
    with st.container(key="dropped-files"):
        _import(session, _tell)


def _tell(session: Session, said: Said) -> None:
    """Say on the canvas what came of an import."""
    session.remember(OPEN, False)
    for _, sentence in said:
        session.tell(sentence)


def _list(session: Session, said: Said) -> None:
    """Keep what came of an import for the list on the page."""
    session.remember("imported", said)


def _import(session: Session, say: Callable[[Session, Said], None] = _list) -> None:
    """Take files in. The field is a new one after every upload, so that it keeps no old words."""
    turn = session.recall("import turn") or 0
    sent = st.file_uploader(
        "Designs (.json), Keras models (.keras, .h5; .json has the architecture alone), Keras "
        "code exported here (.py), a backup (.zip)",
        max_upload_size=MAX_MEGABYTES,
        accept_multiple_files=True,
        key=f"import-{turn}",
    )
    bring = st.toggle(
        "Bring the weights along",
        value=True,
        key="uploads/weights",
        help="From a .keras or an .h5 file that has them. The design then builds, exports and "
        "trains with them.",
    )
    if not sent:
        return
    session.remember("import turn", turn + 1)
    with st.spinner("Reading the files"):
        said, opened = _taken(session, sent[:MAX_FILES], bring)
    if len(sent) > MAX_FILES:
        said.append((False, f"At most {MAX_FILES} files at a time; the others were left out."))
    if opened and len(sent) == 1:
        session.remember("imported", [])
        _tell(session, [one for one in said if not one[0]])
        session.show(opened)
        st.switch_page(DESIGN_PAGE)
    say(session, said)
    st.rerun()


def _taken(session: Session, files: list[Any], bring: bool) -> tuple[Said, str]:
    """Take files into the library; return what came of each, and the last design's id or ""."""
    said: Said = []
    opened = ""
    for sent in files:
        name, kind = sent.name[:80], Path(sent.name).suffix.lower().lstrip(".")
        try:
            if kind == BACKUP:
                said += _restored(session, name, sent.getvalue())
            else:
                design, told = imported(sent.getbuffer(), sent.name, kind, bring)
                opened = session.library.create(design, session.owner)
                words = told or f"{name} is in the library as {design.name}."
                said.append((not told, words))
        except BlockwrightError as error:
            said.append((False, f"{name}: {error}"))
    return said, opened


def _restored(session: Session, name: str, content: bytes) -> Said:
    outcome = session.library.take_backup(session.owner, content)
    plural = "s" * (outcome.brought != 1)
    words = f"{name}: {outcome.brought:,} design{plural} brought back with history"
    if outcome.present:
        words += f", {outcome.present:,} are here already"
    return [(True, f"{words}."), *((False, one) for one in outcome.sentences)]


def _backup(session: Session) -> None:
    st.markdown("All your designs with their histories, named versions and tags as one file.")
    st.download_button(
        "Download backup",
        data=lambda: session.library.backup(session.owner),
        file_name=f"blockwright-{time.strftime('%Y-%m-%d')}.zip",
        mime="application/zip",
        on_click="ignore",
        icon=":material/download:",
        type="primary",
    )
    st.caption(
        "Import takes it back: on this machine or another, beside what is there. Weights that "
        "designs carry, training runs and data sets are not in it: they stay in the folder of the "
        "library."
    )


def imported(
    content: bytes | memoryview, name: str, kind: str, bring: bool = True
) -> tuple[Design, str]:
    """Return the design in an uploaded file of a kind, and why it has no weights, if it should.

    `kind` is the file's ending, without the dot. A model or code is read from a file of our own
    naming, in a child. One whose weights cannot be brought along is a design without them, and a
    sentence.

    Raises:
        ReadError: it holds no design, or goes past a limit.
    """
    if kind not in KINDS:
        known = ", ".join(f".{one}" for one in KINDS)
        raise ReadError(f"the name ends in {kind!a:.20}; a file to import is one of {known}")
    if kind not in (*MODELS, CODE):
        return design_of(bytes(content)), ""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"model.{kind}"
        path.write_bytes(content)
        try:
            design = read(path)
        except ReadError as error:
            raise ReadError(str(error).removeprefix(f"{path.name}: ")) from None
        if not bring or kind == CODE:
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
