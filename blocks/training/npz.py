"""Reading .npz files from anywhere: sizes are checked before anything is unpacked."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from pathlib import Path
from typing import IO, Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

MAX_FILE_BYTES = 2 * 1024**3
MAX_ARRAY_BYTES = 2 * 1024**3
MAX_SAMPLES = 10_000_000
MAX_CLASSES = 100_000
MAX_MEMBERS = 16
CHUNK_BYTES = 16 * 1024**2
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
)


class NpzError(ValueError):
    """A file that is no training data; the text says which rule it breaks."""


@dataclass(frozen=True)
class Contents:
    """What a checked file holds: shape of a sample, samples, classes, range of values."""

    shape: tuple[int, ...]
    count: int
    classes: int
    range: tuple[float, float]


@dataclass(frozen=True)
class Header:
    """What an array in the file says of itself."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    start: int

    @property
    def nbytes(self) -> int:
        return prod(self.shape) * self.dtype.itemsize


def inspect(path: Path) -> Contents:
    """Check a file with arrays x (samples) and y (one whole label each) in bounded memory.

    Raises:
        NpzError: the file breaks a rule.
    """
    try:
        state = path.stat()
    except OSError:
        raise NpzError("there is no such file; give the path of an .npz file") from None
    return _inspect(path, state.st_mtime_ns, state.st_size)


def arrays(path: Path) -> tuple[Array, Array]:
    """Return x, with a channel axis, and y as int64 of shape (count,).

    Raises:
        NpzError: the file breaks a rule.
    """
    contents = inspect(path)
    with np.load(path, allow_pickle=False) as data:
        return data["x"].reshape(contents.count, *contents.shape), _labels(data["y"])


@lru_cache(maxsize=16)
def _inspect(path: Path, changed: int, size: int) -> Contents:
    if size > MAX_FILE_BYTES:
        raise NpzError(f"a file may have {MAX_FILE_BYTES:,} bytes, got {size:,}")
    try:
        with zipfile.ZipFile(path) as archive:
            members = _members(archive, size)
            x = _header(archive, members["x.npy"], "x")
            y = _header(archive, members["y.npy"], "y")
            _check_headers(x, y)
            labels = _labels(_whole(archive, members["y.npy"], y))
            low, high = _range(archive, members["x.npy"], x)
    except NpzError:
        raise
    except UNREADABLE as error:
        raise NpzError(f"it is not a whole .npz file ({error}); save it again") from None
    if len(labels) != x.shape[0]:
        raise NpzError(f"x has {x.shape[0]:,} samples and y {len(labels):,} labels; give one each")
    return Contents(_sample_shape(x.shape), len(labels), _classes(labels), (low, high))


def _members(archive: zipfile.ZipFile, size: int) -> dict[str, zipfile.ZipInfo]:
    """Return the archive's members by name, each in bytes of its own."""
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > MAX_MEMBERS or len(set(names)) < len(names):
        raise NpzError(f"it may hold up to {MAX_MEMBERS} arrays, each once, got {len(entries)}")
    for name in ("x.npy", "y.npy"):
        if name not in names:
            held = ", ".join(repr(n.removesuffix(".npy"))[:40] for n in names) or "nothing"
            raise NpzError(
                f"it must hold the arrays x (samples) and y (labels), got {held}; "
                "save it with numpy.savez(path, x=..., y=...)"
            )
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end or entry.header_offset + entry.compress_size > size:
            raise NpzError("its arrays lie over one another; save it again with numpy.savez")
        end = entry.header_offset + entry.compress_size
    return {entry.filename: entry for entry in entries}


def _header(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> Header:
    """Read what an array says of itself and compare it with the size of its member."""
    with archive.open(entry) as file:
        header = _read_header(file, name)
    if header.dtype.hasobject or header.dtype.kind not in "fiub":
        raise NpzError(f"{name} must hold plain numbers, got {str(header.dtype)[:40]}")
    if header.nbytes > MAX_ARRAY_BYTES:
        raise NpzError(f"{name} may have {MAX_ARRAY_BYTES:,} bytes, got {header.nbytes:,}")
    if header.start + header.nbytes != entry.file_size:
        raise NpzError(
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
    except (ValueError, KeyError, SyntaxError, TypeError, RecursionError, MemoryError):
        raise NpzError(f"{name} is no array that can be read; save it with numpy.savez") from None
    if fortran and len(shape) > 1:
        raise NpzError(f"{name} is in Fortran order; save numpy.ascontiguousarray({name}) instead")
    if any(axis < 1 for axis in shape):
        raise NpzError(f"{name} is empty: its shape is {shape}; give at least two samples")
    return Header(tuple(int(axis) for axis in shape), dtype, file.tell())


def _check_headers(x: Header, y: Header) -> None:
    if len(x.shape) not in (2, 3, 4):
        raise NpzError(
            "x must be pictures (count, height, width, channels) or signals (count, length, "
            f"channels), got {len(x.shape)} axes: {x.shape}"
        )
    if x.shape[0] < 2 or prod(y.shape) > MAX_SAMPLES:
        raise NpzError(f"x must have 2 to {MAX_SAMPLES:,} samples, got {x.shape[0]:,}")


def _labels(y: Array) -> Array:
    """Return labels as a vector of whole numbers; (count, 1) and (1, count) are taken too."""
    if y.size != max(y.shape, default=0):
        raise NpzError(
            f"y must hold one label per sample, got an array of shape {y.shape}; "
            "for one-hot labels save y.argmax(axis=1)"
        )
    flat = y.reshape(-1)
    whole = np.isfinite(flat).all() and (flat == np.floor(flat)).all()
    if not whole or flat.min() < 0 or flat.max() >= MAX_CLASSES:
        raise NpzError(
            f"y must hold whole labels from 0 to {MAX_CLASSES - 1:,}, "
            f"got values from {flat.min()} to {flat.max()}"
        )
    return flat.astype(np.int64)


def _classes(labels: Array) -> int:
    classes = int(labels.max()) + 1
    if classes < 2:
        raise NpzError("y must tell at least 2 classes apart, got the label 0 everywhere")
    return classes


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
            raise NpzError("x must be finite numbers, got NaN or infinity; remove those samples")
    scale = 255.0 if header.dtype == np.uint8 else 1.0
    return low / scale, high / scale
