from blocks.block import MANY, Block
from blocks.layers import Layers, Tensor


class Concatenate(
    Block,
    category="Merge",
    rank=2,
    inputs=MANY,
    citation="Szegedy et al. 2014, fig. 2",
    keywords="join stack channels",
):
    """Lays the channels of branches side by side."""

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        return nn.concatenate(*inputs, name="")
