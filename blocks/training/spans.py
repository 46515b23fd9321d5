"""Which span the values of pictures fill, and how one's own are brought to that of the data.

The same picture is 0 to 255 in a file, 0 to 1 for a network that learned from bytes, and
something else for one whose samples were saved as floats. A network judges a picture rightly only
on the span it learned from.
"""

from typing import NamedTuple

import numpy as np

from blocks.training.contents import Array
from blocks.training.datasets import DataInfo

BYTE = 255.0


class Span(NamedTuple):
    """The values that stand for black and for white."""

    low: float = 0.0
    high: float = 1.0


USUAL = (Span(0.0, 1.0), Span(-1.0, 1.0), Span(0.0, BYTE))


def usual(low: float, high: float) -> Span | None:
    """Return the first of the usual spans that values from low to high lie in; None outside."""
    return next((span for span in USUAL if span.low <= low and high <= span.high), None)


def span_of(low: float, high: float) -> Span:
    """Return what stands for black and white in data whose values go from low to high.

    Values that fill less than half of 0 to 255, and those in no usual span, are a span of their
    own: 0 to 16, or pictures that were standardised before they were saved.
    """
    found = usual(low, high)
    if found is None or (found.high == BYTE and high < BYTE / 2):
        return Span(low, high)
    return found


def values_of(info: DataInfo) -> tuple[float, float]:
    """Return the least and greatest value that the data can have before they are normalised."""
    return (0.0, 1.0) if info.dtype == "uint8" else info.range


def brought(x: Array, given: Span, wanted: Span) -> Array:
    """Return samples with black and white of one span brought to those of another, float32."""
    if given == wanted:
        return x.astype(np.float32)
    share = (x.astype(np.float32) - np.float32(given.low)) / np.float32(given.high - given.low)
    return wanted.low + share * np.float32(wanted.high - wanted.low)


def brought_batch(x: Array, data: Span) -> Array:
    """Return samples of one's own on the span of the data.

    Bytes go from 0 to 255. Floats stay as they are, unless both they and the data are on usual
    spans and on different ones.
    """
    if x.dtype == np.uint8:
        return brought(x, USUAL[-1], data)
    given = usual(float(x.min()), float(x.max()))
    if given is None or data not in USUAL:
        return x.astype(np.float32)
    return brought(x, given, data)
