"""Files and texts that somebody might send to harm the machine, a function for each kind of them.

Each gives what is tried: a threat in words, the bytes, and a part of the sentence that refuses
them. docs/reliability.md lists the threats.
"""

import io
import json
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import h5py
import numpy as np
from PIL import Image as Picture

from tests.blocks.data_files import class_folders
from tests.blocks.keras_files import SMALL, layer, model, source, tensor


class Hostile(NamedTuple):
    """A file that is refused; `suffix` says what it claims to be."""

    threat: str
    suffix: str
    content: bytes
    sentence: str


def packed(members: dict[str, bytes], **entry: Any) -> bytes:
    """Return a zip archive; `entry` sets fields of the entry of its last member."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, content) in enumerate(members.items(), start=1):
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            for key, value in entry.items() if number == len(members) else ():
                setattr(info, key, value)
            archive.writestr(info, content)
    return file.getvalue()


def overlapping(members: dict[str, bytes], copy: str) -> bytes:
    """Return an archive whose directory names the bytes of its first member a second time."""
    content = packed(members)
    start, end = content.index(b"PK\x01\x02"), content.index(b"PK\x05\x06")
    name = next(iter(members)).encode()
    (extra, comment) = struct.unpack("<HH", content[start + 30 : start + 34])
    entry = content[start : start + 46 + len(name) + extra + comment]
    again = entry.replace(name, copy.encode())
    tail = bytearray(content[end:])
    tail[8:12] = struct.pack("<HH", len(members) + 1, len(members) + 1)
    tail[12:16] = struct.pack("<I", end - start + len(again))
    return content[:end] + again + bytes(tail)


def _text(value: Any) -> bytes:
    return json.dumps(value).encode("utf-8", "surrogatepass")


def node(text: str) -> bytes:
    """Return a design of one block with a part of its JSON as it is given."""
    block = f'{{"id": "a", "name": "photo", "block": "Image", {text}}}'
    return f'{{"format": "blockwright", "version": 1, "nodes": [{block}]}}'.encode(
        "utf-8", "surrogatepass"
    )


def designs() -> Iterator[Hostile]:
    """Design files."""
    finite, digits = "must be a finite number", "9" * 1_000_000
    for threat, text, sentence in (
        ("NaN in a design", '"params": {"height": NaN}', finite),
        ("a number past every float (1e999)", '"params": {"height": 1e999}', finite),
        ("an integer of a million digits", f'"params": {{"height": {digits}}}', finite),
        ("a key that stands twice", '"x": 1, "x": 2', "the key 'x' stands twice"),
        ("half a surrogate pair", '"note": "\\ud800"', "half a character"),
        ("a boolean in place of a number", '"x": true', "x must be a number"),
        ("a list in place of a value", '"params": {"height": [1]}', "must be a single value"),
    ):
        yield Hostile(threat, ".json", node(text), sentence)
    nodes = [{"id": f"n{n}", "block": "Conv"} for n in range(2_001)]
    many = {"format": "blockwright", "version": 1, "nodes": nodes}
    yield Hostile("too many blocks", ".json", _text(many), "at most 2,000 nodes")
    deep = b'{"format": "blockwright", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    yield Hostile("JSON nested without end", ".json", deep, "nested at most 500 deep")
    large = node(f'"note": "{"x" * 5_000_001}"')
    yield Hostile("a design file without end", ".json", large, "at most 5,000,000 bytes")
    odd = node('"params": {"height": [1]}').replace(b"photo", b"\\u202e\\u001b[31m")
    yield Hostile("characters that turn or erase what is shown", ".json", odd, "single value")
    ours = b'{"format": "blockwright", "version": 99}'
    yield Hostile("a format from the future", ".json", ours, "got 99; a newer program")


def models() -> Iterator[Hostile]:
    """Keras models, as JSON and as .keras."""
    lambda_layer = layer("Lambda", "run", "photo", function="ev(il)")
    yield Hostile(
        "code in a Lambda layer",
        ".json",
        _text(model(source(), lambda_layer)),
        "holds Python code of its own",
    )
    foreign = layer("Sampling", "run", "photo") | {"module": "os", "class_name": "system"}
    yield Hostile(
        "a class of another module",
        ".json",
        _text(model(source(), foreign)),
        "is not one of Keras'",
    )
    own = {"class_name": "MyModel", "module": "my_code", "config": {}}
    yield Hostile("a model that is code", ".json", _text(own), "must be Functional or Sequential")
    yield Hostile("models in models that multiply", ".json", _text(_multiplying()), "")
    bomb = packed({"config.json": b" " * 30_000_000})
    yield Hostile("a zip bomb as an architecture", ".keras", bomb, "may have 20,000,000 bytes")
    good = {"config.json": _text(SMALL)}
    twice = overlapping(good, "config.json")
    yield Hostile("two architectures in one file", ".keras", twice, "holds one config.json, got 2")
    locked = packed(good).replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01")
    locked = locked.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
    yield Hostile("an encrypted architecture", ".keras", locked, "not encrypted")
    beside = packed({"../../config.json": _text(SMALL)})
    yield Hostile("an architecture outside of its archive", ".keras", beside, "config.json, got 0")


def _multiplying() -> Any:
    """Return a model of models, each of which calls the one inside it twice."""
    inner = model(source("i0", (None, 8)), layer("ReLU", "r", "i0"))
    for level in range(1, 19):
        name = f"m{level}"
        entry = {**inner, "name": name, "config": {**inner["config"], "name": name}}
        calls = [(f"i{level}", 0), (name, 0)]
        entry["inbound_nodes"] = [{"args": [tensor(*call)], "kwargs": {}} for call in calls]
        inner = model(source(f"i{level}", (None, 8)), entry)
        inner["config"]["output_layers"] = [[name, 1, 0]]
    return inner


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


def header(shape: tuple[int, ...], dtype: str = "<f4") -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        file, {"descr": dtype, "fortran_order": False, "shape": shape}
    )
    return file.getvalue()


def labels() -> bytes:
    file = io.BytesIO()
    np.save(file, np.arange(4) % 2)
    return file.getvalue()


def arrays() -> Iterator[Hostile]:
    """Archives of arrays."""
    for threat, x, sentence in (
        ("an array that says it has 8 TB", header((10**6, 1_000, 1_000, 2)), "may have 2,147"),
        ("a pickle among arrays", header((4,), "|O") + b"cos\nsystem\n", "must hold plain numbers"),
        ("a header that is Python code", b"\x93NUMPY\x01\x00\x10\x00__import__('os')", "no array"),
        ("a header that does not end", b"\x93NUMPY\x01\x00\x04\x00((((", "is no array"),
        ("an axis of 200 digits", _axis("9" * 200), "larger than any file"),
    ):
        yield Hostile(threat, ".npz", packed({"x.npy": x, "y.npy": labels()}), sentence)
    lying = {"x.npy": header((4, 2, 2, 1)) + bytes(64)}
    over = overlapping(lying, "y.npy")
    yield Hostile("arrays that lie over one another", ".npz", over, "over one another")


def _axis(digits: str) -> bytes:
    text = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({digits}, 2)}}\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode()


def pictures() -> Iterator[Hostile]:
    """Archives of pictures."""
    good = class_folders(1)
    file = io.BytesIO()
    Picture.new("1", (13_000, 13_000)).save(file, "PNG")
    huge = good | {"red/x.png": file.getvalue()}
    yield Hostile("a picture of 169 megapixels", ".zip", packed(huge), "40,000,000 pixels")
    for name in ("../../red/x.png", "/red/x.png", "C:\\red\\x.png"):
        out = packed(good | {name: b"x"})
        yield Hostile(f"a name that leads out ({name})", ".zip", out, "leads out of the archive")
    link = packed(good | {"red/x.png": b"/etc/passwd"}, external_attr=0o120777 << 16)
    yield Hostile("a link in an archive", ".zip", link, "is a link")
    bomb = packed(good | {"red/x.png": b"\0" * (65 * 1024**2)})
    yield Hostile("a zip bomb among pictures", ".zip", bomb, "may have 67,108,864 bytes")
    unnamed = packed(good | {"@": b""}).replace(b"@", b"\x00")
    yield Hostile("a member without a name", ".zip", unnamed, "")
    svg = packed(good | {"red/x.png": b"<svg onload='alert(1)'/>"})
    yield Hostile("a script that says it is a picture", ".zip", svg, "is no whole picture")


def tables() -> Iterator[Hostile]:
    """Tables of signals."""
    rows = ["1,2,0", "3,4,1"]
    for threat, row, sentence in (
        ("a number of 400 digits in a table", "9" * 400 + ",2,0", "more digits"),
        ("a formula in a table", "=1+1,2,0", "must be a finite number"),
        ("infinity in a table", "1e999,2,0", "must be a finite number"),
    ):
        yield Hostile(threat, ".csv", "\n".join([*rows, row]).encode(), sentence)


def signs(folder: Path) -> Iterator[Hostile]:
    """HDF5 files of training data."""
    path = folder / "signs.h5"
    for threat, sentence in (
        ("data that say they have 8 TB", "may have"),
        ("data in another file", "must be an array in this file"),
    ):
        with h5py.File(path, "w") as file:
            if "8 TB" in threat:
                file.create_dataset("train_set_x", (10**9, 2_000), "f4", chunks=(1_000, 100))
            else:
                file["train_set_x"] = h5py.ExternalLink("/etc/passwd", "/x")
            file["train_set_y"] = np.arange(4) % 2
        yield Hostile(threat, ".h5", path.read_bytes(), sentence)


def backups() -> Iterator[Hostile]:
    """Backups of a library."""
    manifest = {"manifest.json": b'{"format": "blockwright-backup", "version": 1}'}
    out = packed(manifest | {"../../x.json": b"{}"})
    yield Hostile("a backup whose names lead out", ".zip", out, "do not belong")
    bomb = packed(manifest | {f"designs/{n}.json": b"0" * 49_000_000 for n in range(9)})
    yield Hostile("a zip bomb as a backup", ".zip", bomb, "unpacks to at most")
    broken = packed(manifest | {"designs/a.json": b'{"created": NaN}'})
    yield Hostile("NaN in a backup", ".zip", broken, "NaN is no number")
    deep = packed(manifest | {"designs/a.json": b"[" * 100_000})
    yield Hostile("JSON nested without end in a backup", ".zip", deep, "damaged")
