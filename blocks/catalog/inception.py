from blocks.block import Block, Preset
from blocks.layers import Layers, Tensor
from blocks.params import choice, flag, integer


class Inception(
    Block,
    category="Inception",
    rank=2,
    citation="Szegedy et al. 2014, fig. 2b",
    keywords="googlenet module reduction",
    presets=(
        Preset(
            "projection_first",
            "Inception, projection first",
            "Projects before it pools, as much code in circulation does; the paper pools first.",
            "Five Powerful CNN Architectures, 2018",
            {"pool_order": "projection_first"},
        ),
    ),
):
    """Inception with cheap 1x1 convolutions that reduce the channels before the large windows.

    A 5x5 window on few channels costs a fraction of one on many; the 1x1 convolutions before it
    learn which mixtures of channels are worth keeping.
    """

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
        32, min=1, max=8_192, headline=True, help="1x1 filters beside the max pooling."
    )
    pool_order: str = choice(
        "pool_first",
        ("pool_first", "projection_first"),
        help="The paper pools and then projects; some code in circulation does the reverse.",
    )
    batch_norm: bool = flag(
        False, help="Normalise after every convolution (as the paper's successor does)."
    )

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        narrow_3x3 = self._conv(nn, x, self.reduce_3x3, 1, "reduce_3x3")
        narrow_5x5 = self._conv(nn, x, self.reduce_5x5, 1, "reduce_5x5")
        return nn.concatenate(
            self._conv(nn, x, self.filters_1x1, 1, "conv_1x1"),
            self._conv(nn, narrow_3x3, self.filters_3x3, 3, "conv_3x3"),
            self._conv(nn, narrow_5x5, self.filters_5x5, 5, "conv_5x5"),
            self._pooled(nn, x),
        )

    def _pooled(self, nn: Layers, x: Tensor) -> Tensor:
        if self.pool_order == "projection_first":
            x = self._conv(nn, x, self.pool_projection, 1, "pool_projection")
            return nn.pool(x, 3, strides=1, padding="same")
        x = nn.pool(x, 3, strides=1, padding="same")
        return self._conv(nn, x, self.pool_projection, 1, "pool_projection")

    def _conv(self, nn: Layers, x: Tensor, filters: int, size: int, name: str) -> Tensor:
        x = nn.conv(x, filters, size, activation="linear" if self.batch_norm else "relu", name=name)
        if not self.batch_norm:
            return x
        return nn.activation(nn.batch_norm(x, name=f"{name}_bn"), name=f"{name}_relu")
