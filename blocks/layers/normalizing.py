"""Layers that bring values to a common scale."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from blocks.errors import LayerError
from blocks.graph import Shape, Weight
from blocks.layers.base import Outcome, Rule


def lengths_along(kind: str, axes: Any, shape: Shape) -> tuple[int, ...]:
    """Return the lengths of a shape along axes as Keras counts them, the batch axis being 0.

    Raises:
        LayerError: there is no such axis, or its length is open.
    """
    found = []
    for axis in axes if isinstance(axes, tuple) else (axes,):
        place = axis - 1 if axis > 0 else axis + len(shape)
        length = shape[place] if 0 <= place < len(shape) else None
        if length is None:
            raise LayerError(f"{kind} needs a known length along axis {axis}, got an open axis")
        found.append(length)
    return tuple(found)


def affine(config: Mapping[str, Any], lengths: tuple[int, ...]) -> tuple[Weight, ...]:
    """Return the trained scale and shift, as far as the layer has them."""
    roles = [role for role, flag in (("gamma", "scale"), ("beta", "center")) if config.get(flag, 1)]
    return tuple(Weight(role, lengths) for role in roles)


def batch_norm(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Count a batch normalisation: scale and shift are trained, mean and variance are not."""
    if shapes[0][-1] is None and config.get("axis", -1) == -1:
        raise LayerError("batch normalisation needs a known number of channels, got an open axis")
    lengths = lengths_along("batch normalisation", config.get("axis", -1), shapes[0])
    running = tuple(
        Weight(role, lengths, trainable=False) for role in ("moving_mean", "moving_variance")
    )
    return Outcome(shapes[0], affine(config, lengths) + running)


def layer_norm(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Count a layer normalisation over one or more axes: scale and shift are trained."""
    lengths = lengths_along("layer normalisation", config.get("axis", -1), shapes[0])
    if config.get("rms_scaling"):
        return Outcome(shapes[0], (Weight("gamma", lengths),))
    return Outcome(shapes[0], affine(config, lengths))


def group_norm(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Count a normalisation over groups of channels.

    Raises:
        LayerError: the groups do not divide the channels.
    """
    (channels,) = lengths_along("group normalisation", config.get("axis", -1), shapes[0])
    groups = config.get("groups", 32)
    if groups != -1 and (groups > channels or channels % groups):
        raise LayerError(f"groups must divide the {channels} channels, got {groups}")
    return Outcome(shapes[0], affine(config, (channels,)))


def rms_norm(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Count a normalisation by the root mean square: one trained scale per channel."""
    lengths = lengths_along("RMS normalisation", config.get("axis", -1), shapes[0])
    return Outcome(shapes[0], (Weight("scale", lengths),))


def normalization(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Count a normalisation by stored statistics, which are weights where none were given."""
    axis = config.get("axis", -1)
    lengths = () if axis is None else lengths_along("Normalization", axis, shapes[0])
    if config.get("mean") is not None:
        return Outcome(_spread(shapes[0], lengths, config["mean"]))
    stored = [Weight(role, lengths, trainable=False) for role in ("mean", "variance")]
    return Outcome(shapes[0], (*stored, Weight("count", (), trainable=False)))


def _spread(shape: Shape, lengths: tuple[int, ...], mean: Any) -> Shape:
    """Return the shape, once a given mean has one value per place of the axes, or just one."""
    count = len(mean) if isinstance(mean, tuple) else 1
    if count not in (1, prod(lengths)) and not any(isinstance(part, tuple) for part in mean):
        raise LayerError(f"mean must have {prod(lengths)} values, got {count}")
    return shape


def rescaling(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Multiply by a number and add another; lists have one number per channel.

    Raises:
        LayerError: a list is as long as there are no channels.
    """
    for name in ("scale", "offset"):
        values = config.get(name, 0)
        if isinstance(values, tuple) and len(values) not in (1, shapes[0][-1]):
            raise LayerError(f"{name} must have one number per channel, got {len(values)}")
    return Outcome(shapes[0])


RULES: dict[str, Rule] = {
    "BatchNormalization": batch_norm,
    "GroupNormalization": group_norm,
    "LayerNormalization": layer_norm,
    "Normalization": normalization,
    "RMSNormalization": rms_norm,
    "Rescaling": rescaling,
}
