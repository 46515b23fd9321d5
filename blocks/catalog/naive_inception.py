from blocks.block import Block
from blocks.layers import Layers, Tensor
from blocks.params import flag, integer


class NaiveInception(
    Block,
    category="Inception",
    title="Naive inception",
    rank=1,
    citation="Szegedy et al. 2014, fig. 2a",
    keywords="googlenet module",
):
    """Convolutions with windows of 1, 3 and 5 and a max pooling, side by side.

    Nobody has to choose a window: the network learns which one serves. The pooling hands on all
    channels that come in, so that every such module makes the next one more expensive.
    """

    filters_1x1: int = integer(
        64, min=1, max=8_192, headline=True, label="1x1 filters", help="Filters of window 1."
    )
    filters_3x3: int = integer(
        128, min=1, max=8_192, headline=True, label="3x3 filters", help="Filters of window 3."
    )
    filters_5x5: int = integer(
        32, min=1, max=8_192, headline=True, label="5x5 filters", help="Filters of window 5."
    )
    batch_norm: bool = flag(False, help="Normalise after every convolution.")

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        return nn.concatenate(
            self._conv(nn, x, self.filters_1x1, 1),
            self._conv(nn, x, self.filters_3x3, 3),
            self._conv(nn, x, self.filters_5x5, 5),
            nn.pool(x, 3, strides=1, padding="same"),
        )

    def _conv(self, nn: Layers, x: Tensor, filters: int, size: int) -> Tensor:
        name = f"conv_{size}x{size}"
        x = nn.conv(x, filters, size, activation="linear" if self.batch_norm else "relu", name=name)
        if not self.batch_norm:
            return x
        return nn.activation(nn.batch_norm(x, name=f"{name}_bn"), name=f"{name}_relu")
