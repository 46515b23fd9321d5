from blocks.block import Block
from blocks.errors import LayerError
from blocks.layers import ACTIVATIONS, INITIALIZERS, Layers, Tensor, shape_text
from blocks.params import choice, flag, integer


class Residual(
    Block,
    category="Residual",
    rank=1,
    citation="He et al. 2015, fig. 2 and sec. 3.3",
    keywords="resnet skip shortcut identity projection bottleneck",
):
    """Convolutions with a shortcut around them: they learn only the difference to the input.

    Basic is two 3x3 convolutions; bottleneck is 1x1, 3x3 and 1x1 with a quarter of the filters
    inside; pre-activation normalises and activates before each convolution (He et al. 2016).
    """

    filters: int = integer(
        64, min=1, max=8_192, headline=True, help="Channels that leave the block."
    )
    stride: int = integer(
        1, min=1, max=64, headline=True, help="Step of the first convolution; 2 halves the size."
    )
    variant: str = choice(
        "basic",
        ("basic", "bottleneck", "pre_activation"),
        headline=True,
        help="basic: two 3x3; bottleneck: 1x1, 3x3, 1x1; pre_activation: activates before.",
    )
    shortcut: str = choice(
        "auto",
        ("auto", "identity", "projection"),
        headline=True,
        help="identity adds the input as it is; projection brings it to shape with a 1x1 "
        "convolution; auto projects only where the shapes differ.",
    )
    kernel_size: int = integer(3, min=1, max=127, help="Side of the window; the paper uses 3.")
    batch_norm: bool = flag(False, help="Normalise around every convolution, as the paper does.")
    activation: str = choice("relu", ACTIVATIONS, help="Function inside and after the sum.")
    projection_activation: str = choice(
        "linear",
        ACTIVATIONS,
        when={"shortcut": ("auto", "projection")},
        help="Function on the projection; the paper has none.",
    )
    use_bias: bool = flag(True, help="Add one learned number per filter.")
    kernel_initializer: str = choice(
        "glorot_uniform", INITIALIZERS, help="How the weights are drawn before training."
    )

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        if self.variant == "pre_activation":
            return nn.add(self._pre_activated(nn, x), self._shortcut(nn, x))
        y = self._convolutions(nn, x)
        y = nn.add(y, self._shortcut(nn, x))
        return y if self.activation == "linear" else nn.activation(y, self.activation, name="act")

    def _sizes(self) -> list[tuple[int, int, int]]:
        """Return (filters, kernel size, stride) of each convolution."""
        if self.variant == "bottleneck":
            inner = max(self.filters // 4, 1)
            return [
                (inner, 1, self.stride),
                (inner, self.kernel_size, 1),
                (self.filters, 1, 1),
            ]
        return [
            (self.filters, self.kernel_size, self.stride),
            (self.filters, self.kernel_size, 1),
        ]

    def _convolutions(self, nn: Layers, x: Tensor) -> Tensor:
        sizes = self._sizes()
        for number, (filters, kernel_size, stride) in enumerate(sizes, start=1):
            activation = "linear" if number == len(sizes) else self.activation
            fused = "linear" if self.batch_norm else activation
            x = self._conv(nn, x, filters, kernel_size, stride, fused, f"conv{number}")
            if self.batch_norm:
                x = nn.batch_norm(x, name=f"bn{number}")
                if activation != "linear":
                    x = nn.activation(x, activation, name=f"act{number}")
        return x

    def _pre_activated(self, nn: Layers, x: Tensor) -> Tensor:
        for number, (filters, kernel_size, stride) in enumerate(self._sizes(), start=1):
            if self.batch_norm:
                x = nn.batch_norm(x, name=f"bn{number}")
            x = nn.activation(x, self.activation, name=f"act{number}")
            x = self._conv(nn, x, filters, kernel_size, stride, "linear", f"conv{number}")
        return x

    def _shortcut(self, nn: Layers, x: Tensor) -> Tensor:
        fits = self.stride == 1 and x.channels == self.filters
        if self.shortcut == "identity" and not fits:
            leaving = (
                *(None if n is None else -(-n // self.stride) for n in x.spatial),
                self.filters,
            )
            raise LayerError(
                f"an identity shortcut needs the same shape on both sides, got "
                f"{shape_text(x.shape)} coming in and {shape_text(leaving)} leaving; set shortcut "
                f"to projection, or stride to 1 and filters to {x.channels}",
                fix={"shortcut": "projection"},
            )
        if fits and self.shortcut != "projection":
            return x
        fused = "linear" if self.batch_norm else self.projection_activation
        y = self._conv(nn, x, self.filters, 1, self.stride, fused, "shortcut")
        if self.batch_norm and self.variant != "pre_activation":
            y = nn.batch_norm(y, name="shortcut_bn")
        if self.batch_norm and self.projection_activation != "linear":
            y = nn.activation(y, self.projection_activation, name="shortcut_act")
        return y

    def _conv(
        self, nn: Layers, x: Tensor, filters: int, size: int, stride: int, fused: str, name: str
    ) -> Tensor:
        return nn.conv(
            x,
            filters,
            size,
            strides=stride,
            activation=fused,
            use_bias=self.use_bias,
            kernel_initializer=self.kernel_initializer,
            name=name,
        )
