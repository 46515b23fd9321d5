from blocks.block import Block
from blocks.layers import Layers, Tensor
from blocks.params import integer


class ZeroPad(
    Block,
    category="Shape & regularise",
    title="Zero padding",
    rank=4,
    citation="Keras, layers.ZeroPadding2D",
    keywords="border pad",
):
    """Adds zeros around an image or before and after a signal."""

    padding: int = integer(
        1, min=0, max=4_096, headline=True, help="Zeros added on every side, in pixels or samples."
    )

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        return nn.zero_pad(x, self.padding, name="")
