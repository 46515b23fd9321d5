from blocks.block import Block
from blocks.layers import Layers, Tensor
from blocks.params import integer


class NaiveInception(
    Block,
    category="Inception",
    title="Naive inception",
    rank=1,
    citation="Szegedy et al. 2014, fig. 2a",
    keywords="googlenet module",
):
    """Convolutions with windows of 1, 3 and 5 and a max pooling, side by side."""

    filters_1x1: int = integer(
        64, min=1, max=8_192, headline=True, label="1x1 filters", help="Filters of window 1."
    )
    filters_3x3: int = integer(
        128, min=1, max=8_192, headline=True, label="3x3 filters", help="Filters of window 3."
    )
    filters_5x5: int = integer(
        32, min=1, max=8_192, headline=True, label="5x5 filters", help="Filters of window 5."
    )

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        return nn.concatenate(
            nn.conv(x, self.filters_1x1, 1, activation="relu", name="conv_1x1"),
            nn.conv(x, self.filters_3x3, 3, activation="relu", name="conv_3x3"),
            nn.conv(x, self.filters_5x5, 5, activation="relu", name="conv_5x5"),
            nn.pool(x, 3, strides=1, padding="same"),
        )
