"""Convolutions channel by channel: depthwise, and separable ones."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from blocks.graph import Shape, Weight
from blocks.layers.base import Builder, Outcome, Rule, Tensor, trimmed
from blocks.layers.convolution import CONV_DEFAULTS, convolution_words
from blocks.layers.objects import canonical_object
from blocks.layers.windows import pair, positions, slide
from blocks.layers.words import Arithmetic


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


ARITHMETIC: dict[str, Arithmetic] = {
    **{f"DepthwiseConv{rank}D": convolution_words for rank in (1, 2)},
    **{f"SeparableConv{rank}D": convolution_words for rank in (1, 2)},
}
RULES: dict[str, Rule] = {
    **{f"DepthwiseConv{rank}D": depthwise for rank in (1, 2)},
    **{f"SeparableConv{rank}D": separable for rank in (1, 2)},
}


class DepthwiseLayers(Builder):
    """The builder's methods for convolutions channel by channel."""

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
