from blocks.block import Block
from blocks.layers import Layers, Tensor, norm_epsilon
from blocks.params import integer


class DenseBlock(
    Block,
    category="Residual",
    rank=4,
    citation="Huang et al. 2016, fig. 1 and sec. 3",
    keywords="densenet concatenate growth",
):
    """Every convolution sees all that came before it and adds a few channels of its own.

    Where a residual block adds its result to the input, this one lays it beside the input: nothing
    is overwritten, and few new channels at a time are enough.
    """

    convolutions: int = integer(
        6, min=1, max=128, headline=True, help="How many pairs of 1x1 and 3x3 convolutions."
    )
    growth_rate: int = integer(
        32, min=1, max=1_024, headline=True, help="Channels that each pair adds."
    )
    bottleneck: int = integer(
        4, min=1, max=64, help="The 1x1 convolution has so many times the growth rate."
    )
    epsilon: float = norm_epsilon(1.001e-5)

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        for _ in nn.times(self.convolutions):
            y = nn.batch_norm(x, epsilon=self.epsilon, name="bn_a")
            y = nn.activation(y, "relu", name="relu_a")
            inner = self.bottleneck * self.growth_rate
            y = nn.conv(y, inner, 1, use_bias=False, name="conv_a")
            y = nn.batch_norm(y, epsilon=self.epsilon, name="bn_b")
            y = nn.activation(y, "relu", name="relu_b")
            y = nn.conv(y, self.growth_rate, 3, use_bias=False, name="conv_b")
            x = nn.concatenate(x, y)
        return x
