from blocks.block import MANY, Block
from blocks.layers import Layers, Tensor


class Multiply(
    Block,
    category="Merge",
    rank=3,
    inputs=MANY,
    citation="Hu et al. 2017, eq. 4",
    keywords="product gate attention",
):
    """Multiplies branches value by value: one can be a gate for the other."""

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        return nn.multiply(*inputs, name="")
