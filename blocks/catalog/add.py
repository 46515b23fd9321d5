from blocks.block import MANY, Block
from blocks.layers import Layers, Tensor


class Add(
    Block,
    category="Merge",
    rank=1,
    inputs=MANY,
    citation="He et al. 2015, eq. 1",
    keywords="sum skip residual",
):
    """Sums branches of one shape, value by value."""

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        return nn.add(*inputs, name="")
