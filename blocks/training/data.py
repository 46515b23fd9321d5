"""The arrays of a data set as a network gets them: fitted, split and normalised by the settings."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from blocks.training import downloads, ecg, readers
from blocks.training.augmenting import augmented
from blocks.training.contents import Array, Arrays, DataFileError
from blocks.training.data_settings import DataSettings
from blocks.training.datasets import DataError, DataInfo, describe_data
from blocks.training.fitting import fitted, of_length
from blocks.training.normalising import normalised, scale_of, scaled
from blocks.training.settings import TrainingSettings
from blocks.training.splitting import split_rows


@dataclass(frozen=True)
class Samples:
    """The arrays of a data set: x float32 (count, ...), y int64 (count,) from 0 for classes.

    For other tasks y is float32 (count, labels). The test part may be empty.
    """

    x: Array
    y: Array
    x_validation: Array
    y_validation: Array
    x_test: Array
    y_test: Array


def load(name: str, settings: TrainingSettings) -> Samples:
    """Return the arrays of a data set, fitted to a size, split by the seed, and normalised.

    Raises:
        DataError: it cannot be loaded or downloaded.
    """
    info = describe_data(name, settings)
    found = raw(info, settings)
    shape = info.fitted(settings).shape
    x, x_test = (_fitted(part, info, shape, settings) for part in (found.x, found.x_test))
    train, validation, test = split_rows(
        len(x),
        settings.seed,
        settings.validation_share,
        0 if info.test_count else settings.test_share,
    )
    parts = x[train], x[validation], x_test if info.test_count else x[test]
    labels = found.y[train], found.y[validation], found.y_test if info.test_count else found.y[test]
    if settings.normalisation != "none":
        scale = scale_of(parts[0], settings.normalisation)
        parts = tuple(normalised(part, scale) for part in parts)  # type: ignore[assignment]
    return Samples(parts[0], labels[0], parts[1], labels[1], parts[2], labels[2])


def raw(info: DataInfo, settings: DataSettings) -> Arrays:
    """Return samples and labels as they were given.

    Raises:
        DataError: they cannot be loaded or downloaded.
    """
    if info.is_downloaded:
        return _downloaded(info)
    if info.name == "digits":
        return Arrays(*_digits())
    if info.name == "ecg":
        return Arrays(*ecg.records())
    try:
        return readers.arrays(Path(info.name), settings)
    except DataFileError as error:
        raise DataError(f"{info.title}: {error}") from None
    except OSError as error:  # it went away, or its disk did, since it was looked at
        reason = error.strerror or str(error)
        raise DataError(
            f"{info.title} cannot be read any more ({reason}); bring it back and resume"
        ) from None


def varied(x: Array, settings: TrainingSettings, epoch: int, step: int) -> Array:
    """Return a batch of training samples with the augmentation of an epoch and step, from 0."""
    if not settings.augments:
        return x
    return augmented(
        x,
        np.random.default_rng([3, settings.seed, epoch, step]),
        flip=settings.flip,
        shift=settings.shift,
        rotate=settings.rotate,
        noise=settings.noise,
        scale=settings.scale,
    )


def _fitted(x: Array, info: DataInfo, shape: tuple[int, ...], settings: DataSettings) -> Array:
    if not len(x):
        return np.zeros((0, *shape), np.float32)
    if x.shape[1:] == shape:  # readers of pictures fit each: those of several sizes do not stack
        return scaled(x)
    found = scaled(x).reshape(len(x), *info.shape)
    if found.shape[1:] == shape:
        return found
    if info.sample == "signal":
        return of_length(found, shape[0])
    return np.stack([fitted(one, shape[0], shape[1], settings.channels) for one in found])


def _digits() -> tuple[Array, Array]:
    from sklearn.datasets import load_digits

    digits = load_digits()
    return digits.images.astype(np.float32) / np.float32(16), digits.target.astype(np.int64)


def _downloaded(info: DataInfo) -> Arrays:
    """Load a data set of Keras; only ever called in processes that can be killed."""
    import keras

    loaders: dict[str, Callable[[], Any]] = {
        "mnist": keras.datasets.mnist.load_data,
        "fashion_mnist": keras.datasets.fashion_mnist.load_data,
        "cifar10": keras.datasets.cifar10.load_data,
        "cifar100": keras.datasets.cifar100.load_data,
    }
    try:
        (x, y), (x_test, y_test) = _whole(loaders[info.name], info.name)
    except Exception as error:
        raise DataError(
            f"{info.title} could not be downloaded ({str(error).splitlines()[0]:.200}); check the "
            f"connection of this machine, {downloads.by_hand(info.name)} by hand, or train on "
            "digits or ecg, which need none"
        ) from None
    labels = (part.reshape(-1).astype(np.int64) for part in (y, y_test))
    return Arrays(x, next(labels), x_test, next(labels))


def _whole(loader: Callable[[], Any], name: str) -> Any:
    """Return what a loader of Keras gives; files that a kill left half are downloaded anew."""
    try:
        return loader()
    except (EOFError, OSError, zlib.error):  # Keras has no checksums of Fashion-MNIST's files
        if downloads.download_bytes(name):
            raise
        downloads.forget(name)
        return loader()
