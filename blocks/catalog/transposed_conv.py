from blocks.block import Block
from blocks.layers import ACTIVATIONS, Layers, Tensor
from blocks.params import choice, integer


class TransposedConv(
    Block,
    category="Convolution",
    title="Transposed convolution",
    rank=5,
    citation="Zeiler et al. 2010; Long et al. 2014, sec. 3.3",
    keywords="deconvolution upsampling unet",
):
    """A learned upsampling: every place that comes in paints a window of what leaves."""

    filters: int = integer(
        32, min=1, max=8_192, headline=True, help="Channels that leave the block."
    )
    kernel_size: int = integer(2, min=1, max=127, headline=True, help="Side of the window.")
    stride: int = integer(
        2, min=1, max=64, headline=True, help="How many times larger the size becomes."
    )
    padding: str = choice(
        "same",
        ("same", "valid"),
        help="same: the size becomes exactly stride times larger; valid: the rim stays too.",
    )
    activation: str = choice("linear", ACTIVATIONS, help="Function on every value that leaves.")

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        return nn.transposed_conv(
            x,
            self.filters,
            self.kernel_size,
            strides=self.stride,
            padding=self.padding,
            activation=self.activation,
            name="",
        )
