"""The arrays of a data set, loaded and split by the run."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from blocks.training import ecg, npz
from blocks.training.datasets import DOWNLOADED, DataError, DataInfo, describe_data

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Samples:
    """The arrays of a data set: x is float32 (count, ...), y int64 (count,) from 0."""

    x: Array
    y: Array
    x_validation: Array
    y_validation: Array


def load(name: str, seed: int, validation_share: float) -> Samples:
    """Return the arrays of a data set, split by the seed where it has no test part of its own.

    Raises:
        DataError: it cannot be loaded or downloaded.
    """
    info = describe_data(name)
    if info.note == DOWNLOADED:
        return _downloaded(info)
    if info.name == "digits":
        x, y = _digits()
    elif info.name == "ecg":
        x, y = ecg.records()
    else:
        x, y = npz.arrays(Path(info.name))
    return split(scaled(x).reshape(-1, *info.shape), y, seed, validation_share)


def split(x: Array, y: Array, seed: int, share: float) -> Samples:
    """Return the samples in a training and a validation part, drawn by the seed."""
    order = np.random.default_rng([1, seed]).permutation(len(x))
    kept = min(max(1, round(share * len(x))), len(x) - 1)
    train, validation = order[kept:], order[:kept]
    return Samples(x[train], y[train], x[validation], y[validation])


def sample_order(seed: int, epoch: int, count: int) -> Array:
    """Return the order in which an epoch sees the training samples."""
    return np.random.default_rng([2, seed, epoch]).permutation(count)


def scaled(x: Array) -> Array:
    """Return samples as float32; bytes (0 to 255) become 0 to 1, other values stay."""
    if x.dtype == np.uint8:
        return x.astype(np.float32) / np.float32(255)
    return np.ascontiguousarray(x, dtype=np.float32)


def _digits() -> tuple[Array, Array]:
    from sklearn.datasets import load_digits

    digits = load_digits()
    return digits.images.astype(np.float32) / np.float32(16), digits.target.astype(np.int64)


def _downloaded(info: DataInfo) -> Samples:
    """Load a data set of Keras; only ever called in the training process."""
    import keras

    loaders: dict[str, Callable[[], Any]] = {
        "mnist": keras.datasets.mnist.load_data,
        "fashion_mnist": keras.datasets.fashion_mnist.load_data,
        "cifar10": keras.datasets.cifar10.load_data,
        "cifar100": keras.datasets.cifar100.load_data,
    }
    try:
        (x, y), (x_test, y_test) = loaders[info.name]()
    except Exception as error:
        raise DataError(
            f"{info.title} could not be downloaded ({str(error).splitlines()[0]:.200}); check the "
            "connection of this machine, or train on digits or ecg, which need none"
        ) from None
    return Samples(
        scaled(x).reshape(-1, *info.shape),
        y.reshape(-1).astype(np.int64),
        scaled(x_test).reshape(-1, *info.shape),
        y_test.reshape(-1).astype(np.int64),
    )
