from blocks.block import Block
from blocks.layers import Layers, Tensor
from blocks.params import choice


class GlobalPool(
    Block,
    category="Pooling",
    title="Global pooling",
    rank=2,
    citation="Lin et al. 2013, sec. 3.2",
    keywords="gap average max vector",
):
    """One value per channel, taken over all places: turns an image or a signal into a vector."""

    kind: str = choice(
        "average", ("average", "max"), headline=True, help="Mean or largest value per channel."
    )

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        return nn.global_pool(x, kind=self.kind, name="")
