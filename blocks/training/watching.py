"""What is watched of a run besides its figures: who is taken for whom, and how gradients flow."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from blocks.graph import LayerGraph
from blocks.training.contents import Array
from blocks.training.record import Confusion, Flow, FlowBlock, OutputEpoch, Recorder
from blocks.training.target import Figures, Target, Targets
from blocks.training.wrong import keep_wrong

Learn = Callable[[Array, Any], Mapping[str, Any]]
"""Samples and targets of a batch in, Keras' figures of the step out."""

Judge = Callable[[Array, Any], tuple[Figures, Array]]
"""Samples and targets in; Keras' figures and the main output's predictions out."""

Measure = Callable[[Array, Any], tuple[Array, Array]]
"""Samples and targets in; gradient norm and activation size of each group out."""

Agree = Callable[[Any], Any]
"""What this process proposes in, what all processes that train together do out."""

MEASURE_STEPS = 20
MEASURE_SHARE = 0.1
"""Gradients are measured every so many steps, and for at most a tenth of the time."""

MOST_CLASSES = 1_000
WRONG_KEPT = 24


def as_proposed(proposal: Any) -> Any:
    """Settle a question where one process trains alone."""
    return proposal


class Group(NamedTuple):
    """The layers of a node, or of one of its repetitions, that have weights to train.

    `output` is the layer whose values leave the group.
    """

    label: str
    node: str
    repeat: int
    layers: tuple[str, ...]
    output: str


def groups_of(graph: LayerGraph) -> tuple[Group, ...]:
    """Return the groups of a network that learn, in the order of the graph."""
    found: dict[tuple[str, int], list[Any]] = {}
    for layer in graph:
        if not layer.shared:  # a layer called twice has no one output
            found.setdefault((layer.scope.node, layer.scope.repeat), []).append(layer)
    repeated = {node for node, repeat in found if repeat}
    return tuple(
        Group(
            f"{node}, {repeat + 1}" if node in repeated else node,
            node,
            repeat,
            tuple(layer.name for layer in layers if layer.trainable),
            layers[-1].name,
        )
        for (node, repeat), layers in found.items()
        if any(layer.trainable for layer in layers)
    )


def probabilities(target: Target, predicted: Array) -> Array:
    """Return the probability of each class (count, classes) from predictions (count, units).

    Numbers that were learned (regression) stay as they are.
    """
    values = predicted.astype(np.float64).reshape(len(predicted), -1)
    if target.task == "regression":
        return values
    if target.activation == "linear":
        powers = np.exp(values - values.max(axis=1, keepdims=True))
        values = powers / powers.sum(axis=1, keepdims=True)
    if values.shape[1] == 1:  # one value for two classes
        values = np.concatenate([1 - values, values], axis=1)
    return values


def guesses(target: Target, predicted: Array) -> tuple[Array, Array]:
    """Return the class that each prediction (count, units) favours, and with which probability."""
    values = probabilities(target, predicted)
    guess = values.argmax(axis=1)
    return guess, values[np.arange(len(values)), guess]


@dataclass
class Judging:
    """Collects over the validation samples which class was taken for which."""

    target: Target
    classes: int
    counts: Array = field(init=False)
    wrong: list[tuple[float, int, int, int]] = field(default_factory=list)
    seen: int = 0

    def __post_init__(self) -> None:
        self.counts = np.zeros((self.classes, self.classes), np.int32)

    def add(self, labels: Array, predicted: Array) -> None:
        """Count the predictions of a batch; the surest of the wrong ones are remembered."""
        guess, sure = guesses(self.target, predicted)
        np.add.at(self.counts, (labels, guess), 1)
        for place in np.flatnonzero(guess != labels):
            row = self.seen + int(place)
            self.wrong.append((float(sure[place]), row, int(labels[place]), int(guess[place])))
        self.wrong = sorted(self.wrong, reverse=True)[:WRONG_KEPT]
        self.seen += len(labels)


def judging_of(target: Target, labels: Array) -> Judging | None:
    """Return what counts the predictions of an output; None where these are no classes."""
    classes = max(2, target.units)
    whole = labels.ndim == 1 and np.issubdtype(labels.dtype, np.integer)
    if not whole or classes > MOST_CLASSES:
        return None
    return Judging(target, classes)


def keep_judging(judging: Judging, epoch: int, record: Recorder, folder: Path, x: Array) -> None:
    """Record what was counted after an epoch; of the samples `x`, keep those told wrong."""
    counts = tuple(tuple(map(int, row)) for row in judging.counts)
    record.confusion(Confusion(epoch, counts))
    keep_wrong(folder, epoch, judging.wrong, x)


def outputs_of(targets: Targets, mean: Figures, judged: Figures) -> tuple[OutputEpoch, ...]:
    """Return an epoch's figures of each output where there are several."""
    names = [target.output for target in targets.each]
    return tuple(
        OutputEpoch(
            name,
            mean[f"{name}/loss"],
            mean[f"{name}/accuracy"],
            judged[f"{name}/loss"],
            judged[f"{name}/accuracy"],
        )
        for name in names
        if len(names) > 1
    )


@dataclass
class Watch:
    """Judges on validation samples and measures gradients while a model is trained.

    `measure` is None where gradients are not watched. Measuring changes nothing in the model, so
    that the weights are the same with and without it.
    """

    judge: Judge
    measure: Measure | None
    groups: tuple[Group, ...]
    training_seconds: float = 0.0
    measuring_seconds: float = 0.0
    measured: bool = False

    @property
    def share(self) -> float:
        """What measuring took, as a share of the time that the steps took."""
        return self.measuring_seconds / (self.training_seconds or 1.0)

    def is_due(self, step: int, agree: Agree = as_proposed) -> bool:
        """Tell whether to measure after a step, counted from 1, as all that train together do."""
        if self.measure is None or not self.groups:
            return False
        if not self.measured:
            return True
        return step % MEASURE_STEPS == 0 and bool(agree(self.share <= MEASURE_SHARE))

    def flow(self, step: int, x: Array, y: Any, record: Recorder) -> None:
        """Measure the batch of a step and record it; the first time takes long, it is traced."""
        assert self.measure is not None
        start = time.monotonic()
        gradients, activations = self.measure(x, y)
        if self.measured:
            self.measuring_seconds += time.monotonic() - start
        else:
            record.flow_blocks([FlowBlock(g.label, g.node, g.repeat) for g in self.groups])
        self.measured = True
        record.flow(Flow(step, tuple(map(float, gradients)), tuple(map(float, activations))))
