"""The weights that a design carries: brought from a file, how far they still fit, left behind."""

from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from blocks import BlockwrightError, Carried, Design, Fit, ReadError, with_weights_of
from editor.panels.uploads import MAX_MEGABYTES, MODELS
from editor.session import Session
from editor.words import literal

LEFT_BEHIND = "Leave the weights behind"
HELP = (
    "A model or its weights alone, as Keras writes them: .keras, .h5 or .weights.h5. Layers are "
    "found by their names; one that the file does not have starts with fresh values."
)


def show(session: Session) -> None:
    """Say what becomes of the carried weights, if there are any, and take others in."""
    fit = session.view.weights
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="weights"):
        if fit is not None:
            st.caption(line(fit), width="content")
            st.button(
                "Leave behind",
                type="tertiary",
                icon=":material/close:",
                help="Every layer starts with fresh values then. Undo brings the weights back.",
                on_click=_leave_behind,
                args=(session,),
            )
        if session.view.report.total:
            with st.popover(
                "Weights from a file", type="tertiary", icon=":material/database:", width="content"
            ):
                _bring(session)


def line(fit: Fit) -> str:
    """Return the sentence as Markdown, with an icon that tells good from doubtful."""
    sentence = fit.sentence()
    whole = fit.there and len(fit.layers) == fit.wanted
    icon = ":material/database:" if whole else ":material/info:"
    return f"{icon} {literal(sentence[0].upper() + sentence[1:])}."


def brought(design: Design, content: bytes | memoryview, name: str) -> Carried | None:
    """Return the weights that an uploaded file has for a design, now in the store.

    Raises:
        ReadError: it has none for its layers, others than they take, or cannot be read.
    """
    kind = Path(name).suffix.lower().lstrip(".")
    if kind not in MODELS:
        known = ", ".join(f".{one}" for one in MODELS)
        raise ReadError(f"{name[:80]}: weights are read from {known} files")
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"weights.{kind}"
        path.write_bytes(content)
        return with_weights_of(design, path, source=name).weights


def _bring(session: Session) -> None:
    """Take a file in. The field is a new one after every upload, so that it keeps no old words."""
    turn = session.recall("weights/turn") or 0
    sent = st.file_uploader(
        "Trained weights for this design's layers",
        type=list(MODELS),
        max_upload_size=MAX_MEGABYTES,
        key=f"weights-{turn}",
        help=HELP,
    )
    if sent:
        session.remember("weights/turn", turn + 1)
        with st.spinner("Reading the weights"):
            session.remember("weights/said", (session.design_id, _taken(session, sent)))
        st.rerun(scope="fragment")
    design_id, said = session.recall("weights/said") or ("", "")
    if said and design_id == session.design_id:
        st.error(literal(said))


def _taken(session: Session, sent: UploadedFile) -> str:
    """Carry the weights of an upload; return why not, or nothing."""
    try:
        found = brought(session.stored.design, sent.getbuffer(), sent.name)
        session.carry(found, f"Weights from {sent.name}"[:64])
    except BlockwrightError as error:
        return str(error)
    return ""


def _leave_behind(session: Session) -> None:
    try:
        session.carry(None, LEFT_BEHIND)
    except BlockwrightError as error:
        session.tell(str(error))
