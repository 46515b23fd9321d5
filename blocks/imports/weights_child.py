"""The child's part of bringing weights along: read them, put them into the store."""

import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from blocks.errors import ReadError
from blocks.imports.hdf5_weights import found_layers, most_held, weighted_names
from blocks.imports.keras_archive import UNREADABLE, only_member, said_by
from blocks.imports.keras_h5 import refuse_links
from blocks.jobs import OnProgress
from blocks.weights import LEFT_OVERS, keep, weights_folder

MEMBER = "model.weights.h5"
OF_TRAINING = 4  # weights, their gradients' averages of an optimizer, and its copies
SLACK = 64 * 1024**2
CHUNK = 4 * 1024**2


def weights_in_child(payload: Mapping[str, Any], progress: OnProgress) -> dict[str, Any]:
    """Keep the weights of a file; return what a design says of them, with the layers counted."""
    import h5py

    progress(0.05, "Reading the weights")
    path = Path(payload["path"])
    try:
        size = path.stat().st_size
        limit = min(OF_TRAINING * payload["bytes"] + SLACK, most_held(size))
        with _hdf5_of(path, limit) as plain, h5py.File(plain, "r") as file:
            refuse_links(h5py, file)
            layers = found_layers(file, payload["requests"], size)
            return keep(layers, payload["source"]).to_json()
    except (*UNREADABLE, KeyError, TypeError, AttributeError, IndexError) as error:
        raise ReadError(f"the weights cannot be read: {said_by(error)}") from None


def names_in_child(payload: Mapping[str, Any], progress: OnProgress) -> dict[str, Any]:
    """Return the names of the layers that a file of weights alone has any for."""
    import h5py

    progress(0.05, "Reading the names of the layers")
    try:
        with h5py.File(payload["path"], "r") as file:
            refuse_links(h5py, file)
            return {"names": weighted_names(file)}
    except (*UNREADABLE, KeyError, TypeError, AttributeError, IndexError) as error:
        raise ReadError(f"the weights cannot be read: {said_by(error)}") from None


@contextmanager
def _hdf5_of(path: Path, limit: int) -> Iterator[Path]:
    """Give the HDF5 file with the weights: the file itself, or taken out of a .keras archive.

    Raises:
        ReadError: the archive has none, or one of more bytes than such layers can need.
    """
    if path.suffix.lower() != ".keras":
        yield path
        return
    with tempfile.TemporaryDirectory(dir=weights_folder(), prefix=LEFT_OVERS[1]) as folder:
        target = Path(folder) / MEMBER
        with zipfile.ZipFile(path) as archive:
            _extract(archive, target, limit)
        yield target


def _extract(archive: zipfile.ZipFile, target: Path, limit: int) -> None:
    info = only_member(archive, MEMBER, limit)
    with archive.open(info) as member, target.open("wb") as file:
        shutil.copyfileobj(_Bounded(member, limit), file, CHUNK)


class _Bounded:
    """A file that refuses to be read further than a limit, whatever it said of its size."""

    def __init__(self, file: Any, limit: int) -> None:
        self._file, self._left = file, limit

    def read(self, size: int = CHUNK) -> bytes:
        data: bytes = self._file.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise ReadError(f"{MEMBER} has more bytes than it says")
        return data
