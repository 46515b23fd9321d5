"""Convolutions of signals and images."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from blocks.errors import LayerError
from blocks.graph import Shape, Weight
from blocks.layers.base import Builder, Outcome, Rule, Tensor, require_spatial, trimmed
from blocks.layers.windows import pair, positions, slide, slide_words
from blocks.layers.words import Arithmetic, Words, lengths, weighed

INITIALIZERS = ("glorot_uniform", "glorot_normal", "he_normal", "he_uniform", "lecun_normal")
CONV_DEFAULTS = {
    "strides": 1,
    "padding": "valid",
    "dilation_rate": 1,
    "groups": 1,
    "activation": "linear",
    "use_bias": True,
    "kernel_initializer": "glorot_uniform",
}


def convolution(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Count a convolution: kernel x (channels / groups) x filters weights, plus a bias each."""
    shape = shapes[0]
    rank = len(shape) - 1
    kernel, stride = pair(config["kernel_size"], rank), pair(config.get("strides", 1), rank)
    dilation = pair(config.get("dilation_rate", 1), rank)
    filters, groups = int(config["filters"]), int(config.get("groups", 1))
    channels = Tensor("", shape).channels
    _check(channels, filters, groups, stride, dilation)
    spatial = slide(
        "a convolution", shape[:-1], kernel, stride, config.get("padding", "valid"), dilation
    )
    weights = [Weight("kernel", (*kernel, channels // groups, filters))]
    if config.get("use_bias", True):
        weights.append(Weight("bias", (filters,)))
    macs = positions(spatial) * prod(kernel) * (channels // groups) * filters
    return Outcome((*spatial, filters), tuple(weights), macs)


def _check(
    channels: int, filters: int, groups: int, stride: tuple[int, ...], dilation: tuple[int, ...]
) -> None:
    if channels % groups or filters % groups:
        raise LayerError(
            f"groups must divide both the {channels} input channels and the {filters} filters, "
            f"got {groups}"
        )
    if max(stride) > 1 and max(dilation) > 1:
        raise LayerError(
            f"stride and dilation cannot both be above 1, got stride {max(stride)} "
            f"and dilation {max(dilation)}"
        )


def convolution_words(
    config: Mapping[str, Any], shapes: Sequence[Shape], outcome: Outcome
) -> Words:
    """Write a convolution out: every weight of the kernel is used once at every place."""
    *spatial, filters = outcome.shape
    axes = window_words(config, shapes[0])
    return Words((*axes, *lengths((filters,))), weighed(tuple(spatial), outcome.weights))


def window_words(config: Mapping[str, Any], shape: Shape) -> tuple[str, ...]:
    """Write out how far a kernel slides along each axis."""
    rank = len(shape) - 1
    return slide_words(
        shape[:-1],
        pair(config["kernel_size"], rank),
        pair(config.get("strides", 1), rank),
        config.get("padding", "valid"),
        pair(config.get("dilation_rate", 1), rank),
    )


ARITHMETIC: dict[str, Arithmetic] = {f"Conv{rank}D": convolution_words for rank in (1, 2, 3)}
RULES: dict[str, Rule] = {f"Conv{rank}D": convolution for rank in (1, 2, 3)}


class Convolutions(Builder):
    """The builder's methods for convolutions."""

    def conv(
        self,
        x: Tensor,
        filters: int,
        kernel_size: int,
        *,
        strides: int = 1,
        padding: str = "same",
        dilation_rate: int = 1,
        groups: int = 1,
        activation: str = "linear",
        use_bias: bool = True,
        kernel_initializer: str = "glorot_uniform",
        name: str = "conv",
    ) -> Tensor:
        """Add a convolution, 1-D on a signal and 2-D on an image.

        Raises:
            LayerError: a vector comes in, or the kernel does not fit.
        """
        require_spatial("a convolution", x.shape)
        config = {
            "filters": filters,
            "kernel_size": kernel_size,
            "strides": strides,
            "padding": padding,
            "dilation_rate": dilation_rate,
            "groups": groups,
            "activation": activation,
            "use_bias": use_bias,
            "kernel_initializer": kernel_initializer,
        }
        return self.layer(f"Conv{len(x.spatial)}D", [x], trimmed(config, CONV_DEFAULTS), name)
