"""Which samples train, which judge, and in which order an epoch sees them: drawn by the seed.

Functions of numbers alone: a run's training script has their source.
"""

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


def split_rows(
    count: int, seed: int, validation_share: float, test_share: float
) -> tuple[Array, Array, Array]:
    """Return the rows of the training, the validation and the test part of so many samples."""
    order = np.random.default_rng([1, seed]).permutation(count)
    train, kept, _ = part_sizes(count, validation_share, test_share)
    return order[kept : kept + train], order[:kept], order[kept + train :]


def part_sizes(count: int, validation_share: float, test_share: float) -> tuple[int, int, int]:
    """Return how many of so many samples train, judge and are kept for the end."""
    tested = min(round(test_share * count), count - 2)
    kept = min(max(1, round(validation_share * (count - tested))), count - tested - 1)
    return count - tested - kept, kept, tested


def sample_order(seed: int, epoch: int, count: int) -> Array:
    """Return the order in which an epoch, from 0, sees the training samples."""
    return np.random.default_rng([2, seed, epoch]).permutation(count)
