from blocks.block import Block
from blocks.layers import Layers, Tensor
from blocks.params import choice, integer


class Pool(
    Block,
    category="Pooling",
    title="Pooling",
    rank=1,
    citation="LeCun et al. 1998, sec. II-B",
    keywords="max average maxpooling",
):
    """The largest or the mean value of every window; makes the size smaller."""

    kind: str = choice(
        "max", ("max", "average"), headline=True, help="What stands for a window's values."
    )
    size: int = integer(2, min=1, max=1_024, headline=True, help="Side of the window.")
    stride: int | None = integer(
        None,
        min=1,
        max=1_024,
        optional=True,
        headline=True,
        help="Step of the window; empty means the size of the window.",
    )
    padding: str = choice(
        "valid",
        ("valid", "same"),
        help="valid: only whole windows; same: windows may reach over the edge.",
    )

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        return nn.pool(
            x, self.size, strides=self.stride, padding=self.padding, kind=self.kind, name=""
        )
