"""Convolutions and poolings in PyTorch, with the paddings of TensorFlow."""

from typing import Any

from blocks.exports.torch_code.operation import Converter, Operation, Site


def _padded(site: Site, kernel: Any, stride: Any, simple: Any) -> tuple[str, Any]:
    """Return the ending of the class that pads as the layer does, and its argument `padding`.

    With a stride, TensorFlow's padding "same" depends on the size that comes in: such layers get
    a class of their own. `simple` is the argument where the stride is 1.
    """
    padding = site.get("padding", "valid")
    if not isinstance(padding, str):
        return "", padding
    if padding == "causal":
        return "Causal", 0
    alone = set(site.sizes(kernel)) == {1} and not site.varies(kernel)
    if padding == "valid" or alone:
        return "", 0
    if set(site.sizes(stride)) == {1} and not site.varies(stride) and simple is not None:
        return "", simple
    return "Same", 0


def _window(site: Site) -> tuple[str, dict[str, Any]]:
    kernel, stride = site.config["kernel_size"], site.get("strides", 1)
    ending, padding = _padded(site, kernel, stride, "same")
    return ending, {
        "kernel_size": kernel,
        "stride": stride,
        "padding": padding,
        "dilation": site.get("dilation_rate", 1),
    }


def _class(name: str, rank: int, ending: str) -> str:
    return f"{name}{rank}d{ending}" if ending else f"nn.{name}{rank}d"


def convolution(site: Site) -> Operation:
    ending, window = _window(site)
    filters = site.config["filters"]
    config = {
        "in_channels": site.channels[0],
        "out_channels": filters,
        **window,
        "groups": site.get("groups", 1),
        "bias": site.get("use_bias", True),
    }
    return Operation(_class("Conv", site.rank, ending), config, channels=filters)


def depthwise(site: Site) -> Operation:
    """One group of filters for each channel."""
    ending, window = _window(site)
    leaving = site.channels[0] * site.get("depth_multiplier", 1)
    config = {
        "in_channels": site.channels[0],
        "out_channels": leaving if site.get("depth_multiplier", 1) != 1 else site.channels[0],
        **window,
        "groups": site.channels[0],
        "bias": site.get("use_bias", True),
    }
    return Operation(_class("Conv", site.rank, ending), config, channels=config["out_channels"])


def separable(site: Site) -> Operation:
    ending, window = _window(site)
    filters = site.config["filters"]
    config = {
        "in_channels": site.channels[0],
        "out_channels": filters,
        **window,
        "depth_multiplier": site.get("depth_multiplier", 1),
        "bias": site.get("use_bias", True),
    }
    return Operation(f"SeparableConv{site.rank}d{ending}", config, channels=filters)


def transposed(site: Site) -> Operation:
    if site.config.get("output_padding") is not None:
        raise site.refused("output_padding")
    kernel, stride = site.config["kernel_size"], site.get("strides", 1)
    dilation = site.get("dilation_rate", 1)
    filters, same = site.config["filters"], site.get("padding", "valid") == "same"
    config = {
        "in_channels": site.channels[0],
        "out_channels": filters,
        "kernel_size": kernel,
        "stride": stride,
        "padding": 0,
        "output_padding": 0,
        "dilation": dilation,
        "bias": site.get("use_bias", True),
    }
    overlaps = {
        1 + (k - 1) * d - s
        for k, d, s in zip(*map(site.sizes, (kernel, dilation, stride)), strict=True)
    }
    varies = any(map(site.varies, (kernel, dilation, stride)))
    if varies or len(overlaps) > 1 or (same and max(overlaps) > 0 and max(overlaps) % 2):
        ending = "Same" if same else "Valid"
        return Operation(f"ConvTranspose{site.rank}d{ending}", config, channels=filters)
    (overlap,) = overlaps
    config["padding"] = max(overlap, 0) // 2 if same else 0
    config["output_padding"] = max(-overlap, 0)
    return Operation(f"nn.ConvTranspose{site.rank}d", config, channels=filters)


def _pooled(site: Site, name: str) -> Operation:
    size, stride = site.get("pool_size", 2), site.config.get("strides")
    steps = size if stride is None else stride
    halves = {side // 2 for side in site.sizes(size) if side % 2}
    simple = None
    if all(side % 2 for side in site.sizes(size)) and not site.varies(size):
        simple = halves.pop() if len(halves) == 1 else tuple(s // 2 for s in site.sizes(size))
    ending, padding = _padded(site, size, steps, simple)
    config = {"kernel_size": size, "stride": stride, "padding": padding}
    if name == "AvgPool" and padding:
        config["count_include_pad"] = False
    return Operation(_class(name, site.rank, ending), config)


def max_pooling(site: Site) -> Operation:
    return _pooled(site, "MaxPool")


def average_pooling(site: Site) -> Operation:
    """The average of the places inside; TensorFlow never counts those of a padding."""
    return _pooled(site, "AvgPool")


def global_pooling(site: Site) -> Operation:
    call = "amax" if "Max" in site.kind else "mean"
    dims = tuple(range(2, 2 + site.rank)) if site.rank > 1 else 2
    keep = ", keepdim=True" if site.config.get("keepdims") else ""
    return Operation(forward=f"{{0}}.{call}(dim={dims}{keep})")


RANKED: dict[str, Converter] = {
    "Conv{}D": convolution,
    "Conv{}DTranspose": transposed,
    "DepthwiseConv{}D": depthwise,
    "SeparableConv{}D": separable,
    "MaxPooling{}D": max_pooling,
    "AveragePooling{}D": average_pooling,
    "GlobalMaxPooling{}D": global_pooling,
    "GlobalAveragePooling{}D": global_pooling,
}
CONVERTERS: dict[str, Converter] = {
    kind.format(rank): converter for kind, converter in RANKED.items() for rank in (1, 2, 3)
}
