"""Repairs that change values: of the block with the problem, and of the sizes that come in."""

import re
from collections.abc import Iterator
from math import gcd
from typing import Any

from blocks.block import Block
from blocks.node import free_name
from blocks.params import Integer, Number, Param
from blocks.repairs.place import SET, Place, Way

WINDOWS = ("kernel_size", "size")
STEPS = ("stride", "dilation", "subsample")
SIZES = ("height", "width", "length")
MULTIPLES = (2, 4, 8, 16, 32, 64)
MAX_REPEAT = 1_000


def ways(place: Place) -> Iterator[Way]:
    """Yield changes of values that may mend the problem."""
    yield from _broken(place)
    yield from _node_fields(place)
    if place.incoming and None not in place.shapes:
        yield from _windows(place)
        yield from _channels(place)
        yield from _sizes(place)


def nearest(param: Param, value: Any) -> Any:
    """Return the value nearest to one that breaks the rule of its parameter."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not isinstance(param, Integer | Number) or not is_number or value != value:
        return param.default
    limited = min(max(value, param.min), param.max)
    return round(limited) if isinstance(param, Integer) else limited


def _broken(place: Place) -> Iterator[Way]:
    """Set values that break their own rule to the nearest that keeps it."""
    block, params = place.node.block, place.node.block.params()
    for name, value in block.values().items():
        if name in params and params[name].check(value):
            yield place.set(place.node, **{name: nearest(params[name], value)})
    for name, value in place.node.first.items():
        kept = {key: other for key, other in place.node.first.items() if key != name}
        if name not in params:
            yield _first(place, kept, f"Let the first not differ in {name}")
        elif params[name].check(value):
            mended = nearest(params[name], value)
            yield _first(place, {**kept, name: mended}, f"Set {name} of the first to {mended}")


def _first(place: Place, first: dict[str, Any], label: str) -> Way:
    return Way(label, {"nodes": {place.node.id: {"first": first}}}, SET)


def _node_fields(place: Place) -> Iterator[Way]:
    """Mend what is not a parameter: names, repeats, parameters the block does not have."""
    node = place.node
    for name in node.extras:
        yield place.set(node, f"Remove {name:.40}", **{name: None})
    repeat = nearest(Integer(default=1, min=1, max=MAX_REPEAT, help=""), node.repeat)
    for times in dict.fromkeys((repeat, 1)):
        if times != node.repeat:
            edit = {"nodes": {node.id: {"repeat": times}}}
            yield Way(f"Set repeat to {times}", edit, SET)
    plain = re.sub(r"\W", "_", node.name, flags=re.ASCII)[:56].lstrip("_0123456789") or "block"
    other = free_name(plain if plain != node.name else f"{plain}_2", place.design.names())
    yield Way(f"Rename it to {other}", {"nodes": {node.id: {"name": other}}}, SET)
    if node.layer_names:
        edit = {"nodes": {node.id: {"layer_names": {}}}}
        yield Way("Name its layers after the block", edit, SET)


def _windows(place: Place) -> Iterator[Way]:
    """Make the window fit what comes in: pad, or make it or its step smaller."""
    node, values = place.node, place.node.block.values()
    options = getattr(node.block.params().get("padding"), "options", ())
    if "same" in options and values["padding"] != "same":
        yield place.set(node, "Use same padding", padding="same")
    lengths = [n for shape in place.shapes if shape for n in shape[:-1] if n is not None]
    for name in WINDOWS:
        if lengths and _above(values.get(name), min(lengths)):
            yield place.set(node, **{name: min(lengths)})
    for name in STEPS:
        if name in node.block.params() and _above(values[name], 1):
            yield place.set(node, **{name: 1})


def _channels(place: Place) -> Iterator[Way]:
    """Match filters and groups with the channels that come in."""
    node, values = place.node, place.node.block.values()
    shape = place.shapes[0]
    channels = shape[-1] if shape else None
    if channels is None or len(place.shapes) != 1:
        return
    filters, groups = values.get("filters"), values.get("groups")
    if isinstance(filters, int) and filters != channels:
        yield place.set(node, f"Match filters with the {channels:,} that come in", filters=channels)
        if _above(values.get("stride"), 1):
            yield place.set(node, filters=channels, stride=1)
    if isinstance(filters, int) and isinstance(groups, int) and groups > 1:
        common = gcd(channels, filters)
        best = max(n for n in range(1, min(common, groups) + 1) if common % n == 0)
        yield place.set(node, groups=best)
        if channels % groups == 0:
            yield place.set(node, filters=-(-filters // groups) * groups)


def _sizes(place: Place) -> Iterator[Way]:
    """Give the network inputs of a size that halves without rest, or a larger one."""
    inputs = [node for node in place.design.nodes.values() if not node.block.inputs]
    for step in (*MULTIPLES, 0):
        nodes = {}
        for node in inputs:
            known = {name: v for name, v in _lengths(node.block).items() if 0 < v <= 100_000}
            sizes = {name: -(-v // step) * step if step else 2 * v for name, v in known.items()}
            if sizes != known:
                nodes[node.id] = {"params": sizes}
        if nodes:
            found = {f"{k} {v:,}" for one in nodes.values() for k, v in one["params"].items()}
            label = f"Give the input {' and '.join(sorted(found))}"
            yield Way(label, {"nodes": nodes}, SET + len(nodes), alike="size")


def _lengths(block: Block) -> dict[str, int]:
    values = block.values()
    return {name: values[name] for name in SIZES if isinstance(values.get(name), int)}


def _above(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > least
