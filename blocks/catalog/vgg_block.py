from blocks.block import Block
from blocks.layers import ACTIVATIONS, Layers, Tensor
from blocks.params import choice, flag, integer


class VGGBlock(
    Block,
    category="Convolution",
    title="VGG block",
    rank=2,
    citation="Simonyan & Zisserman 2014, sec. 2.1",
    keywords="vgg16 vgg19",
):
    """A few convolutions with small windows, most often before a pooling that halves the size.

    Two windows of 3 in a row see as far as one of 5 and three as far as one of 7, with fewer
    weights and a nonlinearity after each.
    """

    filters: int = integer(
        64, min=1, max=8_192, headline=True, help="Channels of every convolution in the block."
    )
    convolutions: int = integer(
        2, min=1, max=64, headline=True, help="How many convolutions follow each other."
    )
    kernel_size: int = integer(
        3, min=1, max=127, headline=True, help="Side of the window; the paper uses 3."
    )
    activation: str = choice("relu", ACTIVATIONS, help="Function after every convolution.")
    batch_norm: bool = flag(
        False, help="Normalise after every convolution (younger than the paper, trains faster)."
    )
    pool: bool = flag(True, help="End with a 2x2 max pooling of stride 2.")

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        for _ in nn.times(self.convolutions):
            fused = "linear" if self.batch_norm else self.activation
            x = nn.conv(x, self.filters, self.kernel_size, activation=fused)
            if self.batch_norm:
                x = nn.batch_norm(x)
                x = nn.activation(x, self.activation, name="act")
        return nn.pool(x, 2) if self.pool else x
