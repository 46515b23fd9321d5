"""One run: where it stands, how it goes, and what it leaves behind."""

from typing import Any, cast

import streamlit as st

from blocks import (
    BlockwrightError,
    Metrics,
    Progress,
    Run,
    RunError,
    Status,
    bytes_text,
    training_script,
)
from editor.panels import run_classes, run_curves, run_flow, run_list, run_try
from editor.session import Session
from editor.words import literal

REFRESH = "1s"
PARTS = ("Curves", "Classes", "Mistakes", "Gradients", "Log")
TRY = "Try"
BADGES: dict[str, tuple[str, str, str]] = {
    "queued": ("Queued", ":material/hourglass_empty:", "gray"),
    "running": ("Running", ":material/play_circle:", "blue"),
    "finished": ("Finished", ":material/check_circle:", "green"),
    "stopped": ("Stopped", ":material/stop_circle:", "orange"),
    "failed": ("Failed", ":material/error:", "red"),
}
TAKEN = "weights taken"
USE = "The design carries them: exports have them, and the next run can start from them."
DOWNLOADS = (
    (".keras", "Model (.keras)"),
    (".h5", "Model (.h5)"),
    (".weights.h5", "Weights (.weights.h5)"),
)


def show(session: Session, run: Run) -> None:
    """Show a run; while it goes on, this refreshes itself every second and nothing else does."""
    alive = run.status().alive

    @st.fragment(run_every=REFRESH if alive else None)
    def follow() -> None:
        status = run.status()
        if alive and not status.alive:
            st.rerun()  # the page stops refreshing, and the downloads appear
        metrics = run.metrics()
        _state(run, status, run.progress(metrics))
        if alive or metrics.steps:
            _part(session, run, metrics, alive)
        else:
            _log(run)

    _origin(session, run)
    follow()
    if not alive:
        _after(session, run)


def _part(session: Session, run: Run, metrics: Metrics, alive: bool) -> None:
    """Show the part of a run's record that the person chose."""
    part = st.segmented_control(
        "Part of the run",
        PARTS if alive or not run.has_weights else (*PARTS, TRY),
        default=PARTS[0],
        required=True,
        label_visibility="collapsed",
        key="run/part",
    )
    if part == "Classes":
        run_classes.show(run)
    elif part == "Mistakes":
        run_classes.show_mistakes(run)
    elif part == "Gradients":
        run_flow.show(run)
    elif part == TRY:
        run_try.show(session, run)
    elif part == "Log":
        _log(run)
    else:
        run_curves.show(run.id, metrics)


def _log(run: Run) -> None:
    st.code(run.log() or "Nothing was written yet.", language=None, height=320)


def _origin(session: Session, run: Run) -> None:
    """Say what was trained, and whether the design has gone on since."""
    settings = run.settings
    st.caption(
        literal(
            f"{run.data_title}, {settings.epochs} epochs, batches of {settings.batch_size}, "
            f"{settings.optimizer} at {settings.learning_rate:g}, seed {settings.seed}, "
            f"on {run.device.name} ({run.device.title})"
        )
    )
    if run.design_id != session.design_id:
        st.caption(literal(f"Another design: {run.design.name}."))
    elif run.revision is not None and run.revision != session.revision:
        st.caption(f"Trained at revision {run.revision}, the design is now at {session.revision}.")


def _state(run: Run, status: Status, progress: Progress) -> None:
    badge, bar, button = st.columns([1.2, 6, 1.4], vertical_alignment="center")
    title, icon, colour = BADGES[status.state]
    badge.badge(title, icon=icon, color=cast(Any, colour))
    bar.progress(progress.fraction, literal(_words(status, progress)))
    if status.alive:
        asked = run.stop_asked
        if button.button(
            "Stopping" if asked else "Stop",
            icon=":material/stop:",
            disabled=asked,
            width="stretch",
            key="stop-run",
        ):
            run.stop()
            st.rerun(scope="fragment")
    if status.message and status.state == "failed":
        st.error(literal(status.message[0].upper() + status.message[1:]))


