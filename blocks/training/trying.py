"""Asking a trained network: in a child process, by the run it was trained in."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from blocks.jobs import run_job
from blocks.training.backends import environment
from blocks.training.launch import RunError
from blocks.training.record import Confusion
from blocks.training.run import Run

SECONDS = 600
MEMORY = 4_000_000_000
PARTS = ("validation", "test")

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Evaluation:
    """How a trained network does on a part of its data; confusion where it tells classes apart."""

    part: str
    loss: float
    accuracy: float
    count: int
    confusion: Confusion | None


@dataclass(frozen=True)
class Answer:
    """What a network says of a sample.

    `probabilities` are those of the classes (for regression the numbers told), `label` is the
    truth where it is known, `sample` what the network saw. `values` are what leaves the layer that
    was looked into, without the batch axis, of 64 channels at most; `kernels` those of its
    filters, first axis filters.
    """

    probabilities: tuple[float, ...]
    label: int | None
    sample: Array
    values: Array | None = None
    kernels: Array | None = None


def evaluate(run: Run, part: str = "test", best: bool = False) -> Evaluation:
    """Judge a run's network on the validation or test part of its data.

    `best` takes the weights of the best epoch instead of the last ones. Takes seconds.

    Raises:
        RunError: the run still goes on or has no weights, or there is no such part.
        JobError: the data are gone, or have no test part, or judging crashed.
    """
    if part not in PARTS:
        raise RunError(f"the part must be one of {', '.join(PARTS)}, got {part!a:.20}")
    found = _job(run, "evaluate", "Judging the network", part=part, best=best)
    rows = tuple(tuple(row) for row in found["counts"])
    confusion = Confusion(run.progress().epochs_done, rows) if rows else None
    return Evaluation(part, found["loss"], found["accuracy"], found["count"], confusion)


def ask(
    run: Run,
    *,
    row: int = 0,
    part: str = "validation",
    file: Path | str | None = None,
    invert: bool = False,
    layer: str = "",
    best: bool = False,
) -> Answer:
    """Ask a run's network about a sample of its data, counted from 0, or about a file.

    A file is a picture, or a text of numbers for a signal; `invert` turns a picture's values
    around. `layer` names a layer of the network to look into. Takes seconds.

    Raises:
        RunError: the run still goes on or has no weights.
        JobError: the sample cannot be had, or asking crashed.
    """
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "answer.npz"
        found = _job(
            run,
            "ask",
            "Asking the network",
            row=row,
            part=part,
            file=str(file) if file else "",
            invert=invert,
            layer=layer,
            best=best,
            target=str(target),
        )
        with np.load(target, allow_pickle=False) as data:
            arrays = {name: data[name] for name in data.files}
    return Answer(tuple(found["probabilities"]), found["label"], **arrays)


def _job(run: Run, function: str, title: str, **payload: Any) -> dict[str, Any]:
    if run.status().alive:
        raise RunError(f"run {run.id} is {run.status().state}; stop it to try its network")
    if not run.has_weights:
        raise RunError(f"run {run.id} has no weights yet; let it train for a step at least")
    return run_job(
        f"blocks.training.engines.trying:{function}",
        {"folder": str(run.folder), **payload},
        seconds=SECONDS,
        memory_bytes=MEMORY + 4 * run.checkpoint_path.stat().st_size,
        title=title,
        env=environment(run.backend),
    )
