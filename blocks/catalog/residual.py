from collections.abc import Container, Mapping
from string import ascii_lowercase
from typing import Any

from blocks.block import Block, Preset
from blocks.errors import LayerError
from blocks.layers import ACTIVATIONS, Layers, Tensor, batch_norm_epsilon, initializer, shape_text
from blocks.params import choice, flag, integer

NORMALISED = {"variant": "bottleneck", "batch_norm": True}
HOMEWORK = {**NORMALISED, "layer_naming": "branches"}
PRESETS = (
    Preset(
        "identity_block",
        "Identity block",
        "A bottleneck whose shortcut adds the input as it is: as many channels leave as come in.",
        "deeplearning.ai, course 4, week 2; He et al. 2015, fig. 5",
        {**HOMEWORK, "shortcut": "identity", "letter": "b"},
    ),
    Preset(
        "convolutional_block",
        "Convolutional block",
        "A bottleneck that halves the size; a 1x1 convolution brings the shortcut to its shape.",
        "deeplearning.ai, course 4, week 2; He et al. 2015, sec. 3.3",
        {**HOMEWORK, "shortcut": "projection", "stride": 2},
    ),
    Preset(
        "bottleneck_v1_5",
        "Bottleneck, ResNet v1.5",
        "A bottleneck that takes its step in the 3x3 convolution, so that no place goes unseen.",
        "Goyal et al. 2017, sec. 5.1",
        {**NORMALISED, "stride_on": "middle", "padding": "symmetric", "use_bias": False},
    ),
)


