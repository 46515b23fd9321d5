from blocks.block import Block
from blocks.layers import ACTIVATIONS, Layers, Tensor
from blocks.params import choice, flag, integer


class SeparableConv(
    Block,
    category="Convolution",
    title="Separable convolution",
    rank=4,
    citation="Chollet 2016, sec. 1",
    keywords="depthwise xception mobilenet",
):
    """Looks at each channel by itself, then mixes the channels with a 1x1 convolution.

    Far fewer weights than a convolution of the same window.
    """

    filters: int = integer(
        64, min=1, max=8_192, headline=True, help="Channels that leave the block."
    )
    kernel_size: int = integer(
        3, min=1, max=127, headline=True, help="Side of the window, in pixels or samples."
    )
    stride: int = integer(1, min=1, max=64, headline=True, help="Step of the window.")
    padding: str = choice(
        "same",
        ("same", "valid"),
        help="same: zeros around the edge keep the size; valid: only places where it fits.",
    )
    activation: str = choice("relu", ACTIVATIONS, help="Function on every value that leaves.")
    batch_norm: bool = flag(False, help="Normalise before the activation.")
    use_bias: bool = flag(True, help="Add one learned number per filter.")

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        x = nn.separable_conv(
            x,
            self.filters,
            self.kernel_size,
            strides=self.stride,
            padding=self.padding,
            activation="linear" if self.batch_norm else self.activation,
            use_bias=self.use_bias,
            name="",
        )
        if not self.batch_norm:
            return x
        x = nn.batch_norm(x)
        return x if self.activation == "linear" else nn.activation(x, self.activation, name="act")
