"""A new run: data, settings and device; what it takes, and what stands against it."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import streamlit as st

from blocks import (
    BlockwrightError,
    TrainingSettings,
    cluster_hint,
    devices,
    runs,
    stand_by,
    start_run,
)
from editor.panels import run_list, train_before, train_data, train_options, train_preview
from editor.panels.train_fields import field
from editor.people import require_turn
from editor.session import Session
from editor.words import literal


def show(session: Session, look: Any) -> tuple[str, TrainingSettings]:
    """Show the form, the problems with their repairs, and Start; return the data and settings.

    `look` is where the data are shown.
    """
    st.subheader("New run", anchor=False)
    data, info, reading = train_data.choose(session)
    in_sight = st.container()  # what stands against a start belongs above the fold
    settings = train_options.choose(session, info, reading, bool(session.stored.design.weights))
    device, settings = choose_device(session, settings)
    problems = train_before.problems_of(session, data, info, settings, device)
    with in_sight:
        train_before.show_problems(session, problems)
    errors = [problem for problem in problems if problem.severity == "error"]
    if info:
        with look:
            train_preview.show(session, info, settings)
        train_before.show_estimate(session, info, settings, device)
        if not errors:  # so that Start is answered at once; what is in its way, Start says
            with suppress(OSError):
                stand_by(session.stored.design, data, settings, device)
    if st.button(
        "Start training",
        type="primary",
        icon=":material/play_arrow:",
        disabled=bool(errors),
        width="stretch",
        key="start-training",
    ):
        _start(session, data, settings, device)
    return data, settings


def choose_device(session: Session, settings: TrainingSettings) -> tuple[str, TrainingSettings]:
    """Show the choice of the device; return its name and the settings, with those it needs."""
    known = {device.name: device for device in devices()}
    chosen = st.radio(
        "Device",
        list(known),
        captions=[literal(device.describe()) for device in known.values()],
        format_func=_title,
        key="train/device",
        persist_state="session",
    )
    if hint := cluster_hint():
        st.caption(literal(hint[0].upper() + hint[1:]))
    if known[str(chosen)].is_cluster:
        settings = replace(settings, workers=field(session, "workers"))
    return str(chosen), settings


TITLES = {"cpu": "CPU", "all-gpus": "All GPUs", "ray": "Ray cluster"}


def _title(name: str) -> str:
    return TITLES.get(name, name.upper().replace(":", " "))


def _start(session: Session, data: str, settings: TrainingSettings, device: str) -> None:
    try:
        require_turn(session.owner, runs())
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
