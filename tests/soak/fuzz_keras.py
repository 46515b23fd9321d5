"""Bad Keras models, as JSON, .keras and .h5, and bad files of weights, against their readers.

What Keras saved is damaged in its structure (the tree of the architecture, the members of the
archive, the entries of the HDF5 file) and in its bytes. The readers are called as the editor's
child calls them; a sample goes through the import itself, child and all.
"""

import io
import json
import sys
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import h5py
import numpy as np

from blocks import analyze, read
from blocks.imports.child import architecture_in_child
from blocks.imports.json_text import parse
from blocks.imports.keras_archive import MAX_ARCHITECTURE
from blocks.imports.keras_json import model_of
from blocks.imports.places import places
from blocks.imports.weights import _requests
from blocks.imports.weights_child import weights_in_child
from editor.panels.uploads import design_of
from tests.soak._fuzzing import Importer, main
from tests.soak._good_files import saved_models
from tests.soak._mutations import (
    dumped,
    mutated_archive,
    mutated_bytes,
    mutated_json,
    mutated_tree,
    overwritten,
)
from tests.soak.fuzz_json import show_some


@cache
def _architecture() -> Any:
    return json.loads(saved_models()["small.json"])


def _json(random: Random) -> bytes:
    return mutated_json(_architecture(), random)


def _open_json(content: bytes) -> None:
    show_some(design_of(content), content)


@cache
def _members() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(saved_models()["small.keras"])) as file:
        return {name: file.read(name) for name in file.namelist()}


def _inside(name: str, content: bytes, random: Random) -> bytes:
    if name.endswith(".json"):
        try:
            return mutated_json(json.loads(content), random)
        except ValueError:  # it was changed before
            pass
    return mutated_bytes(content, random)


def _archive(random: Random) -> bytes:
    # Weights are not read here, so they are only there now and then.
    members = dict(_members())
    if random.random() < 0.9:
        members["model.weights.h5"] = b""
    return mutated_archive(members, random, _inside)


def open_file(suffix: str) -> Callable[[bytes], None]:
    def opened(content: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"model{suffix}"
            path.write_bytes(content)
            payload = {"path": str(path), "suffix": suffix}
            text = architecture_in_child(payload, _no_progress)["text"]
        show_some(read(parse(text, "an architecture", MAX_ARCHITECTURE)), content)

    return opened


def _no_progress(fraction: float, message: str) -> None:
    """Take the place of what a child tells its parent."""


def changed_hdf5(content: bytes, random: Random) -> bytes:
    """Return an HDF5 file with changed entries, attributes and links, as its library writes it."""
    file = io.BytesIO(content)
    with h5py.File(file, "r+") as opened:
        names: list[str] = []
        opened.visit(names.append)
        for _ in range(random.choice((1, 1, 2, 4))):
            with suppress(*UNWRITABLE):
                _change_entry(opened, random.choice(names or ["/"]), random)
    return file.getvalue()


UNWRITABLE = (OSError, RuntimeError, ValueError, TypeError, KeyError)
"""What the HDF5 library says where a change is none that a file could hold."""

ARRAYS: tuple[Any, ...] = (
    np.zeros(()),
    np.zeros((0,)),
    np.zeros((2, 2)),
    np.array([np.nan, np.inf]),
    np.zeros(3, dtype="S5"),
    np.zeros(3, dtype="c16"),
    np.zeros(3, dtype=[("a", "f4")]),
    np.array(["a", "b"], dtype=h5py.string_dtype()),
    np.zeros((1,) * 30),
)


def _change_entry(file: Any, name: str, random: Random) -> None:
    if name not in file:
        return
    kind = random.randrange(8)
    if kind == 0:
        del file[name]
    elif kind == 1:
        del file[name]
        file[name] = random.choice(ARRAYS)
    elif kind == 2:
        del file[name]
        links = (
            h5py.SoftLink("/"),
            h5py.ExternalLink("/etc/passwd", "/"),
            h5py.SoftLink("nowhere"),
        )
        file[name] = random.choice(links)
    elif kind == 3:
        file[f"{name}/x" if isinstance(file[name], h5py.Group) else f"{name}_x"] = np.zeros(2)
    elif kind == 4 and isinstance(file[name], h5py.Group):
        file[name]["again"] = file["/"]  # a ring of hard links
    elif kind == 5 and isinstance(file[name], h5py.Dataset):
        del file[name]
        file.create_dataset(name, shape=(10**12,), dtype="f4", chunks=(1024,))
    else:
        _change_attribute(file[name] if random.random() < 0.6 else file, random)


def _change_attribute(entry: Any, random: Random) -> None:
    names = [*entry.attrs, "layer_names", "weight_names", "name"]
    values = (
        *("x" * 300, "\x00a", 7, 1e300, b"\xff\xfe", np.zeros((3, 3)), h5py.Empty("f")),
        *([b"conv", b"bn"], ["a/b:0"], np.zeros(0)),
    )
    entry.attrs[random.choice(names)] = random.choice(values)


def _h5(random: Random) -> bytes:
    content = saved_models()["small.h5"]
    kind = random.random()
    if kind < 0.4:
        return overwritten(content, random)
    if kind < 0.6:
        return changed_hdf5(content, random)
    if kind < 0.65:
        return mutated_bytes(content, random)
    file = io.BytesIO(content)
    with h5py.File(file, "r+") as opened:
        text = dumped(mutated_tree(_architecture(), random))
        try:
            opened.attrs["model_config"] = text.replace("\x00", "") or " "
        except (ValueError, UnicodeError):  # not to be written as HDF5 text
            opened.attrs["model_config"] = np.bytes_(text.encode("utf-8", "surrogatepass")[:60_000])
    return file.getvalue()


WEIGHTS = ("small.weights.h5", "small.h5", "small.keras")


def _weights(random: Random) -> bytes:
    """Return a damaged file; its first byte says which kind it is."""
    kind = random.choice((0, 0, 1, 1, 2))
    if kind == 2:
        return b"\x02" + mutated_archive(_members(), random, _inside_weights)
    content = saved_models()[WEIGHTS[kind]]
    change = random.choice((overwritten, overwritten, changed_hdf5, mutated_bytes))
    return bytes([kind]) + change(content, random)


def _inside_weights(name: str, content: bytes, random: Random) -> bytes:
    if name.endswith(".h5") and random.random() < 0.5:
        try:
            return changed_hdf5(content, random)
        except UNWRITABLE:  # it was damaged before
            pass
    return overwritten(content, random) if content else b"x"


@cache
def _wanted() -> tuple[list[dict[str, Any]], int]:
    data = _architecture()
    graph = analyze(read(data)).graph
    names = model_of(data).names
    found = {names[place.names]: place for place in places(data) if place.names in names}
    return list(_requests(graph, found)), 4 * sum(layer.params for layer in graph)


def _open_weights(content: bytes) -> None:
    requests, size = _wanted()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"model{Path(WEIGHTS[content[0]]).suffix}"
        path.write_bytes(content[1:])
        payload = {"path": str(path), "source": "model", "bytes": size, "requests": requests}
        weights_in_child(payload, _no_progress)


IMPORTERS = (
    Importer("Keras JSON", _json, _open_json),
    Importer(".keras", _archive, open_file(".keras"), in_child=True),
    Importer(".h5", _h5, open_file(".h5"), in_child=True),
    Importer("weights", _weights, _open_weights, in_child=True),
)

if __name__ == "__main__":
    sys.exit(main("tests.soak.fuzz_keras", IMPORTERS))
