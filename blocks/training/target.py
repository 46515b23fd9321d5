"""How labels are shown to a network, by what it ends with, and what its figures are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from blocks.training.mismatch import Head
from blocks.training.settings import TrainingSettings

Array = np.ndarray[Any, np.dtype[Any]]

Figures = Mapping[str, float]
"""Loss and accuracy of some samples: `loss`, `accuracy`, and `name/loss`, ... of several outputs.

The loss is the weighted sum over the outputs, the accuracy that of the main output. Where numbers
are learned, their mean absolute error stands in the place of the accuracy.
"""

MEASURES = {"regression": "mean absolute error"}
"""What stands in the place of the accuracy, by task."""


@dataclass(frozen=True)
class Target:
    """How labels are shown to an output: as numbers, one-hot, or 0 and 1 for two classes.

    `output` is its name in Keras, `loss_weight` what its loss counts in the sum; `task` and
    `smoothing` are the settings.
    """

    output: str
    activation: str
    units: int
    loss_weight: float
    task: str = "classes"
    smoothing: float = 0.0

    @property
    def one_hot(self) -> bool:
        """Tell whether classes are shown as rows of 0 and 1; smoothing needs them so."""
        return self.activation == "sigmoid" or self.smoothing > 0

    def of(self, labels: Array) -> Array:
        """Return the targets of labels: (count,) whole numbers or (count, units) float32."""
        if self.task != "classes":
            return labels.astype(np.float32).reshape(len(labels), -1)
        if not self.one_hot:
            return labels
        if self.units == 1:
            return labels.astype(np.float32)[:, None]
        return np.eye(self.units, dtype=np.float32)[labels]


@dataclass(frozen=True)
class Targets:
    """The targets of all outputs of a network, the main one first; all learn the same labels."""

    each: tuple[Target, ...]

    def of(self, labels: Array) -> Array | dict[str, Array]:
        """Return what Keras takes as targets: bare for one output, by name for several."""
        if len(self.each) == 1:
            return self.each[0].of(labels)
        return {target.output: target.of(labels) for target in self.each}

    def figures(self, found: Mapping[str, Any]) -> Figures:
        """Return the figures of a batch from those that Keras gives."""
        if len(self.each) == 1:
            return {"loss": float(found["loss"]), "accuracy": float(found["accuracy"])}
        figures = {"loss": float(found["loss"])}
        figures["accuracy"] = float(found[f"{self.each[0].output}_accuracy"])
        for target in self.each:
            for name in ("loss", "accuracy"):
                figures[f"{target.output}/{name}"] = float(found[f"{target.output}_{name}"])
        return figures


def targets_of(heads: tuple[Head, ...], settings: TrainingSettings) -> Targets:
    """Return the targets that suit what a network ends with and what it shall learn."""
    smoothing = settings.label_smoothing if settings.task != "regression" else 0.0
    return Targets(
        tuple(
            Target(
                head.layer.name,
                head.activation,
                head.units,
                head.loss_weight,
                settings.task,
                smoothing,
            )
            for head in heads
        )
    )


def summed(sums: Figures, figures: Figures, times: float = 1.0) -> Figures:
    """Return the sum of figures, the second taken so many times."""
    return {name: sums.get(name, 0.0) + value * times for name, value in figures.items()}
