"""Reading .npz files from anywhere: sizes are checked before anything is unpacked."""

import struct
import tokenize
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from lzma import LZMAError
from math import prod
from pathlib import Path
from typing import IO, Any

import numpy as np

from blocks.training.archives import require_apart
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

MAX_MEMBERS = 16
MEANING = {"x": "samples", "y": "labels"}
CHUNK_BYTES = 16 * 1024**2
MAX_AXIS = 2**40
MAX_AXES = 32
UNREADABLE_HEADER = (
    *(ValueError, KeyError, SyntaxError, TypeError, RecursionError, MemoryError),
    *(tokenize.TokenError, OverflowError),
)
"""How NumPy fails over a header, which is the text of a Python value."""

UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
)


@dataclass(frozen=True)
class Header:
    """What an array in the file says of itself."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    start: int

    @property
    def nbytes(self) -> int:
        return prod(self.shape) * self.dtype.itemsize


def inspect(path: Path, settings: DataSettings) -> Contents:
    """Check a file with arrays x (samples) and y (labels for each) in bounded memory.

    Raises:
        DataFileError: the file breaks a rule.
    """
    state = path.stat()
    return _inspect(path, state.st_mtime_ns, state.st_size, settings.task)


def arrays(path: Path, contents: Contents, settings: DataSettings) -> Arrays:
    """Return x, with a channel axis, and y as the task needs it.

    Raises:
        DataFileError: the file breaks a rule.
    """
    with np.load(path, allow_pickle=False) as data:
        x = data["x"].reshape(contents.count, *contents.shape)
        return Arrays(x, checked_labels(data["y"], settings.task))


def arrays_in(path: Path, needed: tuple[str, ...], others: tuple[str, ...]) -> dict[str, Array]:
    """Return arrays of a file by name, checked before they are unpacked; `others` may be missing.

    Raises:
        DataFileError: an array breaks a rule, or is missing.
    """
    with zipfile.ZipFile(path) as archive:
        members = _members(archive, path.stat().st_size, needed)
        names = [name for name in (*needed, *others) if f"{name}.npy" in members]
        entries = {name: members[f"{name}.npy"] for name in names}
        return {
            name: _whole(archive, entry, _header(archive, entry, name))
            for name, entry in entries.items()
        }


@lru_cache(maxsize=16)
def _inspect(path: Path, changed: int, size: int, task: str) -> Contents:
    require_size(size)
    try:
        with zipfile.ZipFile(path) as archive:
            members = _members(archive, size)
            x = _header(archive, members["x.npy"], "x")
            y = _header(archive, members["y.npy"], "y")
            _check_headers(x, y)
            labels = checked_labels(_whole(archive, members["y.npy"], y), task)
            low, high = _range(archive, members["x.npy"], x)
    except DataFileError:
        raise
    except UNREADABLE as error:
        raise DataFileError(
            f"it is not a whole .npz file ({error!a:.100}); save it again"
        ) from None
    if len(labels) != x.shape[0]:
        raise DataFileError(
            f"x has {x.shape[0]:,} samples and y {len(labels):,} labels; give one each"
        )
    return Contents(
        shape=_sample_shape(x.shape),
        count=len(labels),
        classes=class_count(labels, task),
        range=(low, high),
        counts=counts_of(labels, task),
        dtype=str(x.dtype),
    )


def _members(
    archive: zipfile.ZipFile, size: int, needed: tuple[str, ...] = ("x", "y")
) -> dict[str, zipfile.ZipInfo]:
    """Return the archive's members by name, each in bytes of its own."""
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > MAX_MEMBERS or len(set(names)) < len(names):
        raise DataFileError(
            f"it may hold up to {MAX_MEMBERS} arrays, each once, got {len(entries)}"
        )
    if any(f"{name}.npy" not in names for name in needed):
        held = ", ".join(repr(n.removesuffix(".npy"))[:40] for n in names) or "nothing"
        wanted = " and ".join(f"{name} ({MEANING[name]})" for name in needed)
        raise DataFileError(
            f"it must hold the array{'s' * (len(needed) > 1)} {wanted}, got {held}; "
            f"save it with numpy.savez(path, {', '.join(f'{name}=...' for name in needed)})"
        )
    require_apart(entries, size)
    return {entry.filename: entry for entry in entries}


