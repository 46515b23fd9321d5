from blocks.block import Block
from blocks.layers import Layers, Tensor
from blocks.params import choice, integer, loss_weight, number


class Classifier(
    Block,
    category="Output",
    title="Classifier head",
    rank=1,
    is_head=True,
    citation="He et al. 2015, sec. 3.3",
    keywords="softmax output head classes",
):
    """The end of a network that tells classes apart: one probability per class.

    An image or a signal is first turned into a vector; a vector goes straight to the classes.
    """

    classes: int = integer(
        10, min=1, max=10_000_000, headline=True, help="How many classes there are to tell apart."
    )
    pooling: str = choice(
        "average",
        ("average", "max", "flatten", "none"),
        help="How an image or signal becomes a vector; none classifies every place by itself.",
    )
    dropout: float = number(
        0.0, min=0, max=0.99, step=0.05, help="Share of values dropped before the classes."
    )
    activation: str = choice(
        "softmax",
        ("softmax", "sigmoid", "linear"),
        help="softmax: one class of many; sigmoid: each class by itself; linear: raw scores.",
    )
    loss_weight: float = loss_weight(1.0)

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        if x.spatial and self.pooling == "flatten":
            x = nn.flatten(x)
        elif x.spatial and self.pooling != "none":
            x = nn.global_pool(x, kind=self.pooling)
        if self.dropout:
            x = nn.dropout(x, self.dropout)
        return nn.dense(x, self.classes, activation=self.activation, name="")
