"""Pictures and signals brought to the size that a network takes.

Functions of numbers alone: a run's training script has the source of those that it needs.
"""

from typing import IO, Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

GREY = (0.299, 0.587, 0.114)  # ITU-R BT.601


def picture_in(file: IO[bytes]) -> Array:
    """Return the pixels of a picture file, the right way up: bytes (height, width, 1 or 3)."""
    from PIL import Image, ImageOps

    with Image.open(file) as image:
        upright = ImageOps.exif_transpose(image)
        pixels = np.asarray(upright.convert("L" if image.mode in ("1", "L", "LA") else "RGB"))
    return pixels[:, :, None] if pixels.ndim == 2 else pixels


def fitted(picture: Array, height: int, width: int, channels: str) -> Array:
    """Return a float32 picture (height, width, channels) of another size and kind of channels."""
    if channels == "grey" and picture.shape[2] == 3:
        picture = (picture @ np.array(GREY, np.float32))[:, :, None]
    if channels == "colour" and picture.shape[2] == 1:
        picture = np.repeat(picture, 3, axis=2)
    return resized(picture, height, width)


def resized(picture: Array, height: int, width: int) -> Array:
    """Return a float32 picture in another size: bilinear, averaging where it shrinks."""
    from PIL import Image

    if picture.shape[:2] == (height, width):
        return picture
    planes = [Image.fromarray(np.ascontiguousarray(plane)) for plane in np.moveaxis(picture, 2, 0)]
    small = [plane.resize((width, height), Image.Resampling.BILINEAR) for plane in planes]
    return np.stack([np.asarray(plane, dtype=np.float32) for plane in small], axis=2)


def of_length(signals: Array, length: int) -> Array:
    """Return signals (count, length, channels) cut at their end, or with zeros there."""
    kept = signals[:, :length]
    missing = length - kept.shape[1]
    return np.pad(kept, ((0, 0), (0, missing), (0, 0))) if missing else kept
