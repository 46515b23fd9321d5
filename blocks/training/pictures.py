"""Pictures in class folders, as a folder or a zip archive of one.

`cats/1.png` is a picture of the class cats. Folders `train` and `test` above the classes are the
two parts; a single folder around everything is looked through.
"""

import io
import warnings
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from blocks.training.archives import Read, opened
from blocks.training.contents import Array, Arrays, Contents, DataFileError
from blocks.training.data_settings import DataSettings
from blocks.training.fitting import fitted, picture_in

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".webp")
FORMATS = ("PNG", "JPEG", "BMP", "WEBP")
MAX_PICTURE_BYTES = 64 * 1024**2
MAX_PIXELS = 40_000_000
MAX_FOLDERS = 10_000
PARTS = {"train": "", "training": "", "test": "test", "testing": "test"}
BESIDE = ("__MACOSX", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Picture:
    """A picture's file, its class and its part: "" or "test"."""

    name: str
    folder: str
    part: str


def inspect(path: Path, settings: DataSettings) -> Contents:
    """Check every picture of a folder or an archive, one at a time.

    Raises:
        DataFileError: a rule is broken; the picture is named.
    """
    if settings.task != "classes":
        raise DataFileError(f"pictures in folders tell classes; the task is {settings.task!a}")
    sizes: Counter[tuple[int, int]] = Counter()
    grey, low, high = True, 255, 0
    with opened(path, MAX_PICTURE_BYTES) as (files, read):
        found = listed(files)
        for picture in found:
            pixels = _decoded(read, picture)
            sizes[pixels.shape[:2]] += 1
            grey = grey and pixels.shape[2] == 1
            low, high = min(low, int(pixels.min())), max(high, int(pixels.max()))
    names = class_names(found)
    counts = Counter(picture.folder for picture in found if not picture.part)
    return Contents(
        shape=(*sizes.most_common(1)[0][0], 1 if grey else 3),
        count=sum(counts.values()),
        classes=len(names),
        range=(low / 255, high / 255),
        class_names=names,
        counts=tuple(counts[name] for name in names),
        test_count=sum(1 for picture in found if picture.part),
        dtype="uint8",
        sizes=len(sizes),
    )


def arrays(path: Path, contents: Contents, settings: DataSettings) -> Arrays:
    """Return the pictures, fitted as the settings say, and the numbers of their classes.

    Raises:
        DataFileError: a picture cannot be read, or sizes differ and no size is set.
    """
    size = settings.height or contents.shape[0], settings.width or contents.shape[1]
    channels = settings.channels if settings.channels != "as they are" else _own(contents)
    with opened(path, MAX_PICTURE_BYTES) as (files, read):
        found = listed(files)
        numbers = {name: number for number, name in enumerate(class_names(found))}
        parts = []
        for part in ("", "test"):
            chosen = [picture for picture in found if picture.part == part]
            x = [_fitted(read, picture, size, channels) for picture in chosen]
            y = np.array([numbers[picture.folder] for picture in chosen], dtype=np.int64)
            parts += [np.stack(x) if x else np.zeros(0), y]
    return Arrays(*parts)


def listed(files: Iterable[str]) -> list[Picture]:
    """Return the pictures among files, by part, class and name.

    Raises:
        DataFileError: there are none, or they are not in folders of at least two classes.
    """
    names = sorted(name for name in files if _is_picture(name))
    depth = around(names)
    found = []
    for name in names:
        parts = name.split("/")[depth:]
        part = ""
        if len(parts) > 2 and _in_parts(names, depth):
            part, parts = PARTS[parts[0].lower()], parts[1:]
        if len(parts) < 2:
            raise DataFileError(
                f"{ascii(name)[:80]} is in no class folder; put the pictures of each class into a "
                "folder of its name"
            )
        found.append(Picture(name, parts[0], part))
    _check_classes(found)
    return found


def around(names: Sequence[str]) -> int:
    """Return how many folders lie around everything."""
    split = [name.split("/") for name in names]
    depth = 0
    while (
        split and min(map(len, split)) > depth + 2 and len({parts[depth] for parts in split}) == 1
    ):
        depth += 1
    return depth


def _in_parts(names: Sequence[str], depth: int) -> bool:
    return all(name.split("/")[depth].lower() in PARTS for name in names)


def _is_picture(name: str) -> bool:
    parts = name.split("/")
    hidden = any(part.startswith(".") or part in BESIDE for part in parts)
    return not hidden and name.lower().endswith(SUFFIXES)


def _check_classes(found: Sequence[Picture]) -> None:
    if not found:
        raise DataFileError(
            f"it holds no pictures; give {', '.join(SUFFIXES)} in a folder for each class"
        )
    classes = {picture.folder for picture in found if not picture.part}
    unknown = {picture.folder for picture in found if picture.part} - classes
    if unknown:
        raise DataFileError(
            f"the test part has the class {ascii(min(unknown))[:60]}, training does not"
        )
    if not 2 <= len(classes) <= MAX_FOLDERS:
        raise DataFileError(
            f"there must be 2 to {MAX_FOLDERS:,} folders of classes, got {len(classes):,}"
        )


def class_names(found: Sequence[Picture]) -> tuple[str, ...]:
    """Return the names of the classes in their order."""
    return tuple(sorted({picture.folder for picture in found if not picture.part}))


def _own(contents: Contents) -> str:
    return "grey" if contents.shape[-1] == 1 else "colour"


def _fitted(read: Read, picture: Picture, size: tuple[int, int], channels: str) -> Array:
    pixels = _decoded(read, picture).astype(np.float32) / np.float32(255)
    return fitted(pixels, *size, channels)


def _decoded(read: Read, picture: Picture) -> Array:
    """Return the pixels of a picture: bytes (height, width, 1 or 3), the right way up."""
    name = ascii(picture.name)[:80]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow only warns of bombs: the limit is ours
        try:
            content = read(picture.name)
            _check_header(name, content)
            return picture_in(io.BytesIO(content))
        except DataFileError:
            raise
        except Exception as error:  # a decoder of pictures fails in any way
            raise DataFileError(
                f"{name} is no whole picture ({type(error).__name__}); save it again or remove it"
            ) from None


def _check_header(name: str, content: bytes) -> None:
    """Look at what a picture says of itself before it is unpacked."""
    from PIL import Image

    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        pixels = image.width * image.height
        if pixels > MAX_PIXELS:
            raise DataFileError(
                f"{name} may have {MAX_PIXELS:,} pixels, got {image.width} x {image.height}"
            )
        if image.mode.startswith(("I", "F")):
            raise DataFileError(f"{name} has more than 8 bits a value ({image.mode}); save 8")
