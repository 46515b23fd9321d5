"""Runs of a tiny network for tests: waited for, and compared variable by variable."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import psutil

from blocks import Classifier, Conv, Design, Dropout, Image, Run

FOREVER = 100_000


def tiny(**head: Any) -> Design:
    """A network with everything that carries state: dropout's random numbers, batch norm."""
    return (
        Design("tiny")
        .add("photo", Image(8, 8, 1))
        .add("stem", Conv(filters=8, batch_norm=True), after="photo")
        .add("drop", Dropout(rate=0.2), after="stem")
        .add("head", Classifier(**{"classes": 10, "pooling": "flatten", **head}), after="drop")
    )


def until(condition: Callable[[], object]) -> None:
    """Wait for something that is bound to happen."""
    while not condition():
        time.sleep(0.01)


def ended(run: Run) -> str:
    """Wait for a run's end and return its state."""
    return run.wait().state


def state_of(run: Run) -> list[np.ndarray]:
    """Every variable of a run's model and optimizer at its last checkpoint."""
    with np.load(run.checkpoint_path) as data:
        return [data[name] for name in data.files if name != "about"]


def assert_same_state(run: Run, other: Run) -> None:
    pairs = list(zip(state_of(run), state_of(other), strict=True))
    assert len(pairs) > 10
    for mine, theirs in pairs:
        np.testing.assert_array_equal(mine, theirs)


def processes(run: Run, module: str) -> list[psutil.Process]:
    """The processes of a run, by what they run."""
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if {f"blocks.training.{module}", str(run.folder)} <= set(process.info["cmdline"] or ())
    ]
