"""A picture or signal of one's own, brought to what a network takes."""

from pathlib import Path

import numpy as np

from blocks.errors import BlockwrightError
from blocks.layers.base import shape_text
from blocks.training.contents import Array
from blocks.training.fitting import fitted, of_length, picture_in
from blocks.training.normalising import scaled
from blocks.training.pictures import FORMATS, MAX_PIXELS
from blocks.training.spans import Span, brought

WHOLE = Span()
MAX_FILE_BYTES = 64 * 1024**2


class SampleError(BlockwrightError):
    """A file that is no sample for a network; the text says why."""


def own_sample(
    path: Path, shape: tuple[int, ...], invert: bool = False, span: Span = WHOLE
) -> Array:
    """Return a picture or a text file of numbers as a float32 sample of a shape.

    Pictures are inverted where asked, brought to the span of the data, from black to white, and
    resized; their channels are made grey or three as the network takes. Signals are lines of
    numbers, a value for each channel, cut or filled with zeros at their end.

    Raises:
        SampleError: it cannot be read, or not be brought to the shape.
    """
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise SampleError(f"a sample may have {MAX_FILE_BYTES:,} bytes, got {size:,}")
    if len(shape) == 3:
        sample = _picture(path, shape)
        return brought(1 - sample if invert else sample, WHOLE, span)
    if len(shape) == 2:
        return _signal(path, shape)
    raise SampleError(f"the network takes {shape_text(shape)}, which is no picture and no signal")


def _picture(path: Path, shape: tuple[int, ...]) -> Array:
    from PIL import Image

    if shape[2] not in (1, 3):
        raise SampleError(f"the network takes {shape[2]} channels; pictures have 1 or 3")
    try:
        with Image.open(path, formats=FORMATS) as image:
            pixels, mode = image.width * image.height, image.mode
        if pixels > MAX_PIXELS:
            raise SampleError(f"a picture may have {MAX_PIXELS:,} pixels, got {pixels:,}")
        if mode.startswith(("I", "F")):
            raise SampleError(f"the picture has more than 8 bits a value ({mode}); save 8")
        with path.open("rb") as file:
            found = scaled(picture_in(file))
    except SampleError:
        raise
    except Exception as error:  # a decoder of pictures fails in any way
        raise SampleError(
            f"the picture cannot be read ({type(error).__name__}); "
            "give a PNG, JPEG, BMP or WebP file"
        ) from None
    return fitted(found, shape[0], shape[1], "grey" if shape[2] == 1 else "colour")


def _signal(path: Path, shape: tuple[int, ...]) -> Array:
    try:
        text = path.read_text("utf-8").replace(",", " ").replace(";", " ")
        values = np.array(
            [[float(word) for word in line.split()] for line in text.splitlines() if line.strip()],
            np.float32,
        )
    except (UnicodeDecodeError, ValueError) as error:
        raise SampleError(
            f"the signal cannot be read ({error!s:.100}); give a text file of numbers, on every "
            "line a value for each channel"
        ) from None
    if values.ndim == 2 and values.shape[0] == 1 and shape[1] == 1:
        values = values.T  # all values on one line
    if values.ndim != 2 or values.shape[1] != shape[1] or not np.isfinite(values).all():
        raise SampleError(
            f"the signal must have {shape[1]} finite values on every line, got "
            f"{shape_text(values.shape)}"
        )
    fitting: Array = of_length(values[None], shape[0])[0]
    return fitting
