"""The layers a block can be described with: what each kind checks, counts and adds."""

from blocks.layers import (
    activations,
    axes,
    convolution,
    dense,
    depthwise,
    elementwise,
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
from blocks.layers.merging import MergeLayers
from blocks.layers.pooling import Poolings
from blocks.layers.stock import StockLayers, wrapped

RULES: dict[str, Rule] = {
    **activations.RULES,
    **axes.RULES,
    **convolution.RULES,
    **dense.RULES,
    **depthwise.RULES,
    **elementwise.RULES,
    **merging.RULES,
    **normalizing.RULES,
    **pooling.RULES,
    **shaping.RULES,
}
RULES["TimeDistributed"] = wrapped(RULES)


class Layers(
    AxisLayers,
    Convolutions,
    DenseLayers,
    DepthwiseLayers,
    ElementwiseLayers,
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
    "INITIALIZERS",
    "RULES",
    "Layers",
    "Tensor",
    "canonical",
    "describe",
    "shape_text",
]
