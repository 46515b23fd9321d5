"""How labels are shown to a network, by what it ends with, and what its figures are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from blocks.training.mismatch import Head

Array = np.ndarray[Any, np.dtype[Any]]

Figures = Mapping[str, float]
"""Loss and accuracy of some samples: `loss`, `accuracy`, and `name/loss`, ... of several outputs.

The loss is the weighted sum over the outputs, the accuracy that of the main output.
"""


@dataclass(frozen=True)
class Target:
    """How labels are shown to an output: as numbers, one-hot, or 0 and 1 for two classes.

    `output` is its name in Keras, `loss_weight` what its loss counts in the sum.
    """

    output: str
    activation: str
    units: int
    loss_weight: float

    def of(self, labels: Array) -> Array:
        """Return the targets of labels (count,): (count,) whole numbers or (count, units)."""
        if self.activation != "sigmoid":
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


def targets_of(heads: tuple[Head, ...]) -> Targets:
    """Return the targets that suit what a network ends with."""
    return Targets(
        tuple(
            Target(head.layer.name, head.activation, head.units, head.loss_weight) for head in heads
        )
    )


def summed(sums: Figures, figures: Figures, times: float = 1.0) -> Figures:
    """Return the sum of figures, the second taken so many times."""
    return {name: sums.get(name, 0.0) + value * times for name, value in figures.items()}
