"""Weights of a file, tried on the data of the form: judged and asked without a run."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import streamlit as st

from blocks import (
    BlockwrightError,
    Design,
    DesignError,
    Given,
    TrainingSettings,
    tried_on,
    with_all_weights_of,
)
from editor.panels import run_try
from editor.panels.uploads import MAX_MEGABYTES, MODELS
from editor.session import Session
from editor.words import as_list, literal

KEPT = "given/weights"
HELP = (
    "A trained model of the same structure as the open design, as Keras writes it: .keras, .h5 or "
    ".weights.h5. In a file of weights alone the layers have the names that they have here."
)


def show(session: Session, data: str, settings: TrainingSettings) -> None:
    """Take a file of weights in, and try the open design with them on the data of the form."""
    sent = st.file_uploader(
        "Trained weights for this design",
        type=list(MODELS),
        max_upload_size=MAX_MEGABYTES,
        key="given-file",
        help=HELP,
    )
    if sent is None:
        st.info(
            "Give a file of weights to judge this design on the data of the form and to ask it "
            "about samples of your own. Nothing is trained, and the design stays as it is.",
            icon=":material/database:",
        )
        return
    design, refusal = _read(session, sent)
    if design is None:
        st.error(literal(refusal))
        return
    network = _on_data(design, data, settings)
    if network:
        st.caption(literal(f"{sent.name[:80]} on {network.info.title}, as the form reads them."))
        run_try.show(session, network)


def _read(session: Session, sent: Any) -> tuple[Design | None, str]:
    """Return the open design with the weights of the file, or why not; read once."""
    mark = sent.file_id, session.design_id, session.revision
    kept: tuple[Any, Design | None, str] | None = session.recall(KEPT)
    if kept is None or kept[0] != mark:
        with st.spinner("Reading the weights"):
            kept = (mark, *_carrying(session.stored.design, sent))
        session.remember(KEPT, kept)
    return kept[1], kept[2]


def _carrying(design: Design, sent: Any) -> tuple[Design | None, str]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"weights{Path(sent.name).suffix.lower()}"
        path.write_bytes(sent.getbuffer())
        try:
            return with_all_weights_of(design, path, sent.name), ""
        except BlockwrightError as error:
            return None, str(error)


def _on_data(design: Design, data: str, settings: TrainingSettings) -> Given | None:
    """Return the network on the data of the form; None, and the reason on the page, where not."""
    if any(settings.problems()):
        return None  # the form says what is wrong with them
    try:
        return tried_on(design, data, settings)
    except DesignError as error:
        st.error(as_list(error))
    except BlockwrightError as error:
        st.error(literal(str(error)))
    return None
