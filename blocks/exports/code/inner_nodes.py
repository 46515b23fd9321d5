"""What is true of a node inside an own block over all instances of that."""

from collections import defaultdict
from collections.abc import Mapping
from itertools import takewhile
from typing import NamedTuple

from blocks.graph import Layer, LayerGraph, Shape

Place = tuple[tuple[str, int], ...]
"""A repetition of a node, after those around it."""


class InnerNode(NamedTuple):
    """A node inside an own block, which is told by its type."""

    own: str
    node: str


class InnerNodes:
    """The inner nodes of a graph; `types` are those of the blocks of the design, by node."""

    def __init__(self, graph: LayerGraph, types: Mapping[str, str]) -> None:
        self.graph, self.types = graph, types
        self.families: dict[tuple[InnerNode, Place], dict[Place, list[Layer]]] = {}
        for layer in graph:
            owners = [types[layer.scope.node], *(one.block.type_name for one in layer.scope.inside)]
            path = layer.scope.path
            for depth, here in enumerate(layer.scope.inside):
                family = InnerNode(owners[depth], here.node), path[: depth + 1]
                places = self.families.setdefault(family, defaultdict(list))
                places[path[: depth + 2]].append(layer)

    def of_several_layers(self) -> set[InnerNode]:
        """Return the nodes that somewhere stand for more than one layer."""
        return {
            node
            for (node, _), places in self.families.items()
            if any(len(layers) > 1 for layers in places.values())
        }

    def late_repeats(self) -> dict[InnerNode, int]:
        """Return a repetition of each node from which on all read the same shapes, everywhere."""
        late: dict[InnerNode, int] = {}
        for (node, _), places in self.families.items():
            rows = [self._read(place, layers) for place, layers in places.items()]
            alike = len(list(takewhile(rows[-1].__eq__, reversed(rows))))
            late[node] = max(late.get(node, 0), len(rows) - alike)
        return late

    def _read(self, place: Place, layers: list[Layer]) -> list[Shape]:
        """Return the shapes that come in at a place."""
        names = [name for layer in layers for name in layer.inputs]
        outside = [name for name in names if self.graph[name].scope.path[: len(place)] != place]
        return [self.graph[name].shape for name in outside]
