from blocks.block import NONE, Block
from blocks.layers import Layers, Tensor
from blocks.params import integer


class Image(Block, category="Input", rank=1, inputs=NONE, keywords="input photo picture 2d"):
    """Images come in here: height x width pixels with some channels each."""

    height: int = integer(
        32, min=1, max=65_536, unit="pixels", headline=True, help="Rows of pixels in each image."
    )
    width: int = integer(
        32, min=1, max=65_536, unit="pixels", headline=True, help="Columns of pixels in each image."
    )
    channels: int = integer(
        3,
        min=1,
        max=4_096,
        headline=True,
        help="Values per pixel: 1 for grey, 3 for red, green and blue.",
    )

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        return nn.input((self.height, self.width, self.channels))