def _words(status: Status, progress: Progress) -> str:
    """Return where a run stands, in words."""
    if status.state == "queued":
        count = status.place
        return f"Waits for {count} run{'s' * (count != 1)} before it" if count else "Starts now"
    if status.alive and progress.phase != "training":
        return f"{progress.phase[:1].upper()}{progress.phase[1:]}" or "Starting"
    if status.state == "stopped" or (status.state == "finished" and status.message):
        return status.message[:1].upper() + status.message[1:]
    parts = [f"epoch {_epoch(progress)} of {progress.epochs}", f"step {progress.step:,}"]
    if progress.steps:
        parts[-1] += f" of {progress.steps:,}"
    if status.alive and progress.seconds_left is not None:
        parts.append(f"{duration(progress.seconds_left)} left")
    if progress.samples_per_second:
        parts.append(f"{progress.samples_per_second:,.0f} samples/s")
    if status.alive and progress.learning_rate is not None:
        parts.append(f"learning rate {progress.learning_rate:.3g}")
    if status.alive and progress.memory:
        parts.append(bytes_text(progress.memory))
    return " · ".join(parts)


def _epoch(progress: Progress) -> int:
    """Return the epoch that is being trained, or the last one done."""
    going = progress.step > 0 and progress.fraction * progress.epochs > progress.epochs_done
    return min(progress.epochs_done + going, progress.epochs)


def duration(seconds: float) -> str:
    """Return a time as people say it: 42 s, 3 min 5 s, 2 h 10 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3_600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3_600} h {whole % 3_600 // 60} min"


def _after(session: Session, run: Run) -> None:
    """Offer what a run that has ended leaves: its model, going on, deleting it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if run.has_weights:
            _downloads(run)
            if st.button("Use these weights", icon=":material/move_item:", help=USE, key="use"):
                _use_weights(session, run)
        if run.can_resume and st.button("Resume", icon=":material/resume:", key="resume-run"):
            _resume(run)
        with st.popover("Rename", icon=":material/edit:", type="tertiary"):
            name = st.text_input(
                "Name of the run",
                value=run.title,
                placeholder=run.design.name,
                max_chars=80,
                key=f"rename-{run.id}",
            )
            if name.strip() != run.title:
                run.rename(name)
                st.rerun()
        with st.popover("Delete", icon=":material/delete:", type="tertiary"):
            st.markdown(f"This run takes {bytes_text(run.size)}. Its model and figures will go.")
            if st.button("Delete this run", type="primary", key="delete-run"):
                run.delete()
                session.remember(run_list.kept(session), None)
                st.rerun()
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
    """Offer the best epoch's model, and the script that trains the same again."""
    best = run.best_epoch
    if best is not None:
        st.download_button(
            f"Best, epoch {best} (.keras)",
            data=lambda: run.model_as(".keras", best=True).read_bytes(),
            file_name=f"{stem}_best.keras",
            mime="application/octet-stream",
            icon=":material/star:",
            on_click="ignore",
            help="The weights with the least validation loss.",
            key="download-best",
        )
    try:
        script = training_script(run)
    except BlockwrightError as error:
        st.caption(literal(f"No training script: {error}"))
        return
    st.download_button(
        "Training script (.py)",
        data=script,
        file_name=f"train_{stem}.py",
        mime="text/x-python",
        icon=":material/code:",
        on_click="ignore",
        help="Plain Keras that runs on its own and gives this run's losses again.",
        key="download-script",
    )
    if run.starts_from_weights:
        st.download_button(
            "Start weights",
            data=lambda: run.start_weights().read_bytes(),
            file_name="start.weights.h5",
            mime="application/octet-stream",
            icon=":material/download:",
            on_click="ignore",
            help="What the training script starts from.",
            key="download-start",
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


def _resume(run: Run) -> None:
    try:
        run.resume()
    except RunError as error:
        st.error(literal(str(error)))
        return
    st.rerun()
