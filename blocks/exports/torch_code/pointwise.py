"""Dense layers, normalisations, activations and merges in PyTorch."""

from collections.abc import Sequence
from typing import Any

from blocks.exports.code.trace import expression_of
from blocks.exports.torch_code.operation import Converter, Operation, Site
from blocks.graph import Shape

ACTIVATIONS = {
    "linear": "{0}",
    "relu": "F.relu({0})",
    "sigmoid": "torch.sigmoid({0})",
    "tanh": "torch.tanh({0})",
    "elu": "F.elu({0})",
    "selu": "F.selu({0})",
    "gelu": "F.gelu({0})",
    "silu": "F.silu({0})",
    "leaky_relu": "F.leaky_relu({0}, 0.2)",
    "relu6": "F.relu6({0})",
    "softplus": "F.softplus({0})",
    "softmax": "F.softmax({0}, dim=1)",
    "softsign": "F.softsign({0})",
    "exponential": "torch.exp({0})",
    "hard_sigmoid": "F.hardsigmoid({0})",
    "hard_silu": "F.hardswish({0})",
    "hard_tanh": "F.hardtanh({0})",
    "mish": "F.mish({0})",
    "log_softmax": "F.log_softmax({0}, dim=1)",
    "log_sigmoid": "F.logsigmoid({0})",
    "celu": "F.celu({0})",
    "soft_shrink": "F.softshrink({0})",
    "hard_shrink": "F.hardshrink({0})",
    "tanh_shrink": "F.tanhshrink({0})",
}
"""Keras' activations that PyTorch computes too; along the channels where they need an axis."""


def activated(site: Site, made: Operation) -> Operation:
    """Return an operation with the activation that the layer holds."""
    name = str(site.get("activation", "linear"))
    if name not in ACTIVATIONS:
        raise site.refused(f"the activation {name}")
    return made._replace(forward=ACTIVATIONS[name].format(made.forward))


def dense(site: Site) -> Operation:
    units = site.config["units"]
    config = {
        "in_features": site.channels[0],
        "out_features": units,
        "bias": site.get("use_bias", True),
    }
    return Operation("ChannelLinear" if site.rank else "nn.Linear", config, channels=units)


def _affine(site: Site) -> tuple[bool, bool]:
    return bool(site.get("scale", True)), bool(site.get("center", True))


def batch_norm(site: Site) -> Operation:
    if site.get("axis", -1) != -1:
        raise site.refused("an axis other than the channels")
    if site.get("renorm", False):
        raise site.refused("renorm")
    scale, center = _affine(site)
    name = f"BatchNorm{max(site.rank, 1)}d"
    if scale is not center:
        name = f"{'Scaled' if scale else 'Centered'}{name}"
    config = {
        "num_features": site.channels[0],
        "eps": site.get("epsilon", 1e-3),
        "momentum": round(1 - site.get("momentum", 0.99), 12),
        "affine": scale or center,
    }
    return Operation(name if scale is not center else f"nn.{name}", config)


def layer_norm(site: Site) -> Operation:
    """A normalisation over the channels, or over them and the axes before them."""
    scale, center = _affine(site)
    if site.get("rms_scaling", False) or (center and not scale):
        raise site.refused("rms_scaling" if site.get("rms_scaling", False) else "no scale")
    given = site.get("axis", -1)
    rank = site.rank + 1
    axes = {a if a > 0 else a + rank + 1 for a in (given if isinstance(given, tuple) else (given,))}
    if axes != set(range(rank - len(axes) + 1, rank + 1)):
        raise site.refused("axes that leave the channels out")
    sizes: Any = site.channels[0] if len(axes) == 1 else site.shapes[0][-len(axes) :]
    config = {
        "normalized_shape": sizes,
        "eps": site.get("epsilon", 1e-3),
        "elementwise_affine": scale,
        "bias": center,
    }
    return Operation("ChannelLayerNorm" if site.rank else "nn.LayerNorm", config)


def group_norm(site: Site) -> Operation:
    scale, center = _affine(site)
    if site.get("axis", -1) != -1 or scale is not center:
        raise site.refused("another axis, or scale without center")
    groups = site.get("groups", 32)
    config = {
        "num_groups": site.channels[0] if groups == -1 else groups,
        "num_channels": site.channels[0],
        "eps": site.get("epsilon", 1e-3),
        "affine": scale,
    }
    return Operation("nn.GroupNorm", config)


def rms_norm(site: Site) -> Operation:
    if site.get("axis", -1) != -1:
        raise site.refused("an axis other than the channels")
    config = {"normalized_shape": site.channels[0], "eps": site.get("epsilon", 1e-6)}
    return Operation("ChannelRMSNorm" if site.rank else "nn.RMSNorm", config)


def unit_norm(site: Site) -> Operation:
    if site.get("axis", -1) != -1:
        raise site.refused("an axis other than the channels")
    return Operation(forward="F.normalize({0}, dim=1)")


