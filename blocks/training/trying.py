"""Asking a trained network: a run's, or one with weights from a file, in a child that stays."""

import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from blocks.jobs import JobError
from blocks.residents import Residents
from blocks.training.backends import environment
from blocks.training.contents import Array
from blocks.training.given import Given
from blocks.training.launch import RunError
from blocks.training.record import Confusion
from blocks.training.run import Run
from blocks.weights import path_of

SECONDS = 600
MEMORY = 4_000_000_000
IDLE_SECONDS = 300.0
"""How long a child waits for the next question before it ends."""

MOST_CHILDREN = 2
PARTS = ("validation", "test")
WHOLE = "all"
"""The part of the data, for a network without a run, that is all of them."""

CHILDREN = Residents(MOST_CHILDREN, IDLE_SECONDS)


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


def evaluate(network: Run | Given, part: str = "test", best: bool = False) -> Evaluation:
    """Judge a network on the validation or test part of its data; a given one on "all" too.

    `best` takes the weights of a run's best epoch instead of the last ones. Takes seconds.

    Raises:
        RunError: the run still goes on or has no weights, or there is no such part.
        JobError: the data are gone, or have no test part, or judging crashed.
    """
    parts = PARTS if isinstance(network, Run) else (*PARTS, WHOLE)
    if part not in parts:
        raise RunError(f"the part must be one of {', '.join(parts)}, got {part!a:.20}")
    found = _asked(network, "evaluate", "Judging the network", best, part=part)
    rows = tuple(tuple(row) for row in found["counts"])
    epoch = network.progress().epochs_done if isinstance(network, Run) else 0
    confusion = Confusion(epoch, rows) if rows else None
    return Evaluation(part, found["loss"], found["accuracy"], found["count"], confusion)


def ask(
    network: Run | Given,
    *,
    row: int = 0,
    part: str = "validation",
    file: Path | str | None = None,
    invert: bool = False,
    layer: str = "",
    best: bool = False,
) -> Answer:
    """Ask a network about a sample of its data, counted from 0, or about a file.

    A file is a picture, or a text of numbers for a signal; `invert` turns a picture's values
    around. `layer` names a layer of the network to look into. The first question takes seconds,
    the next ones are answered at once.

    Raises:
        RunError: the run still goes on or has no weights.
        JobError: the sample cannot be had, or asking crashed.
    """
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "answer.npz"
        found = _asked(
            network,
            "ask",
            "Asking the network",
            best,
            row=row,
            part=part,
            file=str(Path(file).absolute()) if file else "",
            invert=invert,
            layer=layer,
            target=str(target),
        )
        with np.load(target, allow_pickle=False) as data:
            arrays = {name: data[name] for name in data.files}
    return Answer(tuple(found["probabilities"]), found["label"], **arrays)


def ask_all(network: Run | Given, file: Path | str, best: bool = False) -> tuple[Answer, ...]:
    """Ask a network about all samples of an .npz file: `x`, and `y` where the truth is known.

    Pictures are brought to the values that the training data have: bytes, and floats from 0 to
    255, are what the network learned as 0 to 1.

    Raises:
        RunError: the run still goes on or has no weights.
        JobError: the samples cannot be read or brought to the shape, or asking crashed.
    """
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "answers.npz"
        question = {"file": str(Path(file).absolute()), "target": str(target)}
        found = _asked(network, "ask_all", "Asking the network", best, **question)
        with np.load(target, allow_pickle=False) as data:
            samples, told = data["samples"], data["probabilities"]
    labels = found["labels"] or [None] * len(samples)
    each = zip(told.tolist(), labels, samples, strict=True)
    return tuple(Answer(tuple(values), label, sample) for values, label, sample in each)


def make_ready(network: Run | Given, best: bool = False) -> None:
    """Let a child build a network in the background, so that the first answer comes sooner."""

    def build() -> None:
        with suppress(JobError, RunError, OSError):  # the question itself will say it
            _asked(network, "prepare", "Preparing the network", best)

    threading.Thread(target=build, daemon=True).start()


def _asked(
    network: Run | Given, function: str, title: str, best: bool, **question: Any
) -> dict[str, Any]:
    if isinstance(network, Run):
        source, built = _source_of(network, best), {"folder": str(network.folder)}
    else:
        assert network.design.weights is not None
        source, built = path_of(network.design.weights), network.question()
    size = source.stat().st_size
    return CHILDREN.ask(
        network.id,
        f"blocks.training.engines.trying:{function}",
        {"network": {**built, "id": network.id, "weights": str(source)}, **question},
        seconds=SECONDS,
        memory_bytes=MEMORY + 4 * size,
        title=title,
        env=environment(network.settings.backend),
    )


def _source_of(run: Run, best: bool) -> Path:
    """Return the file with the weights that are asked for."""
    if run.status().alive:
        raise RunError(f"run {run.id} is {run.status().state}; stop it to try its network")
    if not run.has_weights:
        raise RunError(f"run {run.id} has no weights yet; let it train for a step at least")
    return run.best_path if best and run.best_path.exists() else run.checkpoint_path
