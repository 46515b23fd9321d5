from blocks.block import Block
from blocks.layers import Layers, Tensor
from blocks.params import integer


class SqueezeExcite(
    Block,
    category="Convolution",
    title="Squeeze and excitation",
    rank=5,
    citation="Hu et al. 2017, fig. 1 and sec. 3",
    keywords="senet attention channels",
):
    """Weighs the channels: looks at each one's mean and decides how much of it to let through."""

    ratio: int = integer(
        16, min=1, max=256, headline=True, help="How many times fewer units decide; paper: 16."
    )

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        inner = max(x.channels // self.ratio, 1)
        gate = nn.global_pool(x, keepdims=True, name="squeeze")
        gate = nn.conv(gate, inner, 1, activation="relu", name="reduce")
        gate = nn.conv(gate, x.channels, 1, activation="sigmoid", name="expand")
        return nn.multiply(x, gate, name="scale")
