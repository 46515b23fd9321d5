"""One form for every config: what Keras assumes anyway is left out, sizes are as short as can be.

Two layers of one kind do the same exactly where their canonical configs are equal.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from blocks.errors import LayerError
from blocks.graph import Shape
from blocks.layers.arguments import ARGUMENTS, REQUIRED
from blocks.layers.objects import CLASSES, canonical_activation, canonical_object

SIZES = ("kernel_size", "strides", "pool_size", "dilation_rate", "size", "output_padding")
AMOUNTS = ("padding", "cropping")


def canonical(kind: str, config: Mapping[str, Any], shapes: Sequence[Shape]) -> dict[str, Any]:
    """Return a layer's arguments in canonical form; `shapes` are those of its inputs.

    Raises:
        LayerError: the layer does not take such an argument, or lacks one.
    """
    known = ARGUMENTS[kind]
    found = {}
    for name, value in config.items():
        if name not in known:
            raise LayerError(f"{kind} has no argument {name!a:.60} that a design can hold")
        found[name] = _value(kind, name, value, shapes)
    for name, default in known.items():
        if default is REQUIRED and name not in found:
            raise LayerError(f"{kind} needs the argument {name}")
    if found.get("strides") is not None and found.get("strides") == found.get("pool_size"):
        del found["strides"]
    return {name: value for name, value in found.items() if not _same(value, known[name])}


def _same(one: Any, other: Any) -> bool:
    """Compare values so that True and 1 are not the same."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _value(kind: str, name: str, value: Any, shapes: Sequence[Shape]) -> Any:
    family = name.rpartition("_")[2]
    if kind == "TimeDistributed" and name == "layer":
        return _inner(value, shapes)
    if family in CLASSES:
        return canonical_object(name, value)
    if name == "activation":
        return canonical_activation(value)
    value = frozen(value)
    if shapes and (name in SIZES or name in AMOUNTS) and kind != "UpSampling1D":
        return _short(value, len(shapes[0]) - 1, name in AMOUNTS)
    if name == "axis":
        return _axis(value, len(shapes[0]) if shapes else 0)
    return value


def frozen(value: Any) -> Any:
    """Return a JSON value with its lists as tuples."""
    if isinstance(value, list | tuple):
        return tuple(frozen(item) for item in value)
    return value


def _short(value: Any, rank: int, amounts: bool) -> Any:
    """Return one number for a size, or a padding, that is the same along all axes."""
    if not isinstance(value, tuple):
        return value
    parts = list(value)
    if amounts and rank > 1:
        parts = [part[0] if part in _both(part) else part for part in parts]
    uniform = isinstance(parts[0] if parts else None, int) and parts == parts[:1] * len(parts)
    fits = len(parts) == (2 if amounts and rank == 1 else rank)
    return parts[0] if uniform and fits and not isinstance(parts[0], bool) else value


def _both(part: Any) -> list[Any]:
    """Return the pair that pads both ends alike, if a value is a pair."""
    return [(part[0], part[0])] if isinstance(part, tuple) and len(part) == 2 else []


def _axis(value: Any, rank: int) -> Any:
    """Return an axis counted from the end where it is the last of `rank` and the batch axis."""
    if isinstance(value, tuple) and len(value) == 1:
        value = value[0]
    return -1 if _same(value, rank) and rank else value


def _inner(value: Any, shapes: Sequence[Shape]) -> dict[str, Any]:
    """Return the wrapped layer of a TimeDistributed, its name kept."""
    kind = value.get("class_name") if isinstance(value, Mapping) else None
    config = value.get("config") if isinstance(value, Mapping) else None
    if not isinstance(kind, str) or kind not in ARGUMENTS or not isinstance(config, Mapping):
        raise LayerError(f"TimeDistributed cannot hold a layer of the kind {kind!a:.60}")
    if any(len(shape) < 2 for shape in shapes):
        raise LayerError("TimeDistributed needs steps along its first axis, got a vector")
    arguments = {name: entry for name, entry in config.items() if name != "name"}
    inner = canonical(kind, arguments, [shape[1:] for shape in shapes])
    if isinstance(config.get("name"), str):
        inner["name"] = config["name"]
    return {"class_name": kind, "config": inner}
