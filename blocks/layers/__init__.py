"""The layers a block can be described with: what each kind checks, counts and adds."""

from blocks.layers import axes, convolution, dense, depthwise, elementwise, merging, pooling
from blocks.layers.axes import AxisLayers
from blocks.layers.base import Rule, Tensor, describe, shape_text
from blocks.layers.convolution import INITIALIZERS, Convolutions
from blocks.layers.dense import DenseLayers
from blocks.layers.depthwise import DepthwiseLayers
from blocks.layers.elementwise import ACTIVATIONS, ElementwiseLayers
from blocks.layers.merging import MergeLayers
from blocks.layers.pooling import Poolings

RULES: dict[str, Rule] = {
    **axes.RULES,
    **convolution.RULES,
    **dense.RULES,
    **depthwise.RULES,
    **elementwise.RULES,
    **merging.RULES,
    **pooling.RULES,
}


class Layers(
    AxisLayers,
    Convolutions,
    DenseLayers,
    DepthwiseLayers,
    ElementwiseLayers,
    MergeLayers,
    Poolings,
):
    """The builder that blocks describe themselves with: `nn.conv(...)`, `nn.add(...)`, ..."""

    def __init__(self) -> None:
        super().__init__(rules=RULES)


__all__ = ["ACTIVATIONS", "INITIALIZERS", "RULES", "Layers", "Tensor", "describe", "shape_text"]
