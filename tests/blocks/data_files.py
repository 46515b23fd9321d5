"""Files of training data as people have them, small."""

import io
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image as Picture

COLOURS = {"blue": (40, 60, 220), "green": (40, 200, 60), "red": (220, 50, 40)}


def picture(colour: tuple[int, int, int], seed: int, size: tuple[int, int] = (12, 10)) -> bytes:
    """A noisy picture of one colour, as the bytes of a PNG file."""
    generator = np.random.default_rng(seed)
    pixels = np.clip(generator.normal(colour, 12, (*size, 3)), 0, 255).astype(np.uint8)
    file = io.BytesIO()
    Picture.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def class_folders(each: int = 6) -> dict[str, bytes]:
    """Pictures of three classes by name."""
    return {
        f"{name}/{number}.png": picture(colour, number)
        for name, colour in COLOURS.items()
        for number in range(each)
    }


def zipped(path: Path, files: dict[str, bytes]) -> str:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return str(path)


def in_folder(path: Path, files: dict[str, bytes]) -> str:
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return str(path)


def signs(path: Path, **arrays: object) -> str:
    """A file in the format of the SIGNS data; labels lie in one row, as they do there."""
    import h5py

    generator = np.random.default_rng(1)
    values: dict[str, object] = {
        "train_set_x": generator.integers(0, 256, (24, 8, 8, 3), dtype=np.uint8),
        "train_set_y": (np.arange(24) % 6)[None],
        "test_set_x": generator.integers(0, 256, (6, 8, 8, 3), dtype=np.uint8),
        "test_set_y": np.arange(6)[None],
        "list_classes": np.arange(6),
    }
    with h5py.File(path, "w") as file:
        for name, value in (values | arrays).items():
            if value is not None:
                file[name] = value
    return str(path)
