"""Where in a network its numbers are: by resolution, by kind of block, by depth."""

from collections.abc import Callable, Iterable
from math import log2
from typing import NamedTuple

from blocks.analysis import Report
from blocks.depth import layer_depths
from blocks.design import Design
from blocks.graph import Layer, Shape
from blocks.memory import BYTES_PER_VALUE

VECTOR = "vector"
"""The stage of what has no places any more: behind a global pooling or a flatten."""
BORDERS = ("ZeroPadding", "Cropping")


class Share(NamedTuple):
    """What a part of a network has: parameters, multiply-adds and bytes of layer outputs.

    Multiply-adds and bytes are of one sample.
    """

    params: int = 0
    macs: int = 0
    activation_bytes: int = 0


class Reach(NamedTuple):
    """What a network has down to a depth, in layers on the longest way from an input.

    `field` is the widest receptive field so far along the first axis, None behind a global layer.
    """

    depth: int
    params: int
    macs: int
    field: int | None


def resolution(shape: Shape) -> str:
    """Return the stage a tensor is in: its places without the channels, as 56x56."""
    places = ("any" if side is None else str(side) for side in shape[:-1])
    return "x".join(places) or VECTOR


def by_resolution(report: Report) -> dict[str, Share]:
    """Return the share of each stage, in the order in which the network comes to it.

    A layer belongs to the stage of its output; borders put on or cut off begin no stage.
    """
    return _by_stage(report, resolution)


def by_reduction(report: Report) -> dict[str, Share]:
    """Return the share of each stage by how much smaller it is than the input: 1/1, 1/2, 1/4, ...

    The first axis decides, to the nearest power of two: so networks for inputs of other sizes can
    be held together.
    """
    inputs = [layer.shape[0] for layer in report.layers if layer.kind == "InputLayer"]
    whole = next((side for side in inputs if side), None)

    def stage(shape: Shape) -> str:
        if len(shape) < 2:
            return VECTOR
        if not whole or not shape[0]:
            return "any"
        steps = round(log2(whole / shape[0]))
        return f"1/{2**steps}" if steps >= 0 else f"{2**-steps}/1"

    return _by_stage(report, stage)


def _by_stage(report: Report, name: Callable[[Shape], str]) -> dict[str, Share]:
    stages: dict[str, str] = {}
    for layer in report.layers:
        stages[layer.name] = name(layer.shape)
        if layer.kind.startswith(BORDERS) and layer.inputs:
            stages[layer.name] = stages[layer.inputs[0]]
    return _shares((stages[layer.name], layer) for layer in report.layers)


def by_category(design: Design, report: Report) -> dict[str, Share]:
    """Return the share of each category of blocks, in the order of the network."""
    kinds = {node.name: node.block.category or "Unknown" for node in design.nodes.values()}
    return _shares((kinds[layer.scope.node], layer) for layer in report.layers)


def by_depth(report: Report) -> list[Reach]:
    """Return what has come together at each depth."""
    depths = layer_depths(report.graph)
    levels: dict[int, list[Layer]] = {}
    for layer in report.layers:
        levels.setdefault(depths[layer.name], []).append(layer)
    found: list[Reach] = []
    params = macs = 0
    widest: int | None = 0
    for level in sorted(levels):
        params += sum(layer.params for layer in levels[level])
        macs += sum(layer.macs for layer in levels[level])
        fields = [report.fields[layer.name] for layer in levels[level]]
        reaches = [field[0].largest if field else None for field in fields]
        known = [reach for reach in reaches if reach is not None]
        widest = None if widest is None or not known else max(widest, *known)
        found.append(Reach(level, params, macs, widest))
    return found


def _shares(parts: Iterable[tuple[str, Layer]]) -> dict[str, Share]:
    found: dict[str, Share] = {}
    for name, layer in parts:
        params, macs, size = found.get(name, Share())
        size += layer.elements * BYTES_PER_VALUE
        found[name] = Share(params + layer.params, macs + layer.macs, size)
    return found
