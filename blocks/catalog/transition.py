from blocks.block import Block
from blocks.layers import Layers, Tensor
from blocks.params import number


class Transition(
    Block,
    category="Residual",
    rank=5,
    citation="Huang et al. 2016, sec. 3 (compression)",
    keywords="densenet compression pooling",
):
    """Between dense blocks: fewer channels by a 1x1 convolution, half the size by a pooling."""

    reduction: float = number(
        0.5, min=0.01, max=1, step=0.05, headline=True, help="Share of the channels that stay."
    )
    epsilon: float = number(
        1.001e-5, min=1e-9, max=1, step=1e-4, help="Small number in the normalisation."
    )

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        filters = max(int(x.channels * self.reduction), 1)
        y = nn.batch_norm(x, epsilon=self.epsilon)
        y = nn.activation(y)
        y = nn.conv(y, filters, 1, use_bias=False)
        return nn.pool(y, 2, kind="average")