def rescaling(site: Site) -> Operation:
    scale, offset = site.config["scale"], site.get("offset", 0.0)
    if isinstance(scale, tuple) or isinstance(offset, tuple):
        raise site.refused("one number per channel")
    plus = f" + {float(offset)!r}" if offset else ""
    return Operation(forward=f"{{0}} * {float(scale)!r}{plus}")


def relu(site: Site) -> Operation:
    highest, slope = site.config.get("max_value"), float(site.get("negative_slope", 0.0))
    if site.get("threshold", 0.0) or (slope and highest is not None):
        raise site.refused("a threshold, or a slope beside max_value")
    if slope:
        return Operation(forward=f"F.leaky_relu({{0}}, {slope!r})")
    return Operation(forward="F.relu({0})" if highest is None else f"{{0}}.clamp(0, {highest!r})")


def leaky_relu(site: Site) -> Operation:
    return Operation(forward=f"F.leaky_relu({{0}}, {float(site.get('negative_slope', 0.3))!r})")


def elu(site: Site) -> Operation:
    return Operation(forward=f"F.elu({{0}}, {float(site.get('alpha', 1.0))!r})")


def prelu(site: Site) -> Operation:
    """One slope for each channel."""
    shared = site.get("shared_axes", ())
    axes = {*(shared if isinstance(shared, tuple) else (shared,))}
    if axes != set(range(1, site.rank + 1)):
        raise site.refused("slopes that are not one per channel")
    return Operation("nn.PReLU", {"num_parameters": site.channels[0]})


def softmax(site: Site) -> Operation:
    if site.get("axis", -1) != -1:
        raise site.refused("an axis other than the channels")
    return Operation(forward=ACTIVATIONS["softmax"])


def dropout(site: Site) -> Operation:
    if site.config.get("noise_shape") is not None:
        raise site.refused("noise_shape")
    names = {"Dropout": "nn.Dropout", "AlphaDropout": "nn.AlphaDropout"}
    name = names.get(site.kind, f"nn.Dropout{site.rank}d")
    return Operation(name, {"p": site.config["rate"]})


def identity(site: Site) -> Operation:
    return Operation()


def _spread(shapes: Sequence[Shape]) -> list[str]:
    """Return the values that come in, each with as many axes as the longest has."""
    rank = max(map(len, shapes))
    texts = []
    for place, shape in enumerate(shapes):
        new = "".join([", None"] * (rank - len(shape)))
        texts.append(f"{{{place}}}[:, :{new}]" if new else f"{{{place}}}")
    return texts


def _merged_channels(site: Site) -> Any:
    """Return the channels of a merge; a formula over the block's parameters says most."""
    fitting = [c for c in site.channels if c == site.shape[-1]]
    return next((c for c in fitting if expression_of(c)), site.shape[-1])


def merge(site: Site) -> Operation:
    texts = _spread(site.shapes)
    signs = {"Add": " + ", "Multiply": " * ", "Subtract": " - ", "Average": " + "}
    if site.kind in signs:
        text = signs[site.kind].join(texts)
        text = f"({text}) / {len(texts)}" if site.kind == "Average" else text
    else:
        text = texts[0]
        for other in texts[1:]:
            text = f"torch.{site.kind.lower()}({text}, {other})"
    return Operation(forward=text, channels=_merged_channels(site))


def concatenate(site: Site) -> Operation:
    axis, rank = site.get("axis", -1), len(site.shapes[0])
    place = axis if axis > 0 else axis + rank + 1
    texts = ", ".join(_spread(site.shapes))
    if place != rank:
        return Operation(forward=f"torch.cat([{texts}], dim={place + 1})")
    total, *others = site.channels
    for more in others:
        total = total + more
    return Operation(forward=f"torch.cat([{texts}], dim=1)", channels=total)


def time_distributed(site: Site) -> Operation:
    inner = site.config["layer"]
    if inner["class_name"] != "Dense":
        raise site.refused(f"a {inner['class_name']} inside")
    within = Site(**{**vars(site), "config": inner["config"]})
    return activated(within, dense(within))


CONVERTERS: dict[str, Converter] = {
    "Dense": dense,
    "BatchNormalization": batch_norm,
    "LayerNormalization": layer_norm,
    "GroupNormalization": group_norm,
    "RMSNormalization": rms_norm,
    "UnitNormalization": unit_norm,
    "Rescaling": rescaling,
    "ReLU": relu,
    "LeakyReLU": leaky_relu,
    "ELU": elu,
    "PReLU": prelu,
    "Softmax": softmax,
    "Concatenate": concatenate,
    "TimeDistributed": time_distributed,
    **dict.fromkeys(("Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract"), merge),
    **dict.fromkeys(("Activation", "ActivityRegularization", "Identity"), identity),
    **dict.fromkeys(("Dropout", "AlphaDropout"), dropout),
    **{f"SpatialDropout{rank}D": dropout for rank in (1, 2, 3)},
}
