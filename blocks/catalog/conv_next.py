from blocks.block import Block
from blocks.layers import Layers, Tensor
from blocks.params import integer, number


class ConvNeXtBlock(
    Block,
    category="Residual",
    title="ConvNeXt block",
    rank=6,
    citation="Liu et al. 2022, fig. 4",
    keywords="convnext depthwise layer norm gelu",
):
    """A wide depthwise window, then two dense layers at every place, beside a shortcut.

    The scale per channel before the sum is a 1x1 depthwise convolution without bias, a stock
    layer of the same weights and the same result.
    """

    kernel_size: int = integer(
        7, min=1, max=127, headline=True, help="Side of the depthwise window; the paper uses 7."
    )
    expansion: int = integer(
        4, min=1, max=64, headline=True, help="How many times wider the hidden layer is."
    )
    layer_scale: float = number(
        1e-6, min=0, max=1, step=1e-6, help="The scale's value before training."
    )

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        constant = {"class_name": "Constant", "config": {"value": self.layer_scale}}
        y = nn.depthwise_conv(x, self.kernel_size)
        y = nn.layer_norm(y, epsilon=1e-6)
        y = nn.dense(y, self.expansion * x.channels, activation="gelu", name="expand")
        y = nn.dense(y, x.channels, name="project")
        y = nn.depthwise_conv(y, 1, use_bias=False, depthwise_initializer=constant, name="scale")
        return nn.add(x, y)
