"""Several samples of one's own at once: an .npz file, brought to what a network takes."""

import zipfile
from pathlib import Path

import numpy as np

from blocks.layers.base import shape_text
from blocks.training.contents import Array, DataFileError
from blocks.training.fitting import fitted, of_length
from blocks.training.npz import UNREADABLE, arrays_in
from blocks.training.own_sample import MAX_FILE_BYTES, SampleError
from blocks.training.spans import Span, brought_batch

MOST_SAMPLES = 1_000


def own_batch(path: Path, shape: tuple[int, ...], span: Span) -> tuple[Array, Array | None]:
    """Return the samples `x` of an .npz file as float32 (count, *shape), and its labels `y`.

    Pictures are brought to the span of the data and resized, their channels made grey or three;
    signals are cut or filled with zeros. Labels are whole numbers, None where there are none.

    Raises:
        SampleError: the file breaks a rule, or its samples cannot be brought to the shape.
    """
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise SampleError(f"a file of samples may have {MAX_FILE_BYTES:,} bytes, got {size:,}")
    try:
        found = arrays_in(path, ("x",), ("y",))
    except DataFileError as error:
        raise SampleError(f"the samples cannot be read: {error}") from None
    except (*UNREADABLE, zipfile.BadZipFile) as error:
        raise SampleError(f"the samples cannot be read ({error!s:.100}); save them again") from None
    x = _samples(found["x"], shape)
    return _fitted(x, shape, span), _labels(found.get("y"), len(x))


def _samples(x: Array, shape: tuple[int, ...]) -> Array:
    """Return samples with a channel axis; grey pictures are often saved without."""
    if x.ndim == len(shape):
        x = x[..., None]
    if x.ndim != len(shape) + 1:
        raise SampleError(
            f"x must be samples of {shape_text(shape)} (count, ...), got the shape {x.shape}"
        )
    if len(x) > MOST_SAMPLES:
        raise SampleError(f"up to {MOST_SAMPLES:,} samples are tried at once, got {len(x):,}")
    if not np.isfinite(x).all():
        raise SampleError("x must be finite numbers, got NaN or infinity; remove those samples")
    return x


def _fitted(x: Array, shape: tuple[int, ...], span: Span) -> Array:
    if len(shape) == 2:
        if x.shape[2] != shape[1]:
            raise SampleError(f"signals must have {shape[1]} channels, got {x.shape[2]}")
        return of_length(x.astype(np.float32), shape[0])
    kinds = {x.shape[3], shape[2]}
    if len(kinds) > 1 and kinds != {1, 3}:
        raise SampleError(f"pictures must have {shape[2]} channels, got {x.shape[3]}")
    on_span = brought_batch(x, span)
    kind = "grey" if shape[2] == 1 else "colour"
    return np.stack([fitted(one, shape[0], shape[1], kind) for one in on_span])


def _labels(y: Array | None, count: int) -> Array | None:
    """Return whole labels, one a sample; others say nothing of classes."""
    if y is None or y.size != count or not np.array_equal(y, np.floor(y)):
        return None
    return y.reshape(-1).astype(np.int64)
