"""What a run that has ended leaves: its model, beginning anew, its name, deleting it."""

from typing import Any

import streamlit as st

from blocks import (
    BlockwrightError,
    Run,
    RunError,
    bytes_text,
    event_files,
    start_again,
    training_script,
)
from editor.panels import run_deleted, run_list
from editor.session import Session
from editor.words import explained, literal

TAKEN = "weights taken"
USE = "The design carries them: exports have them, and the next run can start from them."
DOWNLOADS = (
    (".keras", "Model (.keras)"),
    (".h5", "Model (.h5)"),
    (".weights.h5", "Weights (.weights.h5)"),
)


def show(session: Session, run: Run) -> None:
    """Offer what a run that has ended leaves: its model, its name, deleting it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if run.has_weights:
            _downloads(run)
            if st.button("Use these weights", icon=":material/move_item:", help=USE, key="use"):
                _use_weights(session, run)
        if run.data_changed and st.button(
            "Start anew",
            icon=":material/restart_alt:",
            help="A new run like this one, on the data as they are now. This one is kept.",
            key="start-anew",
        ):
            _start_anew(session, run)
        with st.popover("Rename", icon=":material/edit:", type="tertiary"):
            name = st.text_input(
                "Name of the run",
                value=run.title,
                placeholder=run.design.name,
                max_chars=80,
                key=f"rename-{run.id}",
            )
            if name.strip() != run.title:
                _rename(run, name)
        with st.popover("Delete", icon=":material/delete:", type="tertiary"):
            st.markdown(
                f"This run takes {bytes_text(run.size)}. It can be brought back for 30 days."
            )
            if st.button("Delete this run", type="primary", key="delete-run"):
                _delete(session, run)
    _taken(session, run)


def _taken(session: Session, run: Run) -> None:
    """Say how far the run's weights fit, after the design has taken them over."""
    taken: tuple[str, str] | None = session.recall(TAKEN)
    if taken and taken[0] == run.id and session.stored.design.weights:
        st.success(literal(f"The design carries {taken[1]}."), icon=":material/move_item:")


def _downloads(run: Run) -> None:
    stem = "".join(c if c.isascii() and c.isalnum() else "_" for c in run.design.name)[:40]
    for suffix, label in DOWNLOADS:
        st.download_button(
            label,
            data=_reader(run, suffix),
            file_name=f"{stem or 'model'}_trained{suffix}",
            mime="application/octet-stream",
            icon=":material/download:",
            on_click="ignore",
            type="primary" if suffix == ".keras" else "secondary",
            key=f"download-{suffix}",
        )
    _take_home(run, stem or "model")


def _take_home(run: Run, stem: str) -> None:
    """Offer the best epoch's model, the script that trains the same again, and the figures."""
    best = run.best_epoch
    if best is not None:
        _offer(
            f"Best, epoch {best} (.keras)",
            lambda: run.model_as(".keras", best=True).read_bytes(),
            f"{stem}_best.keras",
            icon=":material/star:",
            help="The weights with the least validation loss.",
        )
    _offer_script(run, stem)
    _offer(
        "TensorBoard files (.zip)",
        lambda: event_files(run),
        f"{stem}_events.zip",
        icon=":material/insights:",
        help="All recorded figures as event files, for tensorboard --logdir.",
    )


def _offer_script(run: Run, stem: str) -> None:
    """Offer the training script and what it starts from, or say why there is none."""
    try:
        script = training_script(run)
    except BlockwrightError as error:
        st.caption(literal(f"No training script: {error}"))
        return
    _offer(
        "Training script (.py)",
        script,
        f"train_{stem}.py",
        icon=":material/code:",
        help="Plain Keras that runs on its own and gives this run's losses again.",
    )
    if run.starts_from_weights:
        _offer(
            "Start weights",
            lambda: run.start_weights().read_bytes(),
            "start.weights.h5",
            icon=":material/download:",
            help="What the training script starts from.",
        )


def _offer(label: str, data: Any, file_name: str, *, icon: str, help: str) -> None:
    """Show a button that downloads; what is made on a click is given as a function."""
    st.download_button(
        label, data, file_name, icon=icon, help=help, on_click="ignore", key=f"download-{label}"
    )


def _reader(run: Run, suffix: str) -> Any:
    """Return what reads the file when it is asked for; another format is written then."""
    return lambda: run.model_as(suffix).read_bytes()


def _use_weights(session: Session, run: Run) -> None:
    """Have the open design carry the trained weights, and say for how many of its layers."""
    try:
        with st.spinner("Taking the weights over"):
            session.carry(run.carried_weights(), "Use trained weights")
    except BlockwrightError as error:
        st.error(literal(str(error)))
        return
    fit = session.view.weights
    session.remember(TAKEN, (run.id, fit.sentence() if fit else ""))
    st.rerun()


@explained()
def _rename(run: Run, name: str) -> None:
    run.rename(name)
    st.rerun()


@explained()
def _delete(session: Session, run: Run) -> None:
    run.delete()
    session.remember(run_deleted.LAST, run.id)
    session.remember(run_list.kept(session), None)
    st.rerun()


def _start_anew(session: Session, run: Run) -> None:
    try:
        begun = start_again(run)
    except BlockwrightError as error:
        st.error(literal(str(error)))
        return
    session.remember(run_list.kept(session), begun.id)
    st.rerun()


def resume(run: Run) -> None:
    """Let a run go on that has ended before its last epoch, or say why it cannot."""
    try:
        run.resume()
    except RunError as error:
        st.error(literal(str(error)))
        return
    st.rerun()
