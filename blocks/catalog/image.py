from blocks.block import NONE, Block
from blocks.layers import Layers, Tensor
from blocks.params import flag, integer


class Image(
    Block,
    category="Input",
    rank=1,
    inputs=NONE,
    citation="Keras, keras.Input",
    keywords="input photo picture 2d",
):
    """Images come in here: height x width pixels with some channels each."""

    height: int = integer(
        32,
        min=1,
        max=65_536,
        unit="pixels",
        headline=True,
        when={"any_size": (False,)},
        help="Rows of pixels in each image.",
    )
    width: int = integer(
        32,
        min=1,
        max=65_536,
        unit="pixels",
        headline=True,
        when={"any_size": (False,)},
        help="Columns of pixels in each image.",
    )
    channels: int = integer(
        3,
        min=1,
        max=4_096,
        headline=True,
        help="Values per pixel: 1 for grey, 3 for red, green and blue.",
    )
    any_size: bool = flag(
        False,
        help="Leave height and width open: the network takes images of any size. Numbers that "
        "depend on the size are then counted for one place.",
    )

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        height, width = (None, None) if self.any_size else (self.height, self.width)
        return nn.input((height, width, self.channels))
