"""Repairs of a merge whose branches have different shapes: one of the shapes is made the goal."""

from collections.abc import Iterator, Sequence
from typing import Any

from blocks.graph import Shape
from blocks.node import Link, Node
from blocks.repairs.place import CUT, INSERT, SET, Place, Way, both

Known = tuple[int, ...]
ALL = "Add", "Concatenate"


def ways(place: Place) -> Iterator[Way]:
    """Yield ways to make the branches of a merge agree."""
    shapes = [shape for shape in place.shapes if shape and None not in shape]
    is_merge = any(port.many for port in place.node.block.inputs)
    if not is_merge or len(shapes) < 2 or len(shapes) < len(place.incoming):
        return
    goals = list(dict.fromkeys(_known(shape) for shape in shapes))
    for goal in goals if len(goals) > 1 else []:
        yield from _towards(place, goal)
    yield from _another_merge(place)


def _known(shape: Shape | None) -> Known:
    return tuple(length for length in shape or () if length is not None)


def _towards(place: Place, goal: Known) -> Iterator[Way]:
    """Yield ways that bring every other branch to the shape of the goal, each by one means."""
    pairs = zip(place.incoming, place.shapes, strict=True)
    others = [(link, _known(shape)) for link, shape in pairs if _known(shape) != goal]
    for means in (_matched, _stepped, _projected, _pooled, _enlarged, _flattened):
        steps = [way for link, shape in others if (way := means(place, link, shape, goal))]
        if len(steps) == len(others):
            yield _all(steps)
    if len(place.incoming) - len(others) >= 2:
        edit = {"links": {link.key: None for link, _ in others}}
        names = " and ".join(place.name(link.source) for link, _ in others)
        yield Way(f"Remove the link from {names}", edit, CUT * len(others))


def _all(steps: Sequence[Way]) -> Way:
    edit: Any = {}
    for step in steps:
        edit = both(edit, step.edit)
    label = steps[0].label if len(steps) == 1 else f"{steps[0].label} (and {len(steps) - 1} more)"
    return Way(label, edit, sum(step.cost for step in steps))


def _matched(place: Place, link: Link, shape: Known, goal: Known) -> Way | None:
    """Give the block before the merge as many filters or units as the goal has channels."""
    source = place.design.nodes[link.source]
    for name in ("filters", "units"):
        if name in source.block.params() and shape[:-1] == goal[:-1]:
            label = f"Match {name} of {source.name} with {goal[-1]:,}"
            return place.set(source, label, **{name: goal[-1]})
    return None


def _stepped(place: Place, link: Link, shape: Known, goal: Known) -> Way | None:
    """Let the block before the merge make larger or smaller steps."""
    source, ratio = place.design.nodes[link.source], _ratio(shape, goal)
    values = source.block.values()
    name = next((name for name in ("stride", "subsample") if name in values), "")
    if not name or not isinstance(values[name], int):
        return None
    changes = {name: values[name] * ratio} if ratio else _smaller(values[name], name, shape, goal)
    if not changes:
        return None
    if shape[-1] != goal[-1] and "filters" in values and _fits_channels(place):
        changes["filters"] = goal[-1]
    return place.set(source, **changes)


def _smaller(step: int, name: str, shape: Known, goal: Known) -> dict[str, int]:
    """Return the smaller step that gives the larger goal, where there is one."""
    growth = _ratio(goal, shape)
    return {name: step // growth} if growth and step % growth == 0 else {}


def _projected(place: Place, link: Link, shape: Known, goal: Known) -> Way | None:
    """Put a 1x1 convolution on the link, with a step where the goal is smaller."""
    ratio = 1 if shape[:-1] == goal[:-1] else _ratio(shape, goal)
    if len(shape) < 2 or not ratio:
        return None
    params = {"filters": goal[-1], "kernel_size": 1, "stride": ratio, "activation": "linear"}
    step = f" with stride {ratio}" if ratio > 1 else ""
    label = f"Insert a 1x1 projection{step} after {place.name(link.source)}"
    return Way(label, place.inserted(link, "Conv", "projection", params), INSERT)


def _pooled(place: Place, link: Link, shape: Known, goal: Known) -> Way | None:
    ratio = _ratio(shape, goal)
    if not ratio or (_fits_channels(place) and shape[-1] != goal[-1]):
        return None
    label = f"Insert a max pooling of {ratio} after {place.name(link.source)}"
    return Way(label, place.inserted(link, "Pool", "pool", {"size": ratio}), INSERT)


def _enlarged(place: Place, link: Link, shape: Known, goal: Known) -> Way | None:
    growth = _ratio(goal, shape)
    if not growth or (_fits_channels(place) and shape[-1] != goal[-1]):
        return None
    label = f"Insert an upsampling of {growth} after {place.name(link.source)}"
    return Way(label, place.inserted(link, "Upsample", "upsample", {"size": growth}), INSERT)


def _flattened(place: Place, link: Link, shape: Known, goal: Known) -> Way | None:
    """Make a vector of a branch where the goal is one."""
    if len(goal) != 1 or len(shape) < 2:
        return None
    block = "GlobalPool" if _fits_channels(place) else "Flatten"
    words = "a global pooling" if block == "GlobalPool" else "Flatten"
    label = f"Insert {words} after {place.name(link.source)}"
    return Way(label, place.inserted(link, block, words.split()[-1].lower(), {}), INSERT)


def _another_merge(place: Place) -> Iterator[Way]:
    """Take the other merge, which asks for something else to be equal."""
    node: Node = place.node
    for block in ALL:
        if node.block.type_name in ALL and block != node.block.type_name:
            fields = {**node.to_json(), "block": block, "params": {}}
            del fields["id"]
            edit = {"nodes": {node.id: fields}}
            links = {link.key: {"order": link.order} for link in (*place.incoming, *place.outgoing)}
            yield Way(f"Make it {block}", {**edit, "links": links}, SET + 1)


def _fits_channels(place: Place) -> bool:
    """Tell whether the merge needs equal channels, too."""
    return place.node.block.type_name != "Concatenate"


def _ratio(shape: Known, goal: Known) -> int:
    """Return by how many times the goal is smaller along every spatial axis alike, or 0."""
    if len(shape) != len(goal) or len(shape) < 2:
        return 0
    ratios = {_axis(a, b) for a, b in zip(shape[:-1], goal[:-1], strict=True)}
    ratio = ratios.pop()
    return ratio if not ratios and ratio > 1 else 0


def _axis(length: int, goal: int) -> int:
    """Return the stride that leaves `goal` of `length` places with padding same, or 0."""
    stride = -(-length // goal)
    return stride if -(-length // stride) == goal else 0
