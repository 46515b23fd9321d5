"""Layers that pad, cut, resize or rearrange, in PyTorch.

Keras has the channels last, PyTorch first: a tensor here is Keras' with its last axis moved to
the place after the batch.
"""

from collections.abc import Sequence
from math import prod
from typing import Any

from blocks.exports.torch_code.fusing import PAD_CHANNELS
from blocks.exports.torch_code.operation import Converter, Operation, Site
from blocks.layers.axes import padding_pairs


def pad_channels(site: Site) -> Operation:
    """Zeros behind the channels."""
    amount = site.config["amount"]
    return Operation("PadChannels", {"amount": amount}, channels=site.channels[0] + amount)


def zero_padding(site: Site) -> Operation:
    """PyTorch names the last axis first."""
    padding = site.get("padding", 1)
    if not isinstance(padding, int):
        pairs = padding_pairs(padding, site.rank)
        padding = tuple(side for pair in reversed(pairs) for side in pair)
    return Operation(f"nn.ZeroPad{site.rank}d", {"padding": padding})


def cropping(site: Site) -> Operation:
    usual = 0 if site.rank == 2 else 1
    amounts = padding_pairs(site.get("cropping", usual), site.rank)
    cuts = [f"{before or ''}:{-after if after else ''}" for before, after in amounts]
    return Operation(forward=f"{{0}}[:, :, {', '.join(cuts)}]")


def center_crop(site: Site) -> Operation:
    *sizes, _ = site.shapes[0]
    wanted = site.config["height"], site.config["width"]
    cuts = []
    for size, length in zip(sizes, wanted, strict=True):
        if size is None or size < length:
            raise site.refused("an input that is open or smaller than the crop")
        start = (size - length) // 2
        cuts.append(f"{start}:{start + length}")
    return Operation(forward=f"{{0}}[:, :, {', '.join(cuts)}]")


def flatten(site: Site) -> Operation:
    *places, _ = site.shapes[0]
    if not places:
        return Operation(channels=site.channels[0])
    if set(places) == {1}:
        return Operation(forward="{0}.flatten(1)", channels=site.channels[0])
    size = None if None in places else prod(int(length or 0) for length in places)
    leaving = None if size is None else site.channels[0] * size
    return Operation(forward="{0}.movedim(1, -1).flatten(1)", channels=leaving)


def reshape(site: Site) -> Operation:
    target = site.config["target_shape"]
    text = "{0}.movedim(1, -1).flatten(1)" if site.rank else "{0}"
    if len(target) > 1:
        text += f".unflatten(1, {_tuple(target)}).movedim(-1, 1)"
    return Operation(forward=text)


def permute(site: Site) -> Operation:
    rank = site.rank + 1
    *places, channels = (1 if axis == rank else axis + 1 for axis in site.config["dims"])
    return Operation(forward=f"{{0}}.permute{_tuple((0, channels, *places))}")


def repeat_vector(site: Site) -> Operation:
    return Operation(forward=f"{{0}}.unsqueeze(2).expand(-1, -1, {int(site.config['n'])})")


def upsampling(site: Site) -> Operation:
    mode = str(site.get("interpolation", "nearest"))
    if mode not in ("nearest", "bilinear"):
        raise site.refused(f"the interpolation {mode}")
    return Operation("nn.Upsample", {"scale_factor": site.get("size", 2), "mode": mode})


def resizing(site: Site) -> Operation:
    mode = str(site.get("interpolation", "bilinear"))
    bent = ("crop_to_aspect_ratio", "pad_to_aspect_ratio", "antialias")
    if mode not in ("nearest", "bilinear") or any(site.get(flag, False) for flag in bent):
        raise site.refused(f"the interpolation {mode} and its options")
    size = _tuple((site.config["height"], site.config["width"]))
    mode = "nearest-exact" if mode == "nearest" else mode
    return Operation(forward=f'F.interpolate({{0}}, size={size}, mode="{mode}")')


def _tuple(numbers: Sequence[Any]) -> str:
    return f"({', '.join(str(int(number)) for number in numbers)})"


CONVERTERS: dict[str, Converter] = {
    PAD_CHANNELS: pad_channels,
    "CenterCrop": center_crop,
    "Flatten": flatten,
    "Permute": permute,
    "RepeatVector": repeat_vector,
    "Reshape": reshape,
    "Resizing": resizing,
    **{
        f"{kind}{rank}D": converter
        for kind, converter in (
            ("ZeroPadding", zero_padding),
            ("Cropping", cropping),
            ("UpSampling", upsampling),
        )
        for rank in (1, 2, 3)
    },
}
