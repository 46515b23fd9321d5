"""The layers a block can be described with: what each kind checks, counts and adds."""

from blocks.layers import (
    activations,
    axes,
    convolution,
    dense,
    depthwise,
    elementwise,
    growing,
    merging,
    normalizing,
    pooling,
    shaping,
)
from blocks.layers.arguments import ARGUMENTS
from blocks.layers.axes import AxisLayers
from blocks.layers.base import Rule, Tensor, describe, shape_text
from blocks.layers.canonical import canonical
from blocks.layers.convolution import INITIALIZERS, Convolutions
from blocks.layers.dense import DenseLayers
from blocks.layers.depthwise import DepthwiseLayers
from blocks.layers.elementwise import ACTIVATIONS, ElementwiseLayers
from blocks.layers.growing import GrowingLayers
from blocks.layers.merging import MergeLayers
from blocks.layers.options import batch_norm_epsilon, initializer, norm_epsilon
from blocks.layers.pooling import Poolings
from blocks.layers.stock import StockLayers, wrapped, wrapped_words
from blocks.layers.words import Arithmetic, Words, counted, kept, times

RULES: dict[str, Rule] = {
    **activations.RULES,
    **axes.RULES,
    **convolution.RULES,
    **dense.RULES,
    **depthwise.RULES,
    **elementwise.RULES,
    **growing.RULES,
    **merging.RULES,
    **normalizing.RULES,
    **pooling.RULES,
    **shaping.RULES,
}
RULES["TimeDistributed"] = wrapped(RULES)

ARITHMETIC: dict[str, Arithmetic] = {
    **axes.ARITHMETIC,
    **convolution.ARITHMETIC,
    **dense.ARITHMETIC,
    **depthwise.ARITHMETIC,
    **growing.ARITHMETIC,
    **merging.ARITHMETIC,
    **pooling.ARITHMETIC,
    **shaping.ARITHMETIC,
}
ARITHMETIC["TimeDistributed"] = wrapped_words(RULES, ARITHMETIC)
"""How kinds of layers are written out; those left out have the shape that comes in, and no MACs."""


class Layers(
    AxisLayers,
    Convolutions,
    DenseLayers,
    DepthwiseLayers,
    ElementwiseLayers,
    GrowingLayers,
    MergeLayers,
    Poolings,
    StockLayers,
):
    """The builder that blocks describe themselves with: `nn.conv(...)`, `nn.add(...)`, ..."""

    def __init__(self, *, plain_names: bool = False) -> None:
        super().__init__(rules=RULES, plain_names=plain_names)


__all__ = [
    "ACTIVATIONS",
    "ARGUMENTS",
    "ARITHMETIC",
    "INITIALIZERS",
    "RULES",
    "Layers",
    "Tensor",
    "Words",
    "batch_norm_epsilon",
    "canonical",
    "counted",
    "describe",
    "initializer",
    "kept",
    "norm_epsilon",
    "shape_text",
    "times",
]
