"""How far a sliding window reaches: sizes of windows and of what they leave."""

from math import prod
from typing import Any

from blocks.errors import LayerError
from blocks.graph import Shape
from blocks.layers.base import shape_text


def pair(value: Any, rank: int) -> tuple[int, ...]:
    """Return a size given once or per axis as one number per axis."""
    return tuple(int(v) for v in value) if isinstance(value, list | tuple) else (int(value),) * rank


def slide(
    kind: str,
    spatial: Shape,
    size: tuple[int, ...],
    stride: tuple[int, ...],
    padding: str,
    dilation: tuple[int, ...] | None = None,
) -> Shape:
    """Return the spatial shape that a window of `size` moved by `stride` leaves.

    `padding` is "same" or "causal" (ceil(length / stride)) or "valid"
    (floor((length - reach) / stride) + 1).

    Raises:
        LayerError: a valid window is larger than its input.
    """
    reach = tuple(1 + (k - 1) * d for k, d in zip(size, dilation or (1,) * len(size), strict=True))
    left = tuple(_slide_axis(*axis, padding) for axis in zip(spatial, reach, stride, strict=True))
    if any(length is not None and length < 1 for length in left):
        raise LayerError(
            f"{kind} with a window of {shape_text(reach)} and padding valid needs an input at "
            f"least that large, got {shape_text(spatial)}; use padding same or a smaller window"
        )
    return left


def _slide_axis(length: int | None, reach: int, stride: int, padding: str) -> int | None:
    if length is None:
        return None
    return -(-length // stride) if padding != "valid" else (length - reach) // stride + 1


def slide_words(
    spatial: Shape,
    size: tuple[int, ...],
    stride: tuple[int, ...],
    padding: str,
    dilation: tuple[int, ...] | None = None,
) -> tuple[str, ...]:
    """Return the arithmetic of `slide`, axis by axis."""
    axes = zip(spatial, size, stride, dilation or (1,) * len(size), strict=True)
    return tuple(_axis_words(*axis, padding) for axis in axes)


def _axis_words(length: int | None, size: int, stride: int, dilation: int, padding: str) -> str:
    if length is None:
        return "?"
    if padding != "valid":
        return f"{length:,}" if stride == 1 else f"ceil({length:,} / {stride:,})"
    reach = f"{size:,}" if dilation == 1 else f"(1 + ({size:,} - 1) x {dilation:,})"
    if stride == 1:
        return f"{length:,} - {reach} + 1"
    return f"floor(({length:,} - {reach}) / {stride:,}) + 1"


def positions(spatial: Shape) -> int:
    """Return how many places a spatial shape has; an open axis counts as one."""
    return prod(1 if axis is None else axis for axis in spatial)
