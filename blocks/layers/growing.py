"""Layers that make the size larger: transposed convolutions and upsampling."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from blocks.errors import LayerError
from blocks.graph import Shape, Weight
from blocks.layers.base import Builder, Outcome, Rule, Tensor, trimmed
from blocks.layers.convolution import CONV_DEFAULTS
from blocks.layers.windows import pair, positions
from blocks.layers.words import Arithmetic, Words, lengths, weighed


def transposed(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Count a transposed convolution: every place that comes in paints a window of its own."""
    *lengths, channels = shapes[0]
    rank = len(lengths)
    kernel, stride = pair(config["kernel_size"], rank), pair(config.get("strides", 1), rank)
    dilation = pair(config.get("dilation_rate", 1), rank)
    if channels is None:
        raise LayerError("the number of channels must be known, got an open last axis")
    spatial = tuple(
        _painted(length, 1 + (k - 1) * d, s, extra, config.get("padding", "valid") == "same")
        for length, k, d, s, extra in zip(
            lengths, kernel, dilation, stride, _extras(config, stride), strict=True
        )
    )
    filters = int(config["filters"])
    weights = [Weight("kernel", (*kernel, filters, channels))]
    if config.get("use_bias", True):
        weights.append(Weight("bias", (filters,)))
    macs = positions(tuple(lengths)) * prod(kernel) * channels * filters
    return Outcome((*spatial, filters), tuple(weights), macs)


def _painted(
    length: int | None, reach: int, stride: int, extra: int | None, same: bool
) -> int | None:
    """Return how far the windows of a transposed convolution reach along one axis."""
    if length is None:
        return None
    if extra is None:
        return length * stride + (0 if same else max(reach - stride, 0))
    return (length - 1) * stride + (reach % 2 if same else reach) + extra


def _extras(config: Mapping[str, Any], stride: tuple[int, ...]) -> tuple[int | None, ...]:
    given = config.get("output_padding")
    if given is None:
        return (None,) * len(stride)
    extras = pair(given, len(stride))
    if any(extra >= step for extra, step in zip(extras, stride, strict=True)):
        raise LayerError(
            f"output_padding must be smaller than the stride, got {max(extras)} for {min(stride)}"
        )
    return extras


def upsampling(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Repeat or interpolate every place."""
    *lengths, channels = shapes[0]
    factors = pair(config.get("size", 2), len(lengths))
    spatial = (None if n is None else n * f for n, f in zip(lengths, factors, strict=True))
    return Outcome((*spatial, channels))


def transposed_words(config: Mapping[str, Any], shapes: Sequence[Shape], outcome: Outcome) -> Words:
    """Write a transposed convolution out: every place that comes in paints a window."""
    *entering, _ = shapes[0]
    rank = len(entering)
    kernel, stride = pair(config["kernel_size"], rank), pair(config.get("strides", 1), rank)
    dilation = pair(config.get("dilation_rate", 1), rank)
    same = config.get("padding", "valid") == "same"
    axes = [
        _painted_words(length, 1 + (k - 1) * d, s, extra, same)
        for length, k, d, s, extra in zip(
            entering, kernel, dilation, stride, _extras(config, stride), strict=True
        )
    ]
    macs = weighed(tuple(entering), outcome.weights)
    return Words((*axes, *lengths(outcome.shape[-1:])), macs)


def _painted_words(
    length: int | None, reach: int, stride: int, extra: int | None, same: bool
) -> str:
    if length is None:
        return "?"
    if extra is not None:
        return f"({length:,} - 1) x {stride:,} + {reach % 2 if same else reach:,} + {extra:,}"
    rest = 0 if same else max(reach - stride, 0)
    return f"{length:,} x {stride:,}" + (f" + {rest:,}" if rest else "")


def upsampling_words(config: Mapping[str, Any], shapes: Sequence[Shape], outcome: Outcome) -> Words:
    """Write out how often every place is repeated."""
    *entering, channels = shapes[0]
    factors = pair(config.get("size", 2), len(entering))
    axes = ("?" if n is None else f"{n:,} x {f:,}" for n, f in zip(entering, factors, strict=True))
    return Words((*axes, *lengths((channels,))))


ARITHMETIC: dict[str, Arithmetic] = {
    **{f"Conv{rank}DTranspose": transposed_words for rank in (1, 2, 3)},
    **{f"UpSampling{rank}D": upsampling_words for rank in (1, 2, 3)},
}
RULES: dict[str, Rule] = {
    **{f"Conv{rank}DTranspose": transposed for rank in (1, 2, 3)},
    **{f"UpSampling{rank}D": upsampling for rank in (1, 2, 3)},
}


class GrowingLayers(Builder):
    """The builder's methods for layers that make the size larger."""

    def transposed_conv(
        self,
        x: Tensor,
        filters: int,
        kernel_size: int,
        *,
        strides: int = 2,
        padding: str = "same",
        activation: str = "linear",
        name: str = "up",
    ) -> Tensor:
        """Add a transposed convolution, which makes the size larger by its stride.

        Raises:
            LayerError: a vector comes in.
        """
        config = {
            "filters": filters,
            "kernel_size": kernel_size,
            "strides": strides,
            "padding": padding,
            "activation": activation,
        }
        return self._spatial("Conv{}DTranspose", x, trimmed(config, CONV_DEFAULTS), name)

    def upsample(
        self, x: Tensor, size: int, *, interpolation: str = "nearest", name: str = "up"
    ) -> Tensor:
        """Add an upsampling; signals repeat their samples, images may be interpolated.

        Raises:
            LayerError: a vector comes in, or a signal is to be interpolated.
        """
        config: dict[str, Any] = {"size": size}
        if interpolation != "nearest":
            config["interpolation"] = interpolation
            if len(x.spatial) == 1:
                raise LayerError(
                    f"a signal can only be upsampled by nearest, got {interpolation}",
                    fix={"interpolation": "nearest"},
                )
        return self._spatial("UpSampling{}D", x, config, name)
