"""One run: where it stands, how it goes, and what it leaves behind."""

from typing import Any, cast

import streamlit as st

from blocks import (
    BACKENDS,
    Metrics,
    Progress,
    Run,
    Status,
    bytes_text,
)
from editor.panels import run_after, run_classes, run_curves, run_flow, run_try
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
        run_after.show(session, run)


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
        run_flow.show(run, metrics)
    elif part == TRY:
        run_try.show(session, run)
    elif part == "Log":
        _log(run)
    else:
        run_curves.show(run.id, metrics)


def _log(run: Run) -> None:
    if log := run.log():
        st.code(log, language=None, height=320)
    else:
        st.caption("Nothing was written to its log.")
    st.caption(literal(provenance(run)))


def provenance(run: Run) -> str:
    """Return with what a run is trained, and on what, in words."""
    said = ", ".join(f"{name} {version}" for name, version in run.versions.items())
    found = run.fingerprint
    if not found:
        return f"{said}."
    counts = ", ".join(f"{count:,} {part}" for part, count in found["samples"].items() if count)
    return f"{said}. Data: {counts} samples, SHA-256 {found['sha256']}."


def _origin(session: Session, run: Run) -> None:
    """Say what was trained, and whether the design has gone on since."""
    settings = run.settings
    st.caption(
        literal(
            f"{run.data_title}, {settings.epochs} epochs, batches of {settings.batch_size}, "
            f"{settings.optimizer} at {settings.learning_rate:g}, seed {settings.seed}, "
            f"on {run.device.name} ({run.device.title}) with {BACKENDS[run.backend]}"
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
    with button:
        _stop_or_resume(run, status)
    if status.message and status.state == "failed":
        st.error(literal(status.message[0].upper() + status.message[1:]))


def _stop_or_resume(run: Run, status: Status) -> None:
    """Show the one of the two that can be done, in the same place."""
    if status.alive:
        asked = run.stop_asked
        label = "Stopping" if asked else "Stop"
        if st.button(
            label, icon=":material/stop:", disabled=asked, width="stretch", key="stop-run"
        ):
            run.stop()
            st.rerun(scope="fragment")
    elif run.can_resume and st.button(
        "Resume", icon=":material/resume:", width="stretch", key="resume-run"
    ):
        run_after.resume(run)


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
