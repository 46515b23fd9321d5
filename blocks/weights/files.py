"""Files of weights: .npz archives of plain arrays, with an index of the layers they belong to.

`index` is JSON text as bytes: a list of [layer, [[role, shape], ...]]; the arrays follow in its
order as `0`, `1`, ... Any program that reads NumPy's format can read them; nothing is pickled.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from blocks.errors import ReadError

Array = np.ndarray[Any, np.dtype[Any]]
Form = tuple[tuple[str, tuple[int, ...]], ...]
"""Role and shape of each weight of a layer, in Keras' order."""

MAX_INDEX = 20_000_000
INDEX = "index"


class LayerWeights(NamedTuple):
    """The weights of one layer, with the role of each, in Keras' order."""

    name: str
    roles: Sequence[str]
    arrays: Sequence[Array]


def write(path: Path, layers: Iterable[LayerWeights]) -> int:
    """Write the weights of layers, one array in memory at a time; return how many layers.

    The same weights give the same bytes.
    """
    index: list[Any] = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        count = 0
        for layer in layers:
            forms = []
            for role, array in zip(layer.roles, layer.arrays, strict=True):
                _add(archive, str(count), array)
                forms.append([role, list(array.shape)])
                count += 1
            index.append([layer.name, forms])
        text = json.dumps(index, separators=(",", ":")).encode()
        _add(archive, INDEX, np.frombuffer(text, np.uint8))
    return len(index)


def _add(archive: zipfile.ZipFile, name: str, array: Array) -> None:
    with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as file:
        np.lib.format.write_array(file, np.asarray(array, order="C"), allow_pickle=False)


def read_index(path: Path) -> dict[str, Form]:
    """Return the form of each layer in a file, in its order.

    Raises:
        ReadError: it is no file of weights, or damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo(f"{INDEX}.npy").file_size > MAX_INDEX:
                raise ReadError(f"{path.name}: the index may have {MAX_INDEX:,} bytes, got more")
        with np.load(path, allow_pickle=False) as file:
            rows = json.loads(file[INDEX].tobytes())
        return {
            str(name): tuple((str(role), tuple(map(int, shape))) for role, shape in forms)
            for name, forms in rows
        }
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise ReadError(f"{path.name}: it is no whole file of weights ({error!s:.100})") from None


def read_layers(path: Path, names: Iterable[str]) -> Iterator[tuple[str, list[Array]]]:
    """Yield the arrays of the layers with these names, a layer at a time.

    Raises:
        ReadError: the file is damaged.
    """
    wanted, index = set(names), read_index(path)
    with np.load(path, allow_pickle=False) as file:
        for name, places in _places(index).items():
            if name in wanted:
                try:
                    yield name, [file[place] for place in places]
                except (ValueError, KeyError, OSError, zipfile.BadZipFile) as error:
                    raise ReadError(f"{path.name}: {name} is damaged ({error!s:.100})") from None


def _places(index: Mapping[str, Form]) -> dict[str, list[str]]:
    """Return the names that the arrays of each layer have in the archive."""
    found: dict[str, list[str]] = {}
    count = 0
    for name, form in index.items():
        found[name] = [str(count + place) for place in range(len(form))]
        count += len(form)
    return found


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
