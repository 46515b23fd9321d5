"""How labels are shown to a network, by what it ends with."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from blocks.training.mismatch import Head

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Target:
    """How labels are shown to the network: as numbers, one-hot, or 0 and 1 for two classes."""

    activation: str
    units: int

    def of(self, labels: Array) -> Array:
        """Return the targets of labels (count,): (count,) whole numbers or (count, units)."""
        if self.activation != "sigmoid":
            return labels
        if self.units == 1:
            return labels.astype(np.float32)[:, None]
        return np.eye(self.units, dtype=np.float32)[labels]


def target_of(head: Head) -> Target:
    """Return the target that suits what a network ends with."""
    return Target(head.activation, head.units)
