"""Bad files of training data, of every kind, against what looks at them before a training."""

import io
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import h5py
import numpy as np

from blocks.training import npz
from blocks.training.data_settings import DataSettings
from blocks.training.readers import contents_from, inspect_in_child, reader_of
from tests.blocks.data_files import class_folders, picture, signs
from tests.soak._fuzzing import Importer, main
from tests.soak._mutations import TEXTS, mutated_archive, mutated_bytes, overwritten
from tests.soak.fuzz_keras import changed_hdf5

SETTINGS = DataSettings(task="classes", label_column="")
READING = {"task": SETTINGS.task, "label_column": SETTINGS.label_column}


def _open_file(suffix: str) -> Callable[[bytes], None]:
    def opened(content: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"data{suffix}"
            path.write_bytes(content)
            if suffix == ".npz":  # these are looked at in the server itself
                contents = npz.inspect(path, SETTINGS)
            else:
                payload = {"path": str(path), "reading": READING}
                found = inspect_in_child(payload, _no_progress)
                if "refused" in found:
                    raise npz.DataFileError(found["refused"])
                contents = contents_from(found)
            reader = reader_of(path)
            assert reader is not None
            samples = reader.arrays(path, contents, SETTINGS)
            assert len(samples.x) == len(samples.y), "samples and labels differ in number"

    return opened


def _no_progress(fraction: float, message: str) -> None:
    """Take the place of what a child tells its parent."""


@cache
def _arrays() -> dict[str, bytes]:
    generator = np.random.default_rng(1)
    arrays = {
        "x": generator.integers(0, 255, (6, 4, 4, 3), dtype=np.uint8),
        "y": np.arange(6) % 2,
        "z": generator.normal(size=(6, 5)).astype(np.float32),
    }
    found = {}
    for name, array in arrays.items():
        file = io.BytesIO()
        np.save(file, array)
        found[f"{name}.npy"] = file.getvalue()
    return found


def _npz(random: Random) -> bytes:
    members = dict(_arrays())
    if random.random() < 0.5:
        members["x.npy"] = members.pop("z.npy")
    return mutated_archive(members, random, _inside_npy)


HEADERS = (
    *("'descr': '|O'", "'descr': '<f8'", "'descr': '<U9'", "'descr': '<M8[s]'", "'descr': 7"),
    *("'descr': '>i2'", "'descr': '<f2'", "'descr': '|b1'", "'descr': '<c8'", "'descr': '|V7'"),
    *("'fortran_order': True", "'fortran_order': 0", "'shape': ()", "'shape': (6,)"),
    *("'shape': (-1,)", "'shape': (0, 4)", "'shape': (999999999999, 9)", "'shape': (2, 48)"),
    *("'shape': (1e3,)", "'shape': (True, 9)", "'shape': ((1,),)", "'shape': (6, 4, 4, 3, 1)"),
    *("'shape': __import__('os')", "'shape': (" + "9" * 200 + ",)", "'x': " + "(" * 90),
)


def _inside_npy(name: str, content: bytes, random: Random) -> bytes:
    """Change an array's header, which is the text of a Python value, or its values."""
    if random.random() < 0.4 or content[:6] != b"\x93NUMPY" or len(content) < 128:
        return mutated_bytes(content, random)
    text = content[10:128].decode("latin-1").strip()
    new = random.choice(HEADERS)
    key = new.partition(":")[0]
    parts = [new if part.strip().startswith(key) else part for part in _parts(text)]
    header = ("{" + ", ".join(parts) + "}").ljust(117)[:5_000] + "\n"
    return (
        content[:8] + len(header).to_bytes(2, "little") + header.encode("latin-1") + content[128:]
    )


def _parts(text: str) -> list[str]:
    shape = text[text.find("'shape'") : text.rfind(")") + 1]
    rest = text.replace(shape, "").strip("{} ,")
    return [*(part.strip() for part in rest.split(", ") if part.strip(", ")), shape]


@cache
def _folders() -> dict[str, bytes]:
    return class_folders(2)


def _zip(random: Random) -> bytes:
    return mutated_archive(_folders(), random, _inside_picture)


def _inside_picture(name: str, content: bytes, random: Random) -> bytes:
    if random.random() < 0.3:
        content = random.choice(_good_pictures())
    return overwritten(content, random) if random.random() < 0.7 else content


@cache
def _good_pictures() -> tuple[bytes, ...]:
    from PIL import Image as Picture

    pixels = np.random.default_rng(2).integers(0, 255, (9, 7, 3), dtype=np.uint8)
    found = [picture((9, 90, 200), 1, size=(5, 6))]
    for mode, form in (
        *(("RGB", "JPEG"), ("L", "PNG"), ("P", "PNG"), ("1", "PNG"), ("I;16", "PNG")),
        *(("RGBA", "PNG"), ("RGB", "BMP"), ("RGB", "WEBP"), ("CMYK", "JPEG"), ("RGB", "GIF")),
    ):
        file = io.BytesIO()
        image = Picture.fromarray(pixels)
        (image.convert("L").convert("I;16") if mode == "I;16" else image.convert(mode)).save(
            file, form
        )
        found.append(file.getvalue())
    return tuple(found)


CELLS = (*TEXTS, "1", "-2.5", "1e999", "nan", "inf", '"a', "1,2", "9" * 400, "0x1f", "=1+1", "é")


def _csv(random: Random) -> bytes:
    rows = [[f"{(r * c) % 7}.5" for c in range(4)] + [str(r % 2)] for r in range(6)]
    if random.random() < 0.3:
        rows.insert(0, ["a", "b", "c", "d", "label"])
    for _ in range(random.choice((1, 1, 2, 5))):
        row = random.choice(rows)
        kind = random.random()
        if kind < 0.7 and row:
            row[random.randrange(len(row))] = random.choice(CELLS)
        elif kind < 0.8:
            row.append(random.choice(CELLS))
        elif kind < 0.9 and row:
            row.pop()
        else:
            rows.append(list(row))
    separator = random.choice((",", ",", ";", "\t", " "))
    end = random.choice(("\n", "\r\n", "\r"))
    content = end.join(separator.join(row) for row in rows).encode("utf-8", "surrogatepass")
    return mutated_bytes(content, random) if random.random() < 0.2 else content


@cache
def _signs() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "signs.h5"
        signs(path)
        return path.read_bytes()


SHAPES = ((24, 8, 8, 3), (24, 5), (24,), (1, 24), (24, 1), (0,), (), (2, 2), (24, 6), (10**9, 9))
TYPES = ("u1", "f4", "f2", "i8", "S3", "c8", "?", ">f8")


def _h5(random: Random) -> bytes:
    kind = random.random()
    if kind < 0.5:
        return overwritten(_signs(), random)
    if kind < 0.75:
        return changed_hdf5(_signs(), random)
    file = io.BytesIO(_signs())
    with h5py.File(file, "r+") as opened:
        name = random.choice(("train_set_x", "train_set_y", "test_set_x", "test_set_y"))
        del opened[name]
        shape: Any = random.choice(SHAPES)
        chunks = True if len(shape) and 0 not in shape else None
        opened.create_dataset(name, shape=shape, dtype=random.choice(TYPES), chunks=chunks)
    return file.getvalue()


IMPORTERS = (
    Importer("data .npz", _npz, _open_file(".npz")),
    Importer("data .zip", _zip, _open_file(".zip"), in_child=True),
    Importer("data .csv", _csv, _open_file(".csv"), in_child=True),
    Importer("data .h5", _h5, _open_file(".h5"), in_child=True),
)

if __name__ == "__main__":
    sys.exit(main("tests.soak.fuzz_data", IMPORTERS))
