from blocks.block import Block
from blocks.layers import Layers, Tensor
from blocks.params import integer


class InvertedResidual(
    Block,
    category="Residual",
    rank=3,
    citation="Sandler et al. 2018, fig. 3b and table 1",
    keywords="mobilenet bottleneck depthwise linear",
):
    """Widens, looks at each channel by itself, narrows again; a shortcut joins the narrow ends.

    The shortcut is there where stride is 1 and the channels stay; the last convolution has no
    activation (the paper's linear bottleneck).
    """

    filters: int = integer(
        24, min=1, max=8_192, headline=True, help="Channels that leave the block."
    )
    stride: int = integer(1, min=1, max=64, headline=True, help="Step of the window.")
    expansion: int = integer(
        6, min=1, max=64, headline=True, help="How many times wider inside; 1 leaves it out."
    )
    kernel_size: int = integer(3, min=1, max=127, help="Side of the depthwise window.")

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        y = x
        if self.expansion > 1:
            y = nn.conv(y, self.expansion * x.channels, 1, use_bias=False, name="expand")
            y = self._activated(nn, y, "expand")
        y = nn.depthwise_conv(y, self.kernel_size, strides=self.stride, use_bias=False)
        y = self._activated(nn, y, "depthwise")
        y = nn.conv(y, self.filters, 1, use_bias=False, name="project")
        y = nn.batch_norm(y, momentum=0.999, name="project_bn")
        if self.stride == 1 and x.channels == self.filters:
            y = nn.add(x, y)
        return y

    def _activated(self, nn: Layers, x: Tensor, name: str) -> Tensor:
        x = nn.batch_norm(x, momentum=0.999, name=f"{name}_bn")
        return nn.activation(x, "relu6", name=f"{name}_relu")
