"""Classes that exported PyTorch code brings along where PyTorch lacks them.

Each is written with the rank of its tensors in place of {n}; `*` and the like are Python's.
"""

import re
from collections.abc import Iterable

SAME_PADDING = '''
def same_padding(x, kernel_size, stride, dilation=1, value=0.0):
    """Pad as TensorFlow's padding "same" does: what is odd goes behind.

    One number is meant for every axis.
    """
    amounts = []
    for axis in range(x.dim() - 1, 1, -1):
        size, step, rate = (
            numbers if isinstance(numbers, int) else numbers[axis - 2]
            for numbers in (kernel_size, stride, dilation)
        )
        places = -(-x.shape[axis] // step)
        total = max((places - 1) * step + (size - 1) * rate + 1 - x.shape[axis], 0)
        amounts += [total // 2, total - total // 2]
    return F.pad(x, amounts, value=value)
'''

CONV_SAME = '''
class Conv{n}dSame(nn.Conv{n}d):
    """A convolution with TensorFlow's padding "same", which knows strides."""

    def forward(self, x):
        x = same_padding(x, self.kernel_size, self.stride, self.dilation)
        return super().forward(x)
'''

CONV_CAUSAL = '''
class Conv{n}dCausal(nn.Conv{n}d):
    """A convolution that sees no later samples."""

    def forward(self, x):
        before = (self.kernel_size[0] - 1) * self.dilation[0]
        return super().forward(F.pad(x, (before, 0)))
'''

SEPARABLE = '''
class SeparableConv{n}d{ending}(nn.Module):
    """A convolution of each channel by itself, then a 1x1 convolution of them all."""

    def __init__(
        self,
        in_channels,
        out_channels,
        kernel_size,
        stride=1,
        padding=0,
        dilation=1,
        depth_multiplier=1,
        bias=True,
    ):
        super().__init__()
        channels = in_channels * depth_multiplier
        self.depthwise = {conv}(
            in_channels,
            channels,
            kernel_size,
            stride=stride,
            padding=padding,
            dilation=dilation,
            groups=in_channels,
            bias=False,
        )
        self.pointwise = nn.Conv{n}d(channels, out_channels, 1, bias=bias)

    def forward(self, x):
        return self.pointwise(self.depthwise(x))
'''

TRANSPOSE_SAME = '''
class ConvTranspose{n}dSame(nn.ConvTranspose{n}d):
    """A transposed convolution that leaves its stride times what comes in."""

    def forward(self, x):
        axes = zip(
            x.shape[2:], self.kernel_size, self.stride, self.dilation, strict=True
        )
        sizes = [(n - 1) * s + max((k - 1) * d + 1, s) for n, k, s, d in axes]
        y = super().forward(x, output_size=sizes)
        for axis, size in enumerate(sizes):
            length = x.shape[axis + 2] * self.stride[axis]
            y = y.narrow(axis + 2, (size - length) // 2, length)
        return y
'''

TRANSPOSE_VALID = '''
class ConvTranspose{n}dValid(nn.ConvTranspose{n}d):
    """A transposed convolution whose windows are no smaller than its stride."""

    def forward(self, x):
        axes = zip(
            x.shape[2:], self.kernel_size, self.stride, self.dilation, strict=True
        )
        sizes = [(n - 1) * s + max((k - 1) * d + 1, s) for n, k, s, d in axes]
        return super().forward(x, output_size=sizes)
'''

MAX_POOL_SAME = '''
class MaxPool{n}dSame(nn.MaxPool{n}d):
    """A max pooling with TensorFlow's padding "same"."""

    def forward(self, x):
        return super().forward(
            same_padding(x, self.kernel_size, self.stride, value=float("-inf"))
        )
'''

AVG_POOL_SAME = '''
class AvgPool{n}dSame(nn.AvgPool{n}d):
    """An average pooling with TensorFlow's padding "same", which is not counted."""

    def forward(self, x):
        inside = same_padding(torch.ones_like(x), self.kernel_size, self.stride)
        x = same_padding(x, self.kernel_size, self.stride)
        return super().forward(x) / super().forward(inside)
'''

PAD_CHANNELS = '''
class PadChannels(nn.Module):
    """Appends channels of zeros."""

    def __init__(self, amount):
        super().__init__()
        self.amount = amount

    def forward(self, x):
        zeros = x.new_zeros(x.shape[0], self.amount, *x.shape[2:])
        return torch.cat([x, zeros], dim=1)
'''

CHANNELS_LAST = '''
class Channel{base}(nn.{base}):
    """{words} at every place."""

    def forward(self, x):
        return super().forward(x.movedim(1, -1)).movedim(-1, 1)
'''

HALF_BATCH_NORM = '''
class {half}BatchNorm{n}d(nn.BatchNorm{n}d):
    """A batch normalisation with a trained {kept}, but no {lost}."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.{parameter} = None
'''

PATTERNS = (
    (r"Conv(?P<n>\d)dSame", CONV_SAME),
    (r"Conv(?P<n>\d)dCausal", CONV_CAUSAL),
    (r"ConvTranspose(?P<n>\d)dSame", TRANSPOSE_SAME),
    (r"ConvTranspose(?P<n>\d)dValid", TRANSPOSE_VALID),
    (r"SeparableConv(?P<n>\d)d(?P<ending>\w*)", SEPARABLE),
    (r"MaxPool(?P<n>\d)dSame", MAX_POOL_SAME),
    (r"AvgPool(?P<n>\d)dSame", AVG_POOL_SAME),
    (r"PadChannels", PAD_CHANNELS),
    (r"Channel(?P<base>Linear|LayerNorm|RMSNorm)", CHANNELS_LAST),
    (r"(?P<half>Scaled|Centered)BatchNorm(?P<n>\d)d", HALF_BATCH_NORM),
)
WORDS = {
    "Linear": "The same linear layer over the channels",
    "LayerNorm": "A normalisation over the channels",
    "RMSNorm": "A normalisation by the root mean square of the channels",
}
HALVES = {
    "Scaled": {"kept": "scale", "lost": "shift", "parameter": "bias"},
    "Centered": {"kept": "shift", "lost": "scale", "parameter": "weight"},
}


def helpers(modules: Iterable[str]) -> list[str]:
    """Return the code of what modules need that PyTorch does not have, in order of use."""
    wanted = dict.fromkeys(name for name in modules if name and not name.startswith("nn."))
    needed: dict[str, None] = {}
    for name in wanted:
        separable = re.fullmatch(r"Separable(Conv\dd\w+)", name)
        needed |= dict.fromkeys(filter(None, (separable and separable[1], name)))
    codes = [_code(name) for name in needed]
    padded = any("same_padding" in code for code in codes)
    return ([SAME_PADDING.strip()] if padded else []) + codes


def helper_names(modules: Iterable[str]) -> set[str]:
    """Return the names of the classes and functions that `helpers` returns."""
    found = (re.match(r"(?:class|def) (\w+)", code) for code in helpers(modules))
    return {name[1] for name in found if name}


def _code(name: str) -> str:
    for pattern, text in PATTERNS:
        found = re.fullmatch(pattern, name)
        if found:
            words = found.groupdict()
            ending, n = words.get("ending", ""), words.get("n", "")
            words["conv"] = f"Conv{n}d{ending}" if ending else f"nn.Conv{n}d"
            words["words"] = WORDS.get(words.get("base", ""), "")
            words |= HALVES.get(words.get("half", ""), {})
            for word, meaning in words.items():
                text = text.replace(f"{{{word}}}", meaning)
            return text.strip()
    raise KeyError(name)
