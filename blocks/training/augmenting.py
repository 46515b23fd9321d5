"""Training samples varied a little each time they are seen: drawn by seed, epoch and step.

Functions of numbers alone: a run's training script has their source.
"""

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


def augmented(
    x: Array,
    generator: np.random.Generator,
    *,
    flip: bool,
    shift: float,
    rotate: float,
    noise: float,
    scale: float,
) -> Array:
    """Return a batch of pictures (count, height, width, channels) or signals, varied.

    `shift` and `scale` are shares, `rotate` degrees, `noise` a standard deviation.
    """
    count, pictures = len(x), x.ndim == 4
    if flip and pictures:
        mirrored = generator.random(count) < 0.5
        x = np.where(mirrored[:, None, None, None], x[:, :, ::-1], x)
    if pictures and (shift or rotate):
        angles = np.radians(generator.uniform(-rotate, rotate, count))
        x = moved(x, angles, generator.uniform(-shift, shift, (2, count)))
    elif shift:
        offsets = np.rint(generator.uniform(-shift, shift, (count, 1)) * x.shape[1])
        places = np.clip(np.arange(x.shape[1]) - offsets.astype(int), 0, x.shape[1] - 1)
        x = np.take_along_axis(x, places[:, :, None], axis=1)
    if scale:
        x = x * generator.uniform(1 - scale, 1 + scale, (count,) + (1,) * (x.ndim - 1))
    if noise:
        x = x + noise * generator.standard_normal(x.shape, dtype=np.float32)
    return x.astype(np.float32)


def moved(x: Array, angles: Array, shifts: Array) -> Array:
    """Return pictures turned about their middle and moved, bilinear, their edges repeated.

    `angles` are in radians, `shifts` (2, count) shares of the height and of the width.
    """
    count, height, width, _ = x.shape
    rows = np.arange(height)[None, :, None] - (height - 1) / 2
    columns = np.arange(width)[None, None, :] - (width - 1) / 2
    rows, columns = (
        axis - part[:, None, None] * size
        for axis, part, size in zip((rows, columns), shifts, (height, width), strict=True)
    )
    cosine, sine = np.cos(angles)[:, None, None], np.sin(angles)[:, None, None]
    down = np.clip(cosine * rows - sine * columns + (height - 1) / 2, 0, height - 1)
    across = np.clip(sine * rows + cosine * columns + (width - 1) / 2, 0, width - 1)
    top, left = np.floor(down).astype(int), np.floor(across).astype(int)
    bottom, right = np.minimum(top + 1, height - 1), np.minimum(left + 1, width - 1)
    lower = (down - top).astype(np.float32)[..., None]
    later = (across - left).astype(np.float32)[..., None]
    each = np.arange(count)[:, None, None]
    above = x[each, top, left] * (1 - later) + x[each, top, right] * later
    below = x[each, bottom, left] * (1 - later) + x[each, bottom, right] * later
    mixed: Array = above * (1 - lower) + below * lower
    return mixed
