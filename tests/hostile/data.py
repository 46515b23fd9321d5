"""Training data."""

import io
from collections.abc import Iterator
from pathlib import Path

import h5py
import numpy as np
from PIL import Image as Picture

from tests.blocks.data_files import class_folders
from tests.hostile import Hostile, overlapping, packed


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
