"""Pictures in the HDF5 format of the SIGNS data: `train_set_x`, `train_set_y`, `test_set_x`, ...

libhdf5 can hang on a damaged file and hold every thread of its process: this is read in processes
that can be killed, never in the editor's.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from blocks.training.contents import (
    MAX_ARRAY_BYTES,
    MAX_SAMPLES,
    Array,
    Arrays,
    Contents,
    DataFileError,
    checked_labels,
    class_count,
    counts_of,
    require_size,
)
from blocks.training.data_settings import DataSettings

MAX_NAMES = 100_000
NAMES = ("train_set_x", "train_set_y", "test_set_x", "test_set_y", "list_classes")


def inspect(path: Path, settings: DataSettings) -> Contents:
    """Check the data sets of a file; sizes come before values.

    Raises:
        DataFileError: the file breaks a rule.
    """
    with _opened(path) as file:
        x, y = _samples(file, "train_set_x"), _labels(file, "train_set_y", settings.task)
        _same_count("train_set", len(x), len(y))
        test = _test_count(file, x, settings.task)
        names = _class_names(file)
    classes = max(class_count(y, settings.task, "train_set_y"), len(names))
    finite = bool(np.isfinite(x).all())
    if not finite:
        raise DataFileError("train_set_x must be finite numbers, got NaN or infinity; remove those")
    scale = 255.0 if x.dtype == np.uint8 else 1.0
    counts = counts_of(y, settings.task)
    return Contents(
        shape=_sample_shape(x.shape),
        count=len(x),
        classes=classes,
        range=(float(x.min()) / scale, float(x.max()) / scale),
        class_names=names if len(names) == classes else (),
        counts=counts + (0,) * (classes - len(counts)) if counts else (),
        test_count=test,
        dtype=str(x.dtype),
    )


def arrays(path: Path, contents: Contents, settings: DataSettings) -> Arrays:
    """Return the training part and, where there is one, the test part.

    Raises:
        DataFileError: the file breaks a rule.
    """
    with _opened(path) as file:
        found = [_samples(file, "train_set_x"), _labels(file, "train_set_y", settings.task)]
        if contents.test_count:
            found += [_samples(file, "test_set_x"), _labels(file, "test_set_y", settings.task)]
    for place in range(0, len(found), 2):
        found[place] = found[place].reshape(-1, *contents.shape)
    return Arrays(*found)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    import h5py

    size = path.stat().st_size
    require_size(size)
    try:
        with h5py.File(path, "r") as file:
            yield file
    except DataFileError:
        raise
    except Exception as error:  # libhdf5 and its filters fail in any way
        first = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise DataFileError(f"it is no whole HDF5 file ({first}); save it again") from None


def _dataset(file: Any, name: str) -> Any:
    """Return a data set of the file itself: links and external storage could lead anywhere."""
    import h5py

    if name not in file:
        held = ", ".join(ascii(key)[:30] for key in list(file)[:8]) or "nothing"
        raise DataFileError(f"it must hold train_set_x and train_set_y, got {held}")
    found = file[name] if isinstance(file.get(name, getlink=True), h5py.HardLink) else None
    if not isinstance(found, h5py.Dataset) or found.external or found.is_virtual:
        raise DataFileError(f"{name} must be an array in this file, got a link or a group")
    if found.dtype.kind not in "fiubS" or found.dtype.hasobject:
        raise DataFileError(f"{name} must hold plain numbers, got {str(found.dtype)[:40]}")
    size = prod(found.shape) * found.dtype.itemsize
    if size > MAX_ARRAY_BYTES:
        raise DataFileError(f"{name} may have {MAX_ARRAY_BYTES:,} bytes, got {size:,}")
    return found


def _samples(file: Any, name: str) -> Array:
    found = _dataset(file, name)
    if len(found.shape) not in (2, 3, 4) or found.dtype.kind not in "fiub":
        raise DataFileError(
            f"{name} must be pictures (count, height, width, channels) or signals (count, length, "
            f"channels), got {found.dtype} of shape {found.shape}"
        )
    if not 2 <= found.shape[0] <= MAX_SAMPLES or 0 in found.shape:
        raise DataFileError(f"{name} must have 2 to {MAX_SAMPLES:,} samples, got {found.shape}")
    return np.asarray(found[()])


def _labels(file: Any, name: str, task: str) -> Array:
    found = _dataset(file, name)
    if found.dtype.kind not in "fiub":
        raise DataFileError(f"{name} must hold plain numbers, got {found.dtype}")
    return checked_labels(np.asarray(found[()]), task, name)


def _test_count(file: Any, x: Array, task: str) -> int:
    """Return how many samples the test part has; it is checked as the training part is."""
    if "test_set_x" not in file:
        return 0
    other, labels = _samples(file, "test_set_x"), _labels(file, "test_set_y", task)
    _same_count("test_set", len(other), len(labels))
    if other.shape[1:] != x.shape[1:]:
        raise DataFileError(
            f"test_set_x has samples of {other.shape[1:]}, train_set_x of {x.shape[1:]}; "
            "both parts must be alike"
        )
    return len(other)


def _same_count(name: str, samples: int, labels: int) -> None:
    if samples != labels:
        raise DataFileError(
            f"{name}_x has {samples:,} samples and {name}_y {labels:,} labels; give one each"
        )


def _class_names(file: Any) -> tuple[str, ...]:
    if "list_classes" not in file:
        return ()
    found = _dataset(file, "list_classes")
    if prod(found.shape) > MAX_NAMES:
        raise DataFileError(f"list_classes may have {MAX_NAMES:,} names, got {prod(found.shape):,}")
    values = np.asarray(found[()]).reshape(-1).tolist()
    return tuple(
        one.decode("utf-8", "replace")[:60] if isinstance(one, bytes) else str(one)
        for one in values
    )


def _sample_shape(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape of one sample; rows of numbers are signals of one channel."""
    return (shape[1], 1) if len(shape) == 2 else shape[1:]
