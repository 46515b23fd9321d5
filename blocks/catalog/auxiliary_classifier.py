from blocks.block import Block
from blocks.layers import Layers, Tensor
from blocks.params import integer, loss_weight, number


class AuxiliaryClassifier(
    Block,
    category="Output",
    rank=2,
    is_head=True,
    citation="Szegedy et al. 2014, sec. 5",
    keywords="googlenet side head output",
):
    """A second head in the middle of a deep network, so that early layers get a gradient too.

    Its loss is added to that of the main head with a small weight, 0.3 in the paper; the trained
    network is used without it.
    """

    classes: int = integer(
        10, min=1, max=10_000_000, headline=True, help="How many classes there are to tell apart."
    )
    filters: int = integer(
        128, min=1, max=8_192, help="Filters of the 1x1 convolution after the pooling."
    )
    units: int = integer(1_024, min=1, max=10_000_000, help="Units of the hidden dense layer.")
    dropout: float = number(
        0.7, min=0, max=0.99, step=0.05, help="Share of values dropped before the classes."
    )
    loss_weight: float = loss_weight(0.3)

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        x = nn.pool(x, 5, strides=3, kind="average")
        x = nn.conv(x, self.filters, 1, activation="relu")
        x = nn.flatten(x)
        x = nn.dense(x, self.units, activation="relu", name="hidden")
        if self.dropout:
            x = nn.dropout(x, self.dropout)
        return nn.dense(x, self.classes, activation="softmax", name="")
