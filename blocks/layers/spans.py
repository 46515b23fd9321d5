"""Which places of its input each place of a layer's output reads, along one axis."""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from blocks.layers.axes import padding_pairs
from blocks.layers.windows import pair

MAX_PHASES = 1_024
RADIUS = {"bilinear": 1, "bicubic": 2, "lanczos3": 3, "lanczos5": 5}


class Span(NamedTuple):
    """Place q * len(first) + r reads the places q * step + first[r] to q * step + last[r].

    `first` and `last` have one entry, but where something is enlarged: neighbours then read
    alike, and the pattern repeats after as many places as there are entries.
    """

    step: int
    first: tuple[int, ...]
    last: tuple[int, ...]

    def at(self, place: int) -> tuple[int, int]:
        """Return the first and the last place that one place reads."""
        turn, phase = divmod(place, len(self.first))
        return turn * self.step + self.first[phase], turn * self.step + self.last[phase]

    @property
    def size(self) -> int:
        """How many places the widest-reading place reads."""
        if len(self.first) == 1:
            return self.last[0] - self.first[0] + 1
        return max(last - first for first, last in zip(self.first, self.last, strict=True)) + 1

    @property
    def jump(self) -> float:
        """Input places from one output place to the next."""
        return self.step / len(self.first)

    def of(self, start: int) -> "Span":
        """Return the span moved by so many places."""
        moved = [tuple(place + start for place in places) for places in self[1:]]
        return Span(self.step, *moved)


SAME = Span(1, (0,), (0,))
"""Every place reads the place where it stands."""


def layer_spans(
    kind: str,
    config: Mapping[str, Any],
    lengths: Sequence[int | None],
    leaving: Sequence[int | None],
) -> tuple[Span | None, ...] | None:
    """Return one span per spatial axis of a layer that slides, pads, cuts or enlarges.

    `lengths` come in and `leaving` leave along the spatial axes; None is an open length, taken
    to be a multiple of the stride. None is returned for every other kind of layer, and for an
    axis that is enlarged more than 1,024-fold.
    """
    rank = len(lengths)
    if kind.endswith("Transpose"):
        return _painted(config, leaving, lengths)
    if "Conv" in kind:
        return _windows(config, lengths, config["kernel_size"], config.get("strides", 1))
    if "Pooling" in kind and not kind.startswith("Global"):
        size = config.get("pool_size", 2)
        return _windows(config, lengths, size, config.get("strides") or size)
    if kind.startswith(("ZeroPadding", "Cropping")):
        sign, word = (-1, "padding") if kind[0] == "Z" else (1, "cropping")
        default = 0 if kind == "Cropping2D" else 1
        return tuple(SAME.of(sign * n) for n, _ in padding_pairs(config.get(word, default), rank))
    if kind.startswith("UpSampling"):
        radius = RADIUS.get(config.get("interpolation", "nearest"), 0)
        return tuple(_enlarged(factor, radius) for factor in pair(config.get("size", 2), rank))
    return None


def _windows(
    config: Mapping[str, Any], lengths: Sequence[int | None], size: Any, strides: Any
) -> tuple[Span, ...]:
    rank = len(lengths)
    axes = zip(
        lengths,
        pair(size, rank),
        pair(strides, rank),
        pair(config.get("dilation_rate", 1), rank),
        strict=True,
    )
    padding = config.get("padding", "valid")
    return tuple(_window(n, 1 + (k - 1) * d, s, padding) for n, k, s, d in axes)


@lru_cache(maxsize=4096)
def _window(length: int | None, reach: int, stride: int, padding: str) -> Span:
    before = 0
    if padding == "causal":
        before = reach - 1
    elif padding == "same":
        before = _padding(length, reach, stride) // 2
    return Span(stride, (-before,), (reach - 1 - before,))


def _padding(length: int | None, reach: int, stride: int) -> int:
    """Return how many zeros padding `same` adds along an axis, before and behind together."""
    covered = stride if length is None else length - (-(-length // stride) - 1) * stride
    return max(reach - covered, 0)


def _painted(
    config: Mapping[str, Any], lengths: Sequence[int | None], entering: Sequence[int | None]
) -> tuple[Span | None, ...]:
    """Return the spans of a transposed convolution; `lengths` are those that leave it.

    Place j that comes in paints the places j * stride - before to j * stride - before + reach - 1.
    """
    rank = len(lengths)
    spans: list[Span | None] = []
    for length, n, k, s, d in zip(
        lengths,
        entering,
        pair(config["kernel_size"], rank),
        pair(config.get("strides", 1), rank),
        pair(config.get("dilation_rate", 1), rank),
        strict=True,
    ):
        if s > MAX_PHASES:
            spans.append(None)
            continue
        reach, before = 1 + (k - 1) * d, 0
        if config.get("padding", "valid") == "same":
            drawn = reach - s if n is None or length is None else (n - 1) * s + reach - length
            before = max(drawn, 0) // 2
        last = tuple((place + before) // s for place in range(s))
        first = tuple(-(-(place + before - reach + 1) // s) for place in range(s))
        # A kernel shorter than its stride leaves places that nothing paints.
        spans.append(Span(1, tuple(map(min, first, last)), last))
    return tuple(spans)


def _enlarged(factor: int, radius: int) -> Span | None:
    """Return the span of an upsampling; an interpolation reads all that is nearer than `radius`."""
    if factor > MAX_PHASES:
        return None
    if not radius or factor == 1:
        return Span(1, (0,) * factor, (0,) * factor)
    middles = [(place + 0.5) / factor - 0.5 for place in range(factor)]
    first = tuple(math.floor(middle - radius) + 1 for middle in middles)
    last = tuple(math.ceil(middle + radius) - 1 for middle in middles)
    return Span(1, first, last)
