from blocks.block import Block, Port
from blocks.layers import Layers, Tensor
from blocks.params import flag, integer


class UNetStep(
    Block,
    category="Convolution",
    title="U-Net up step",
    rank=6,
    inputs=(Port("in"), Port("skip")),
    citation="Ronneberger et al. 2015, sec. 2",
    keywords="unet decoder expansive path segmentation skip upsampling",
):
    """Doubles the size, joins what had this size on the way down, and convolves both together.

    A 2x2 transposed convolution doubles the size; what comes in at skip, from the same height of
    the way down, brings back where things are. The step down is a VGG block and a pooling.
    """

    filters: int = integer(
        64, min=1, max=8_192, headline=True, help="Channels that leave the block."
    )
    convolutions: int = integer(
        2, min=1, max=100, headline=True, help="How many 3x3 convolutions follow the joining."
    )
    batch_norm: bool = flag(False, help="Normalise after every 3x3 convolution.")

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        x, skip = inputs
        x = nn.concatenate(skip, nn.transposed_conv(x, self.filters, 2))
        for _ in nn.times(self.convolutions):
            x = nn.conv(x, self.filters, 3, activation="linear" if self.batch_norm else "relu")
            if self.batch_norm:
                x = nn.activation(nn.batch_norm(x))
        return x
