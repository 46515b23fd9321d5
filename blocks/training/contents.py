"""What a file of training data holds, and what every kind of file is held to."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

MAX_FILE_BYTES = 2 * 1024**3
MAX_ARRAY_BYTES = 2 * 1024**3
MAX_SAMPLES = 10_000_000
MAX_CLASSES = 100_000
MAX_VALUES = 10_000
"""Numbers, or labels, that one sample may have to learn."""


class DataFileError(ValueError):
    """A file that is no training data; the text says which rule it breaks."""


def require_size(size: int) -> None:
    """Refuse a file of more bytes than one may have.

    Raises:
        DataFileError: with the limit and the size.
    """
    if size > MAX_FILE_BYTES:
        raise DataFileError(f"a file may have {MAX_FILE_BYTES:,} bytes, got {size:,}")


@dataclass(frozen=True)
class Contents:
    """What a checked file holds.

    `shape` is that of one sample, the most frequent one where pictures have `sizes` different
    ones; `count` are the training samples, `test_count` those of a test part of its own, `counts`
    the training samples of each class; `range` are the least and greatest value.
    """

    shape: tuple[int, ...]
    count: int
    classes: int
    range: tuple[float, float]
    class_names: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()
    test_count: int = 0
    dtype: str = ""
    sizes: int = 1


@dataclass(frozen=True)
class Arrays:
    """Samples and labels of a file; the test part is empty where it has none."""

    x: Array
    y: Array
    x_test: Array = field(default_factory=lambda: np.zeros(0))
    y_test: Array = field(default_factory=lambda: np.zeros(0))


def checked_labels(y: Array, task: str, name: str = "y") -> Array:
    """Return labels as a task needs them.

    For classes whole numbers (count,) from 0; (count, 1) and (1, count) are taken too. For several
    labels 0 and 1, for regression any finite numbers, float32 (count, labels) both.

    Raises:
        DataFileError: they break a rule.
    """
    if task == "classes":
        return _classes(y, name)
    rows = y.reshape(-1, 1) if y.ndim == 1 or y.shape[0] == 1 else y
    if rows.ndim != 2 or rows.shape[1] > MAX_VALUES:
        raise DataFileError(
            f"{name} must hold a row of up to {MAX_VALUES:,} values per sample, "
            f"got an array of shape {y.shape}"
        )
    if not np.isfinite(rows).all():
        raise DataFileError(f"{name} must be finite numbers, got NaN or infinity; remove those")
    if task == "several labels" and not np.isin(rows, (0, 1)).all():
        raise DataFileError(
            f"{name} must hold 0 or 1 for each label, got values from {rows.min()} to "
            f"{rows.max()}; for numbers to be learned set the task to regression"
        )
    return rows.astype(np.float32)


def _classes(y: Array, name: str) -> Array:
    if y.size != max(y.shape, default=0):
        raise DataFileError(
            f"{name} must hold one label per sample, got an array of shape {y.shape}; "
            f"for one-hot labels save {name}.argmax(axis=1)"
        )
    flat = y.reshape(-1)
    whole = np.isfinite(flat).all() and (flat == np.floor(flat)).all()
    if not whole or flat.min() < 0 or flat.max() >= MAX_CLASSES:
        raise DataFileError(
            f"{name} must hold whole labels from 0 to {MAX_CLASSES - 1:,}, "
            f"got values from {flat.min()} to {flat.max()}"
        )
    return flat.astype(np.int64)


def class_count(labels: Array, task: str, name: str = "y") -> int:
    """Return how many classes, or labels, or numbers there are to learn.

    Raises:
        DataFileError: all samples are of one class.
    """
    if task != "classes":
        return int(labels.shape[1])
    classes = int(labels.max()) + 1
    if classes < 2:
        raise DataFileError(
            f"{name} must tell at least 2 classes apart, got the label 0 everywhere"
        )
    return classes


def counts_of(labels: Array, task: str) -> tuple[int, ...]:
    """Return the samples of each class, or those that have each label; none for numbers."""
    if task == "regression":
        return ()
    counts: Array = np.bincount(labels) if task == "classes" else labels.sum(0)
    return tuple(int(count) for count in counts)
