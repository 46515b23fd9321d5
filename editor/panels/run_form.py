"""What to train with: data, settings and device; and what stands against it."""

from pathlib import Path
from typing import Any

import streamlit as st

from blocks import (
    DATA_NAMES,
    BlockwrightError,
    Problem,
    TrainingSettings,
    describe_data,
    devices,
    keep_data,
    own_data,
    start_run,
    training_problems,
)
from editor.panels import run_list
from editor.session import Session
from editor.words import literal

PAIRS = (("epochs", "batch_size"), ("learning_rate", "optimizer"), ("seed", "validation_share"))
MAX_UPLOAD_MB = 500


def show(session: Session) -> None:
    """Show the form, the problems with their repairs, and Start."""
    st.subheader("New run", anchor=False)
    data = choose_data()
    in_sight = st.container()  # what stands against a start belongs above the fold
    settings = choose_settings(bool(session.stored.design.weights))
    device = choose_device()
    problems = training_problems(session.stored.design, data, settings, device)
    with in_sight:
        for number, problem in enumerate(problems):
            _problem(session, problem, number)
    errors = [problem for problem in problems if problem.severity == "error"]
    if st.button(
        "Start training",
        type="primary",
        icon=":material/play_arrow:",
        disabled=bool(errors),
        width="stretch",
        key="start-training",
    ):
        _start(session, data, settings, device)


def choose_data() -> str:
    """Show the choice of the data set and return its name or path."""
    names = [*DATA_NAMES, *(str(path) for path in own_data())]
    chosen = st.selectbox(
        "Data set",
        names,
        format_func=_title,
        key="train/data",
        persist_state="session",
        help="Digits and ECG are made on this machine; the others are downloaded once.",
    )
    info = describe_data(chosen)
    note = f" {info.note[0].upper()}{info.note[1:]}." if info.note else ""
    st.caption(literal(f"{info.describe()}.{note}"))
    with st.popover("Add data of your own", icon=":material/upload:", type="tertiary"):
        _upload()
    return str(chosen)


def _title(name: str) -> str:
    if name in DATA_NAMES:
        return describe_data(name).title
    path = Path(name)
    return f"{path.name} ({path.parent.name[:6]})"


def _upload() -> None:
    """Take an .npz file into the person's folder; it is checked before it is kept."""
    st.markdown(
        "An `.npz` file with `x`, pictures (count, height, width, channels) or signals (count, "
        "length, channels), and `y`, one whole label from 0 for each."
    )
    sent = st.file_uploader("File", type=["npz"], max_upload_size=MAX_UPLOAD_MB)
    if sent is None:
        return
    try:
        info = keep_data(sent.name, sent.getvalue())
    except (BlockwrightError, OSError) as error:
        st.error(literal(str(error)))
        return
    st.success(literal(f"Kept: {info.describe()}. Choose it above."))


def choose_settings(has_weights: bool) -> TrainingSettings:
    """Show the settings of a run, for a design that carries weights or none, and return them."""
    values: dict[str, Any] = {}
    for pair in PAIRS:
        for name, column in zip(pair, st.columns(2), strict=True):
            with column:
                values[name] = _field(name)
    values["watch_gradients"] = _field("watch_gradients")
    if has_weights:
        values["start_from_weights"] = _field("start_from_weights")
    return TrainingSettings(**values)


def _field(name: str) -> Any:
    """Show one setting as its declaration says."""
    schema = TrainingSettings.params()[name].schema(name)
    words: dict[str, Any] = {
        "label": schema["label"],
        "help": schema["help"],
        "key": f"train/{name}",
        "persist_state": "session",
    }
    if schema["kind"] == "flag":
        return st.toggle(value=schema["default"], **words)
    if schema["kind"] == "choice":
        return st.selectbox(options=schema["options"], **words)
    whole = schema["kind"] == "integer"
    return st.number_input(
        value=schema["default"],
        min_value=schema["min"] if whole else float(schema["min"]),
        max_value=schema["max"] if whole else float(schema["max"]),
        step=schema["step"],
        format="%d" if whole else "%g",
        **words,
    )


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


def _problem(session: Session, problem: Problem, number: int) -> None:
    box = st.error if problem.severity == "error" else st.warning
    if problem.node:
        box(f"**{literal(problem.node)}**: {literal(problem.message)}")
    else:
        box(literal(problem.message[0].upper() + problem.message[1:]))
    if problem.repair and st.button(
        literal(problem.repair.label), icon=":material/build:", key=f"repair-{number}"
    ):
        try:
            session.library.edit(
                session.design_id, session.owner, problem.repair.label, problem.repair.edit
            )
        except BlockwrightError as error:
            session.tell(str(error))
        st.rerun()


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
