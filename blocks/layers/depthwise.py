"""Convolutions channel by channel, separable, and transposed."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from blocks.errors import LayerError
from blocks.graph import Shape, Weight
from blocks.layers.base import Builder, Outcome, Rule, Tensor, require_rank, trimmed
from blocks.layers.convolution import CONV_DEFAULTS, convolution_words
from blocks.layers.objects import canonical_object
from blocks.layers.windows import pair, positions, slide
from blocks.layers.words import Arithmetic, Words, lengths, weighed

NEEDS = "a signal or an image"


def depthwise(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Count a depthwise convolution: kernel size x channels weights, plus a bias per channel."""
    shape, spatial, kernel = _slid(config, shapes)
    leaving = Tensor("", shape).channels * int(config.get("depth_multiplier", 1))
    weights = [Weight("kernel", (*kernel, shape[-1] or 0, leaving // (shape[-1] or 1)))]
    if config.get("use_bias", True):
        weights.append(Weight("bias", (leaving,)))
    macs = positions(spatial) * prod(kernel) * leaving
    return Outcome((*spatial, leaving), tuple(weights), macs)


def separable(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Count a depthwise convolution and the 1x1 convolution behind it."""
    shape, spatial, kernel = _slid(config, shapes)
    channels, filters = Tensor("", shape).channels, int(config["filters"])
    inner = channels * int(config.get("depth_multiplier", 1))
    weights = [
        Weight("depthwise_kernel", (*kernel, channels, inner // channels)),
        Weight("pointwise_kernel", (*(1,) * len(kernel), inner, filters)),
    ]
    if config.get("use_bias", True):
        weights.append(Weight("bias", (filters,)))
    macs = positions(spatial) * inner * (prod(kernel) + filters)
    return Outcome((*spatial, filters), tuple(weights), macs)


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


def _slid(
    config: Mapping[str, Any], shapes: Sequence[Shape]
) -> tuple[Shape, Shape, tuple[int, ...]]:
    shape = shapes[0]
    rank = len(shape) - 1
    kernel, stride = pair(config["kernel_size"], rank), pair(config.get("strides", 1), rank)
    dilation = pair(config.get("dilation_rate", 1), rank)
    padding = config.get("padding", "valid")
    spatial = slide("a convolution", shape[:-1], kernel, stride, padding, dilation)
    return shape, spatial, kernel


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
    **{f"DepthwiseConv{rank}D": convolution_words for rank in (1, 2)},
    **{f"SeparableConv{rank}D": convolution_words for rank in (1, 2)},
    **{f"Conv{rank}DTranspose": transposed_words for rank in (1, 2, 3)},
    **{f"UpSampling{rank}D": upsampling_words for rank in (1, 2, 3)},
}
RULES: dict[str, Rule] = {
    f"{kind}{rank}D{suffix}": rule
    for kind, suffix, rule in (
        ("DepthwiseConv", "", depthwise),
        ("SeparableConv", "", separable),
        ("Conv", "Transpose", transposed),
        ("UpSampling", "", upsampling),
    )
    for rank in ((1, 2, 3) if rule in (transposed, upsampling) else (1, 2))
}


class DepthwiseLayers(Builder):
    """The builder's methods for convolutions channel by channel and for growing sizes."""

    def depthwise_conv(
        self,
        x: Tensor,
        kernel_size: int,
        *,
        strides: int = 1,
        padding: str = "same",
        activation: str = "linear",
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        name: str = "depthwise",
    ) -> Tensor:
        """Add a convolution of each channel by itself.

        Raises:
            LayerError: a vector comes in, or the kernel does not fit.
        """
        config = {
            "kernel_size": kernel_size,
            "strides": strides,
            "padding": padding,
            "activation": activation,
            "use_bias": use_bias,
            "depthwise_initializer": canonical_object(
                "depthwise_initializer", depthwise_initializer
            ),
        }
        defaults = {**CONV_DEFAULTS, "depthwise_initializer": "glorot_uniform"}
        return self._spatial("DepthwiseConv{}D", x, trimmed(config, defaults), name)

    def separable_conv(
        self,
        x: Tensor,
        filters: int,
        kernel_size: int,
        *,
        strides: int = 1,
        padding: str = "same",
        activation: str = "linear",
        use_bias: bool = True,
        name: str = "separable",
    ) -> Tensor:
        """Add a depthwise convolution and a 1x1 convolution as one layer.

        Raises:
            LayerError: a vector comes in, or the kernel does not fit.
        """
        config = {
            "filters": filters,
            "kernel_size": kernel_size,
            "strides": strides,
            "padding": padding,
            "activation": activation,
            "use_bias": use_bias,
        }
        return self._spatial("SeparableConv{}D", x, trimmed(config, CONV_DEFAULTS), name)

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

    def _spatial(self, kind: str, x: Tensor, config: Mapping[str, Any], name: str) -> Tensor:
        require_rank(kind.format(""), x.shape, (2, 3), NEEDS)
        return self.layer(kind.format(len(x.spatial)), [x], config, name)
