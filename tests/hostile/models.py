"""Keras models."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py

from tests.blocks.keras_files import SMALL, layer, model, multiplying, source
from tests.hostile import Hostile, as_text, overlapping, packed


def models() -> Iterator[Hostile]:
    """Keras models, as JSON and as .keras."""
    lambda_layer = layer("Lambda", "run", "photo", function="ev(il)")
    yield Hostile(
        "code in a Lambda layer",
        ".json",
        as_text(model(source(), lambda_layer)),
        "holds Python code of its own",
    )
    foreign = layer("Sampling", "run", "photo") | {"module": "os", "class_name": "system"}
    yield Hostile(
        "a class of another module",
        ".json",
        as_text(model(source(), foreign)),
        "is not one of Keras'",
    )
    own = {"class_name": "MyModel", "module": "my_code", "config": {}}
    yield Hostile("a model that is code", ".json", as_text(own), "must be Functional or Sequential")
    yield Hostile("models in models that multiply", ".json", as_text(multiplying()), "")
    bomb = packed({"config.json": b" " * 30_000_000})
    yield Hostile("a zip bomb as an architecture", ".keras", bomb, "may have 20,000,000 bytes")
    good = {"config.json": as_text(SMALL)}
    twice = overlapping(good, "config.json")
    yield Hostile("two architectures in one file", ".keras", twice, "holds one config.json, got 2")
    locked = packed(good).replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01")
    locked = locked.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
    yield Hostile("an encrypted architecture", ".keras", locked, "not encrypted")
    beside = packed({"../../config.json": as_text(SMALL)})
    yield Hostile("an architecture outside of its archive", ".keras", beside, "config.json, got 0")


def hdf5_models(folder: Path) -> Iterator[Hostile]:
    """Models in HDF5; `folder` takes the files while they are made."""
    for threat, add, sentence in (
        ("a link to another file (external)", _external, "is a link that leads elsewhere"),
        ("a link to another place (soft)", _soft, "is a link that leads elsewhere"),
        ("values that lie in another file", _outside, "keeps its values in another file"),
        ("values that are made up of other files'", _virtual, "keeps its values in another file"),
        ("an architecture of 20 MB", _large, "at most 20,000,000 characters"),
        ("a ring of groups", _ring, "stands at two places"),
        ("groups in groups without end", _nested, "100 deep"),
    ):
        path = folder / "model.h5"
        with h5py.File(path, "w") as file:
            file.attrs["model_config"] = json.dumps(SMALL)
            add(file)
        yield Hostile(threat, ".h5", path.read_bytes(), sentence)


def _external(file: Any) -> None:
    file["it"] = h5py.ExternalLink("/etc/passwd", "/x")


def _soft(file: Any) -> None:
    file["it"] = h5py.SoftLink("/")


def _outside(file: Any) -> None:
    file.create_dataset("it", (2,), "f8", external=[("/etc/passwd", 0, 16)])


def _virtual(file: Any) -> None:
    layout = h5py.VirtualLayout((2,), "f8")
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", (2,))
    file.create_virtual_dataset("it", layout)


def _ring(file: Any) -> None:
    file["layers/a/layers"] = file.create_group("layers")


def _nested(file: Any) -> None:
    file.create_group("/".join(["layers"] * 3_000))


def _large(file: Any) -> None:
    file.attrs["model_config"] = json.dumps({"class_name": "x" * 20_000_001})


def weights(folder: Path) -> Iterator[Hostile]:
    """Models whose weights are what does harm; `folder` takes the files while they are made."""
    network = model(source(shape=(None, WIDE)), layer("Dense", "wide", "photo", units=WIDE))
    too_much = "a file of "
    for threat, kind in (
        ("16 kB that say they hold 15 GB of weights", ".keras"),
        ("an .h5 of 16 kB that says so too", ".h5"),
    ):
        path = folder / "declared.h5"
        with h5py.File(path, "w") as file:
            _declare(file, network, kind)
        content = path.read_bytes()
        content = _keras(network, content) if kind == ".keras" else content
        assert len(content) < 16_000
        yield Hostile(threat, kind, content, too_much)
    bomb = _keras(network, bytes(120_000_000))
    yield Hostile("a zip bomb as weights", ".keras", bomb, "model.weights.h5 may have ")


WIDE = 60_000
"""As many inputs as units: a kernel of 14.4 GB."""


def _keras(network: Any, content: bytes) -> bytes:
    return packed({"config.json": as_text(network), "model.weights.h5": content})


def _declare(file: Any, network: Any, kind: str) -> None:
    """Declare the weights of the layer, as a kind of file keeps them, and give none of them."""
    layer_group = file.create_group("layers/dense" if kind == ".keras" else "model_weights/wide")
    values = layer_group.create_group("vars")
    values.attrs["name"] = "wide"
    values.create_dataset("0", (WIDE, WIDE), "f4", chunks=(1_000, 1_000))
    values.create_dataset("1", (WIDE,), "f4", chunks=(1_000,))
    if kind == ".h5":
        file.attrs["model_config"] = json.dumps(network)
        file["model_weights"].attrs["layer_names"] = ["wide"]
        layer_group.attrs["weight_names"] = ["vars/0", "vars/1"]
