from blocks.block import Block
from blocks.layers import ACTIVATIONS, Layers, Tensor, batch_norm_epsilon, initializer
from blocks.params import choice, flag, integer


class Conv(
    Block,
    category="Convolution",
    title="Convolution",
    rank=1,
    citation="LeCun et al. 1989",
    keywords="conv1d conv2d",
):
    """One convolution: a small window of weights slides over the input, once per filter.

    With batch normalisation the activation follows it as a layer of its own.
    """

    filters: int = integer(
        32, min=1, max=8_192, headline=True, help="Patterns it learns; the channels that leave it."
    )
    kernel_size: int = integer(
        3, min=1, max=1_024, headline=True, help="Side of the window, in pixels or samples."
    )
    stride: int = integer(
        1, min=1, max=1_024, headline=True, help="Step of the window; 2 halves the size."
    )
    padding: str = choice(
        "same",
        ("same", "valid"),
        help="same: zeros around the edge keep the size; valid: only places where it fits.",
    )
    dilation: int = integer(
        1, min=1, max=1_024, help="Spreads the window: 2 leaves one place out between weights."
    )
    groups: int = integer(
        1, min=1, max=8_192, help="Splits the channels into groups that do not mix."
    )
    activation: str = choice(
        "relu", ACTIVATIONS, help="Function on every value that leaves; linear leaves it as it is."
    )
    batch_norm: bool = flag(
        False, help="Normalise each channel over the batch before the activation."
    )
    epsilon: float = batch_norm_epsilon()
    use_bias: bool = flag(True, help="Add one learned number per filter.")
    kernel_initializer: str = initializer()

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        x = nn.conv(
            x,
            self.filters,
            self.kernel_size,
            strides=self.stride,
            padding=self.padding,
            dilation_rate=self.dilation,
            groups=self.groups,
            activation="linear" if self.batch_norm else self.activation,
            use_bias=self.use_bias,
            kernel_initializer=self.kernel_initializer,
            name="",
        )
        if not self.batch_norm:
            return x
        x = nn.batch_norm(x, epsilon=self.epsilon)
        return x if self.activation == "linear" else nn.activation(x, self.activation, name="act")
