from blocks.block import Block
from blocks.layers import Layers, Tensor
from blocks.params import number


class Dropout(
    Block,
    category="Shape & regularise",
    rank=2,
    citation="Srivastava et al. 2014",
    keywords="regularisation overfitting",
):
    """Sets a random share of the values to zero while training, against learning by heart."""

    rate: float = number(
        0.5, min=0, max=0.99, step=0.05, headline=True, help="Share of the values set to zero."
    )

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        return nn.dropout(x, self.rate, name="")