def _header(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> Header:
    """Read what an array says of itself and compare it with the size of its member."""
    with archive.open(entry) as file:
        header = _read_header(file, name)
    if header.dtype.hasobject or header.dtype.kind not in "fiub":
        raise DataFileError(f"{name} must hold plain numbers, got {str(header.dtype)[:40]}")
    if header.nbytes > MAX_ARRAY_BYTES:
        raise DataFileError(f"{name} may have {MAX_ARRAY_BYTES:,} bytes, got {header.nbytes:,}")
    if header.start + header.nbytes != entry.file_size:
        raise DataFileError(
            f"{name} says it has {header.nbytes:,} bytes, but its data have another size"
        )
    return header


def _read_header(file: IO[bytes], name: str) -> Header:
    try:
        version = np.lib.format.read_magic(file)
        reader = {
            (1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0,
        }[version]
        shape, fortran, dtype = reader(file, max_header_size=10_000)
    except UNREADABLE_HEADER:
        raise DataFileError(
            f"{name} is no array that can be read; save it with numpy.savez"
        ) from None
    if fortran and len(shape) > 1:
        raise DataFileError(
            f"{name} is in Fortran order; save numpy.ascontiguousarray({name}) instead"
        )
    if any(axis < 1 for axis in shape):
        got = str(shape)[:60]
        raise DataFileError(f"{name} is empty: its shape is {got}; give at least two samples")
    if len(shape) > MAX_AXES or any(axis > MAX_AXIS for axis in shape):
        raise DataFileError(f"{name} says it is larger than any file: {str(shape)[:60]}")
    return Header(tuple(int(axis) for axis in shape), dtype, file.tell())


def _check_headers(x: Header, y: Header) -> None:
    if len(x.shape) not in (2, 3, 4):
        raise DataFileError(
            "x must be pictures (count, height, width, channels) or signals (count, length, "
            f"channels), got {len(x.shape)} axes: {x.shape}"
        )
    if not y.shape:
        raise DataFileError("y must have a label for every sample, got a single value")
    if x.shape[0] < 2 or prod(y.shape) > MAX_SAMPLES:
        raise DataFileError(f"x must have 2 to {MAX_SAMPLES:,} samples, got {x.shape[0]:,}")


def _sample_shape(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape of one sample; rows of numbers are signals of one channel."""
    return (shape[1], 1) if len(shape) == 2 else shape[1:]


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, header: Header) -> Iterator[Array]:
    """Yield an array's values a few megabytes at a time, never more than its header says."""
    left, step = header.nbytes, CHUNK_BYTES - CHUNK_BYTES % header.dtype.itemsize
    with archive.open(entry) as file:
        file.seek(header.start)
        while left:
            data = file.read(min(step, left))
            if not data or len(data) % header.dtype.itemsize:
                raise EOFError("its data end early")
            left -= len(data)
            yield np.frombuffer(data, dtype=header.dtype)


def _whole(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, header: Header) -> Array:
    return np.concatenate(list(_chunks(archive, entry, header))).reshape(header.shape)


def _range(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, header: Header) -> tuple[float, float]:
    """Return the least and greatest value of x, as the network gets them; all must be finite."""
    low, high = np.inf, -np.inf
    for values in _chunks(archive, entry, header):
        low, high = min(low, float(values.min())), max(high, float(values.max()))
        if not np.isfinite(values).all():
            raise DataFileError(
                "x must be finite numbers, got NaN or infinity; remove those samples"
            )
    scale = 255.0 if header.dtype == np.uint8 else 1.0
    return low / scale, high / scale
