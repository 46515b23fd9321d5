from blocks.block import Block
from blocks.layers import Layers, Tensor
from blocks.params import integer


class Inception(
    Block,
    category="Inception",
    rank=2,
    citation="Szegedy et al. 2014, fig. 2b",
    keywords="googlenet module reduction",
):
    """Inception with cheap 1x1 convolutions that reduce the channels before the large windows."""

    filters_1x1: int = integer(
        64, min=1, max=8_192, headline=True, label="1x1 filters", help="Filters of window 1."
    )
    reduce_3x3: int = integer(
        96, min=1, max=8_192, label="3x3 reduction", help="1x1 filters before the window of 3."
    )
    filters_3x3: int = integer(
        128, min=1, max=8_192, headline=True, label="3x3 filters", help="Filters of window 3."
    )
    reduce_5x5: int = integer(
        16, min=1, max=8_192, label="5x5 reduction", help="1x1 filters before the window of 5."
    )
    filters_5x5: int = integer(
        32, min=1, max=8_192, headline=True, label="5x5 filters", help="Filters of window 5."
    )
    pool_projection: int = integer(
        32, min=1, max=8_192, headline=True, help="1x1 filters after the max pooling."
    )

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        narrow_3x3 = nn.conv(x, self.reduce_3x3, 1, activation="relu", name="reduce_3x3")
        narrow_5x5 = nn.conv(x, self.reduce_5x5, 1, activation="relu", name="reduce_5x5")
        pooled = nn.pool(x, 3, strides=1, padding="same")
        return nn.concatenate(
            nn.conv(x, self.filters_1x1, 1, activation="relu", name="conv_1x1"),
            nn.conv(narrow_3x3, self.filters_3x3, 3, activation="relu", name="conv_3x3"),
            nn.conv(narrow_5x5, self.filters_5x5, 5, activation="relu", name="conv_5x5"),
            nn.conv(pooled, self.pool_projection, 1, activation="relu", name="pool_projection"),
        )
