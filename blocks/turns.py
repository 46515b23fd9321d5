"""The repetitions of a repeated block one by one, with their numbers."""

from collections.abc import Mapping
from typing import NamedTuple

from blocks.analysis import Report
from blocks.graph import Layer, Shape


class Turn(NamedTuple):
    """One repetition of a node: what its layers' names start with, and its numbers.

    `shape` is that of what it hands on; `params` and `macs` count as everywhere.
    """

    name: str
    shape: Shape
    params: int
    macs: int


def turns(report: Report) -> Mapping[str, tuple[Turn, ...]]:
    """Return the repetitions of every node that is repeated, by the node's name."""
    layers: dict[str, dict[int, list[Layer]]] = {}
    for layer in report.layers:
        repeats = layers.setdefault(layer.scope.node, {})
        repeats.setdefault(layer.scope.repeat, []).append(layer)
    ends = {node.output for node in report.nodes.values()}
    return {
        name: tuple(_turn(name, repeats, place, ends) for place in repeats)
        for name, repeats in layers.items()
        if len(repeats) > 1
    }


def _turn(name: str, repeats: Mapping[int, list[Layer]], place: int, ends: set[str]) -> Turn:
    layers = repeats[place]
    read = {source for layer in repeats.get(place + 1, ()) for source in layer.inputs} or ends
    last = next(layer for layer in layers if layer.name in read)
    return Turn(
        f"{name}_{place + 1}",
        last.shape,
        sum(layer.params for layer in layers),
        sum(layer.macs for layer in layers),
    )
