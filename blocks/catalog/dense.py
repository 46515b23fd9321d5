from blocks.block import Block
from blocks.layers import ACTIVATIONS, Layers, Tensor, initializer
from blocks.params import choice, flag, integer


class Dense(
    Block,
    category="Dense",
    rank=1,
    citation="Rumelhart et al. 1986",
    keywords="fully connected linear fc",
):
    """Every unit sees every value of the last axis, each with a weight of its own."""

    units: int = integer(
        128, min=1, max=100_000_000, headline=True, help="Values that leave the layer."
    )
    activation: str = choice(
        "relu", ACTIVATIONS, headline=True, help="Function on every value that leaves."
    )
    use_bias: bool = flag(True, help="Add one learned number per unit.")
    kernel_initializer: str = initializer()

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        return nn.dense(
            x,
            self.units,
            activation=self.activation,
            use_bias=self.use_bias,
            kernel_initializer=self.kernel_initializer,
            name="",
        )
