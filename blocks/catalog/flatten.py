from blocks.block import Block
from blocks.layers import Layers, Tensor


class Flatten(
    Block, category="Dense", rank=2, citation="Keras, layers.Flatten", keywords="vector reshape"
):
    """Lays all values out in one long vector, so that a dense layer can follow."""

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        return nn.flatten(x, name="")
