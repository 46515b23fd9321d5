from blocks.block import Block
from blocks.layers import Layers, Tensor
from blocks.params import flag, integer


class XceptionModule(
    Block,
    category="Residual",
    title="Xception module",
    rank=7,
    citation="Chollet 2016, fig. 5",
    keywords="separable depthwise residual",
):
    """Activated separable convolutions with a shortcut around them.

    With stride 1 the shortcut is the identity; a larger stride ends in a max pooling and
    projects the shortcut.
    """

    filters: int = integer(
        728, min=1, max=8_192, headline=True, help="Channels that leave the module."
    )
    convolutions: int = integer(
        3, min=1, max=16, headline=True, help="How many separable convolutions follow each other."
    )
    stride: int = integer(
        1, min=1, max=64, headline=True, help="2 halves the size with a 3x3 max pooling."
    )
    inner_filters: int | None = integer(
        None,
        min=1,
        max=8_192,
        optional=True,
        help="Filters of all convolutions but the last; empty means the same as the last.",
    )
    first_activation: bool = flag(
        True, help="Activate before the first convolution; the paper's first module does not."
    )

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        y = x
        for index in range(1, self.convolutions + 1):
            if index > 1 or self.first_activation:
                y = nn.activation(y, name=f"relu{index}")
            inner = index < self.convolutions and self.inner_filters
            filters = inner or self.filters
            y = nn.separable_conv(y, filters, 3, use_bias=False, name=f"separable{index}")
            y = nn.batch_norm(y, name=f"bn{index}")
        if self.stride > 1:
            y = nn.pool(y, 3, strides=self.stride, padding="same")
        return nn.add(y, self._shortcut(nn, x))

    def _shortcut(self, nn: Layers, x: Tensor) -> Tensor:
        if self.stride == 1 and x.channels == self.filters:
            return x
        x = nn.conv(x, self.filters, 1, strides=self.stride, use_bias=False, name="shortcut")
        return nn.batch_norm(x, name="shortcut_bn")
