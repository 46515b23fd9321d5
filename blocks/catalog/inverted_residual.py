from blocks.block import Block
from blocks.layers import Layers, Tensor
from blocks.params import flag, integer


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

    as_in_keras: bool = flag(
        False,
        help="Layers as keras.applications writes them: ReLU with a ceiling of 6, and zeros of "
        "their own before a step. With a stride of 1 or 2 they compute the same.",
    )

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        y = x
        if self.expansion > 1:
            y = nn.conv(y, self.expansion * x.channels, 1, use_bias=False, name="expand")
            y = self._activated(nn, y, "expand")
        y = self._activated(nn, self._depthwise(nn, y), "depthwise")
        y = nn.conv(y, self.filters, 1, use_bias=False, name="project")
        y = nn.batch_norm(y, momentum=0.999, name="project_bn")
        if self.stride == 1 and x.channels == self.filters:
            y = nn.add(x, y)
        return y

    def _depthwise(self, nn: Layers, x: Tensor) -> Tensor:
        padding = "same"
        if self.as_in_keras and self.stride > 1:
            padding, half = "valid", self.kernel_size // 2
            starts = [max(half - (n is None or n % 2 == 0), 0) for n in x.spatial]
            x = nn.zero_pad(x, [(start, half) for start in starts])
        return nn.depthwise_conv(
            x, self.kernel_size, strides=self.stride, padding=padding, use_bias=False
        )

    def _activated(self, nn: Layers, x: Tensor, name: str) -> Tensor:
        x = nn.batch_norm(x, momentum=0.999, name=f"{name}_bn")
        if self.as_in_keras:
            return nn.layer("ReLU", [x], {"max_value": 6.0}, f"{name}_relu")
        return nn.activation(x, "relu6", name=f"{name}_relu")