class Residual(
    Block,
    category="Residual",
    rank=1,
    citation="He et al. 2015, fig. 2, fig. 5 and sec. 3.3",
    keywords="resnet skip shortcut identity projection bottleneck",
    presets=PRESETS,
    naming=("letter",),
):
    """Convolutions with a shortcut around them: they learn only the difference to the input.

    The shortcut hands the input on unchanged. Where the block changes the size or the channels,
    the sum would not fit: a projection shortcut is a 1x1 convolution with the same step that
    brings the input to the new shape, and a zero-padded one fills the new channels with zeros.

    Basic is two 3x3 convolutions; bottleneck is 1x1, 3x3 and 1x1 with fewer filters inside;
    pre-activation normalises and activates before each convolution (He et al. 2016, fig. 1b).
    """

    filters: int = integer(
        64, min=1, max=8_192, headline=True, help="Channels that leave the block."
    )
    stride: int = integer(
        1, min=1, max=64, headline=True, help="Step of the window; 2 halves the size."
    )
    variant: str = choice(
        "basic",
        ("basic", "bottleneck", "pre_activation"),
        headline=True,
        help="basic: two 3x3; bottleneck: 1x1, 3x3, 1x1; pre_activation: activates before.",
    )
    shortcut: str = choice(
        "auto",
        ("auto", "identity", "projection", "zero_pad"),
        headline=True,
        help="identity adds the input as it is; projection brings it to shape with a 1x1 "
        "convolution; zero_pad fills it up with zeros; auto projects where shapes differ.",
    )
    batch_norm: bool = flag(False, help="Normalise around every convolution, as the paper does.")
    kernel_size: int = integer(3, min=1, max=127, help="Side of the window; the paper uses 3.")
    inner_filters: int | None = integer(
        None,
        min=1,
        max=8_192,
        optional=True,
        when={"variant": ("bottleneck",)},
        help="Filters inside the bottleneck; empty means a quarter of those that leave.",
    )
    stride_on: str = choice(
        "first",
        ("first", "middle"),
        when={"variant": ("bottleneck",)},
        help="Which convolution makes the step: the first 1x1 (paper) or the 3x3 (ResNet v1.5).",
    )
    padding: str = choice(
        "same",
        ("same", "symmetric"),
        help="Zeros before a step of 2: same adds them behind, symmetric on both sides.",
    )
    activation: str = choice("relu", ACTIVATIONS, help="Function inside and after the sum.")
    projection_activation: str = choice(
        "linear",
        ACTIVATIONS,
        when={"shortcut": ("auto", "projection")},
        help="Function on the projection; the paper has none.",
    )
    shortcut_first: bool = flag(
        False, help="Order of the sum's inputs; changes no number, only how the graph is read."
    )
    use_bias: bool = flag(True, help="Add one learned number per filter.")
    epsilon: float = batch_norm_epsilon()
    kernel_initializer: str = initializer()
    layer_naming: str = choice(
        "block_name",
        ("block_name", "branches"),
        help="block_name begins all layer names with the block's; branches names them as the "
        "paper's code does: res2a_branch2a, bn2a_branch2a, res2a_branch1, ...",
    )
    stage: int = integer(
        2,
        min=1,
        max=99,
        when={"layer_naming": ("branches",)},
        help="The number in the layers' names: 2 in res2a_branch1.",
    )
    letter: str = choice(
        "a",
        tuple(ascii_lowercase),
        when={"layer_naming": ("branches",)},
        help="The letter in the layers' names: a in res2a_branch1; repeats take the next ones.",
    )

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        pre_activated = self.variant == "pre_activation"
        y = self._pre_activated(nn, x) if pre_activated else self._convolutions(nn, x)
        shortcut = self._shortcut(nn, x)
        y = nn.add(*((shortcut, y) if self.shortcut_first else (y, shortcut)))
        if pre_activated or self.activation == "linear":
            return y
        return nn.activation(y, self.activation, name="act")

    def layer_names(self, repeat: int = 0) -> Mapping[str, str]:
        if self.layer_naming != "branches":
            return {}
        place = f"{self.stage}{lettered(ascii_lowercase.index(self.letter) + repeat)}"
        names = {"add": f"res{place}", "act": f"res{place}_relu"}
        names |= {"shortcut": f"res{place}_branch1", "shortcut_bn": f"bn{place}_branch1"}
        for index, branch in enumerate("abc", start=1):
            names[f"conv{index}"] = f"res{place}_branch2{branch}"
            names[f"bn{index}"] = f"bn{place}_branch2{branch}"
            names[f"act{index}"] = f"res{place}_branch2{branch}_relu"
        return names

    def renaming(self, taken: Container[str], repeats: int = 1) -> Mapping[str, Any]:
        for letter in ascii_lowercase if self.layer_naming == "branches" else ():
            other = self.replace({"letter": letter})
            places = (other.layer_names(repeat)["add"] for repeat in range(repeats))
            if not any(name in taken for name in places):
                return {"letter": letter}
        return {}

    def _sizes(self) -> list[tuple[int, int, int]]:
        """Return (filters, kernel size, stride) of each convolution."""
        if self.variant != "bottleneck":
            size = self.kernel_size
            return [(self.filters, size, self.stride), (self.filters, size, 1)]
        inner = self.inner_filters or max(self.filters // 4, 1)
        first, middle = (self.stride, 1) if self.stride_on == "first" else (1, self.stride)
        return [(inner, 1, first), (inner, self.kernel_size, middle), (self.filters, 1, 1)]

    def _convolutions(self, nn: Layers, x: Tensor) -> Tensor:
        sizes = self._sizes()
        for index, (filters, kernel_size, stride) in enumerate(sizes, start=1):
            activation = "linear" if index == len(sizes) else self.activation
            fused = "linear" if self.batch_norm else activation
            x = self._conv(nn, x, filters, kernel_size, stride, fused, f"conv{index}")
            if self.batch_norm:
                x = nn.batch_norm(x, epsilon=self.epsilon, name=f"bn{index}")
                if activation != "linear":
                    x = nn.activation(x, activation, name=f"act{index}")
        return x

    def _pre_activated(self, nn: Layers, x: Tensor) -> Tensor:
        for index, (filters, kernel_size, stride) in enumerate(self._sizes(), start=1):
            if self.batch_norm:
                x = nn.batch_norm(x, epsilon=self.epsilon, name=f"bn{index}")
            x = nn.activation(x, self.activation, name=f"act{index}")
            x = self._conv(nn, x, filters, kernel_size, stride, "linear", f"conv{index}")
        return x

    def _shortcut(self, nn: Layers, x: Tensor) -> Tensor:
        fits = self.stride == 1 and x.channels == self.filters
        if self.shortcut == "identity" and not fits:
            raise self._no_identity(x)
        if fits and self.shortcut != "projection":
            return x
        if self.shortcut == "zero_pad":
            return self._zero_padded(nn, x)
        fused = "linear" if self.batch_norm else self.projection_activation
        y = self._conv(nn, x, self.filters, 1, self.stride, fused, "shortcut")
        if self.batch_norm and self.variant != "pre_activation":
            y = nn.batch_norm(y, epsilon=self.epsilon, name="shortcut_bn")
        if self.batch_norm and self.projection_activation != "linear":
            y = nn.activation(y, self.projection_activation, name="shortcut_act")
        return y

    def _no_identity(self, x: Tensor) -> LayerError:
        spatial = (None if length is None else -(-length // self.stride) for length in x.spatial)
        return LayerError(
            f"an identity shortcut needs the same shape on both sides, got {shape_text(x.shape)} "
            f"coming in and {shape_text((*spatial, self.filters))} leaving; set shortcut to "
            f"projection, or stride to 1 and filters to {x.channels}",
            fix={"shortcut": "projection"},
        )

    def _zero_padded(self, nn: Layers, x: Tensor) -> Tensor:
        """Take every stride-th place and fill the channels up with zeros (option A)."""
        missing = self.filters - x.channels
        if missing < 0:
            raise LayerError(
                f"a zero-padded shortcut cannot lose channels: filters must be at least the "
                f"{x.channels} that come in, got {self.filters}",
                fix={"shortcut": "projection"},
            )
        if self.stride > 1:
            x = nn.pool(x, 1, strides=self.stride, name="shortcut_pool")
        return nn.pad_channels(x, missing, name="shortcut") if missing else x

    def _conv(
        self, nn: Layers, x: Tensor, filters: int, size: int, stride: int, fused: str, name: str
    ) -> Tensor:
        symmetric = self.padding == "symmetric" and stride > 1 and size > 1
        if symmetric:
            x = nn.zero_pad(x, (size - 1) // 2, name=f"{name}_pad")
        return nn.conv(
            x,
            filters,
            size,
            strides=stride,
            padding="valid" if symmetric else "same",
            activation=fused,
            use_bias=self.use_bias,
            kernel_initializer=self.kernel_initializer,
            name=name,
        )


def lettered(index: int) -> str:
    """Return what tells the blocks of a stage apart: a, b, ... z, aa, ab, ..."""
    letters = ""
    while index >= 0:
        letters = ascii_lowercase[index % 26] + letters
        index = index // 26 - 1
    return letters
