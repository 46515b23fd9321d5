from blocks.block import Block
from blocks.layers import Layers, Tensor
from blocks.params import loss_weight


class Output(
    Block,
    category="Output",
    title="Model output",
    rank=3,
    is_head=True,
    citation="Keras, the functional API",
    keywords="result feature tap",
):
    """Makes what comes in an output of the model, also where the network goes on from there."""

    loss_weight: float = loss_weight(1.0)

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        return x
