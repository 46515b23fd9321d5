"""Values brought to a scale that networks learn well from, by the training part alone.

Functions of numbers alone: a run's training script has their source.
"""

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


def scaled(x: Array) -> Array:
    """Return samples as float32; bytes (0 to 255) become 0 to 1, other values stay."""
    if x.dtype == np.uint8:
        return x.astype(np.float32) / np.float32(255)
    return np.ascontiguousarray(x, dtype=np.float32)


def scale_of(x: Array, normalisation: str) -> tuple[Array, Array]:
    """Return what to take off the samples and what to multiply them by, from the training part."""
    if normalisation == "0 to 1":
        low, high = x.min(), x.max()
        return np.array(low, np.float32), np.array(1 / (high - low or 1), np.float32)
    axes = tuple(range(x.ndim - 1))
    mean, deviation = x.mean(axes, dtype=np.float64), x.std(axes, dtype=np.float64)
    return mean.astype(np.float32), (1 / np.maximum(deviation, 1e-7)).astype(np.float32)


def normalised(x: Array, scale: tuple[Array, Array]) -> Array:
    """Return samples less the first of a scale, times the second."""
    return (x - scale[0]) * scale[1]
