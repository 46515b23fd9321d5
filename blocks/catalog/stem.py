from blocks.block import Block, Preset
from blocks.layers import ACTIVATIONS, Layers, Tensor, batch_norm_epsilon, initializer
from blocks.params import choice, flag, integer


class Stem(
    Block,
    category="Convolution",
    rank=3,
    citation="He et al. 2015, table 1; He et al. 2019, fig. 2b; Szegedy et al. 2014, table 1",
    keywords="resnet googlenet inception first layers entry deep",
    presets=(
        Preset(
            "deep_stem",
            "Deep stem",
            "Three 3x3 convolutions for the one of 7x7: fewer multiply-adds, a better result.",
            "He et al. 2019, fig. 2b; Szegedy et al. 2016, sec. 6",
            {"variant": "deep"},
        ),
        Preset(
            "googlenet_stem",
            "GoogLeNet stem",
            "7x7, 1x1 and 3x3 convolutions with two poolings: 224x224x3 becomes 28x28x192.",
            "Szegedy et al. 2014, table 1",
            {"variant": "googlenet", "batch_norm": False},
        ),
    ),
):
    """The first layers of a network: they bring a large input quickly to a quarter of its size.

    ResNet's is one 7x7 convolution of stride 2 and a 3x3 max pooling of stride 2; the deep stem
    has three 3x3 convolutions, the first with the stride and all but the last with half of the
    filters. GoogLeNet's goes on with a 1x1 and a 3x3 convolution, three times as wide, and a second
    pooling; its local response normalisation is left out, as Simonyan & Zisserman 2014, sec. 2.1,
    found it of no use.
    """

    filters: int = integer(
        64, min=1, max=8_192, headline=True, help="Filters of the 7x7 convolution."
    )
    variant: str = choice(
        "resnet",
        ("resnet", "deep", "googlenet"),
        headline=True,
        help="resnet: one 7x7; deep: three 3x3; googlenet: 7x7, then 1x1 and 3x3 after a pooling.",
    )
    batch_norm: bool = flag(True, help="Normalise after every convolution.")
    padding: str = choice(
        "same",
        ("same", "symmetric"),
        help="Zeros before a step of 2: same adds them behind, symmetric on both sides.",
    )
    pool: str = choice(
        "same",
        ("same", "symmetric", "valid", "none"),
        help="Zeros around the 3x3 max pooling of stride 2; valid adds none, none leaves it out.",
    )
    activation: str = choice("relu", ACTIVATIONS, help="Function after every convolution.")
    use_bias: bool = flag(True, help="Add one learned number per filter.")
    epsilon: float = batch_norm_epsilon()
    kernel_initializer: str = initializer()

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        if self.variant == "deep":
            half = max(self.filters // 2, 1)
            x = self._conv(nn, x, half, 3, 2, 1)
            x = self._conv(nn, x, half, 3, 1, 2)
            return self._pool(nn, self._conv(nn, x, self.filters, 3, 1, 3), 1)
        x = self._pool(nn, self._conv(nn, x, self.filters, 7, 2, 1), 1)
        if self.variant == "googlenet":
            x = self._conv(nn, x, self.filters, 1, 1, 2)
            x = self._pool(nn, self._conv(nn, x, 3 * self.filters, 3, 1, 3), 2)
        return x

    def _conv(
        self, nn: Layers, x: Tensor, filters: int, size: int, stride: int, index: int
    ) -> Tensor:
        symmetric = self.padding == "symmetric" and stride > 1
        if symmetric:
            x = nn.zero_pad(x, (size - 1) // 2, name=f"conv{index}_pad")
        x = nn.conv(
            x,
            filters,
            size,
            strides=stride,
            padding="valid" if symmetric else "same",
            activation="linear" if self.batch_norm else self.activation,
            use_bias=self.use_bias,
            kernel_initializer=self.kernel_initializer,
            name=f"conv{index}",
        )
        if not self.batch_norm:
            return x
        x = nn.batch_norm(x, epsilon=self.epsilon, name=f"bn{index}")
        return (
            x if self.activation == "linear" else nn.activation(x, self.activation, f"act{index}")
        )

    def _pool(self, nn: Layers, x: Tensor, index: int) -> Tensor:
        if self.pool == "none":
            return x
        if self.pool == "symmetric":
            x = nn.zero_pad(x, 1, name=f"pool{index}_pad")
        padding = "same" if self.pool == "same" else "valid"
        return nn.pool(x, 3, strides=2, padding=padding, name=f"pool{index}")
