"""The settings of a run: the usual ones in sight, the others where they belong together."""

from collections.abc import Iterable
from typing import Any

import streamlit as st

from blocks import DataInfo, TrainingSettings, backends
from editor.panels.train_fields import field
from editor.session import Session

BASIC = ("epochs", "batch_size", "learning_rate", "optimizer", "seed", "validation_share")
FITTING = {
    "picture": ("height", "width", "channels", "normalisation", "test_share"),
    "signal": ("length", "normalisation", "test_share"),
}
VARYING = {
    "picture": ("flip", "shift", "rotate", "scale", "noise"),
    "signal": ("shift", "scale", "noise"),
}
RATE = ("schedule", "warmup_epochs")
MORE = (
    *("step_epochs", "step_factor", "weight_decay", "label_smoothing"),
    *("patience", "minutes", "precision", "backend", "xla", "watch_gradients"),
)


def choose(
    session: Session, info: DataInfo | None, reading: dict[str, Any], has_weights: bool
) -> TrainingSettings:
    """Show the settings for data of a kind, and for a design with weights or none."""
    kind = info.sample if info and info.sample in FITTING else "picture"
    values = dict(reading)
    _pairs(session, BASIC, values)
    with st.expander("Size, normalisation, split", icon=":material/tune:"):
        _pairs(session, FITTING[kind], values)
    with st.expander("Augmentation", icon=":material/shuffle:"):
        _pairs(session, VARYING[kind], values)
    with st.expander("More", icon=":material/more_horiz:"):
        _pairs(session, RATE, values)
        _pairs(session, MORE, values)
    if has_weights:
        values["start_from_weights"] = field(session, "start_from_weights")
    return TrainingSettings(**values)


def _pairs(session: Session, names: Iterable[str], values: dict[str, Any]) -> None:
    """Show settings two in a row, those that mean something beside the ones chosen so far."""
    params, beside = TrainingSettings.params(), TrainingSettings(**values).values()
    shown = [name for name in names if params[name].applies(beside)]
    if len(backends()) < 2:  # nothing to choose from
        shown = [name for name in shown if name != "backend"]
    for start in range(0, len(shown), 2):
        columns = st.columns(2, vertical_alignment="bottom")
        for name, column in zip(shown[start : start + 2], columns, strict=False):
            with column:
                values[name] = field(session, name)
