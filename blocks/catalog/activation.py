from blocks.block import Block
from blocks.layers import ACTIVATIONS, Layers, Tensor
from blocks.params import choice


class Activation(
    Block,
    category="Shape & regularise",
    rank=3,
    citation="Nair & Hinton 2010",
    keywords="relu sigmoid tanh",
):
    """A fixed function on every value; without one, layers on layers would stay linear."""

    function: str = choice(
        "relu", ACTIVATIONS, headline=True, help="What every value goes through."
    )

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        return nn.activation(x, self.function, name="")
