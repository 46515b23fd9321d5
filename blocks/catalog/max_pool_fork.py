from blocks.block import Block
from blocks.errors import LayerError
from blocks.layers import ACTIVATIONS, Layers, Tensor, initializer, shape_text
from blocks.params import choice, flag, integer, number


class MaxPoolFork(
    Block,
    category="Residual",
    title="Max-pool fork",
    rank=2,
    citation="Rajpurkar et al. 2017, fig. 2",
    keywords="ecg rajpurkar shortcut residual max pooling",
):
    """Two pre-activated convolutions beside a max pooling of the raw input; both meet in a sum.

    The pooling is there, as a no-op, where the subsample factor is 1. Where the channels grow,
    the pooled shortcut is filled up with channels of zeros. Stock layers only.
    """

    filters: int = integer(
        64, min=1, max=8_192, headline=True, help="Channels that leave; never fewer than come in."
    )
    kernel_size: int = integer(
        16,
        min=1,
        max=1_024,
        headline=True,
        help="Side of the window; the paper uses 16 on signals, 3 suits images.",
    )
    subsample: int = integer(
        1, min=1, max=64, headline=True, help="Factor by which the size shrinks; 1 keeps it."
    )
    dropout: float = number(
        0.2, min=0, max=0.95, step=0.05, help="Share of values dropped between the convolutions."
    )
    first: bool = flag(
        False,
        label="First block",
        help="Leave out the first normalisation and activation: the stem has just done them.",
    )
    pool_padding: str = choice(
        "valid",
        ("valid", "same"),
        help="valid, as in the paper, needs a size the subsample factor divides; same takes any.",
    )
    activation: str = choice("relu", ACTIVATIONS, help="Function before the convolutions.")
    kernel_initializer: str = initializer("he_normal")

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        self._check(x)
        shortcut = self._shortcut(nn, x)
        if not self.first:
            x = self._activated(nn, x, 1)
        x = self._conv(nn, x, self.subsample, 1)
        x = self._activated(nn, x, 2)
        if self.dropout:
            x = nn.dropout(x, self.dropout)
        x = self._conv(nn, x, 1, 2)
        return nn.add(shortcut, x)

    def _check(self, x: Tensor) -> None:
        if x.channels > self.filters:
            raise LayerError(
                f"filters must be at least the {x.channels} channels that come in, because the "
                f"shortcut can only be filled up with zeros, got {self.filters}",
                fix={"filters": x.channels},
            )
        uneven = any(length is not None and length % self.subsample for length in x.spatial)
        if uneven and self.pool_padding == "valid":
            raise LayerError(
                f"with pool padding valid, subsample must divide the size that comes in, got "
                f"{self.subsample} and {shape_text(x.spatial)}: the max pooling would round down "
                "and the convolution up; set pool_padding to same",
                fix={"pool_padding": "same"},
            )

    def _shortcut(self, nn: Layers, x: Tensor) -> Tensor:
        pooled = nn.pool(x, self.subsample, padding=self.pool_padding)
        missing = self.filters - x.channels
        return nn.pad_channels(pooled, missing) if missing else pooled

    def _activated(self, nn: Layers, x: Tensor, number: int) -> Tensor:
        x = nn.batch_norm(x, name=f"bn{number}")
        return nn.activation(x, self.activation, name=f"act{number}")

    def _conv(self, nn: Layers, x: Tensor, stride: int, number: int) -> Tensor:
        return nn.conv(
            x,
            self.filters,
            self.kernel_size,
            strides=stride,
            kernel_initializer=self.kernel_initializer,
            name=f"conv{number}",
        )
