"""A new run: data, settings and device; what it takes, and what stands against it."""

from typing import Any

import streamlit as st

from blocks import BlockwrightError, TrainingSettings, devices, start_run
from editor.panels import run_list, train_before, train_data, train_options, train_preview
from editor.session import Session
from editor.words import literal


def show(session: Session, look: Any) -> None:
    """Show the form, the problems with their repairs, and Start; `look` is where the data go."""
    st.subheader("New run", anchor=False)
    data, info, reading = train_data.choose(session)
    in_sight = st.container()  # what stands against a start belongs above the fold
    settings = train_options.choose(session, info, reading, bool(session.stored.design.weights))
    device = choose_device()
    problems = train_before.problems_of(session, data, info, settings, device)
    with in_sight:
        train_before.show_problems(session, problems)
    errors = [problem for problem in problems if problem.severity == "error"]
    if info:
        with look:
            train_preview.show(session, info, settings)
        train_before.show_estimate(session, info, settings, device)
    if st.button(
        "Start training",
        type="primary",
        icon=":material/play_arrow:",
        disabled=bool(errors),
        width="stretch",
        key="start-training",
    ):
        _start(session, data, settings, device)


def choose_device() -> str:
    """Show the choice of the device and return its name."""
    known = {device.name: device for device in devices()}
    chosen = st.radio(
        "Device",
        list(known),
        captions=[literal(device.describe()) for device in known.values()],
        format_func=lambda name: "CPU" if name == "cpu" else name.upper().replace(":", " "),
        key="train/device",
        persist_state="session",
    )
    return str(chosen)


def _start(session: Session, data: str, settings: TrainingSettings, device: str) -> None:
    try:
        run = start_run(
            session.stored.design,
            data,
            device=device,
            revision=session.revision,
            design_id=session.design_id,
            owner=session.owner,
            **settings.values(),
        )
    except BlockwrightError as error:
        st.error(literal(str(error)))
        return
    session.remember(run_list.kept(session), run.id)
    st.rerun()
