"""From which repetition on blocks inside own blocks read values of one shape."""

from collections import defaultdict
from collections.abc import Mapping
from itertools import takewhile
from typing import NamedTuple

from blocks.graph import Layer, LayerGraph, Shape


class Repeated(NamedTuple):
    """A node inside an own block, which is told by its type."""

    own: str
    node: str


def late_repeats(graph: LayerGraph, types: Mapping[str, str]) -> dict[Repeated, int]:
    """Return the repetition of inner nodes from which on all that follow read the same shapes.

    That is true of every instance of their own block; `types` are those of the design's nodes.
    """
    reads: dict[tuple[object, ...], list[Shape]] = defaultdict(list)
    repetitions: dict[tuple[Repeated, object], list[list[Shape]]] = defaultdict(list)
    for layer in graph:
        path = _path(layer)
        owners = [types[layer.scope.node], *(one.block.type_name for one in layer.scope.inside)]
        for depth, here in enumerate(layer.scope.inside):
            place = path[: depth + 2]
            if place not in reads:
                family = Repeated(owners[depth], here.node), path[: depth + 1]
                repetitions[family].append(reads[place])
            outside = [name for name in layer.inputs if _path(graph[name])[: depth + 2] != place]
            reads[place] += [graph[name].shape for name in outside]
    late: dict[Repeated, int] = {}
    for (repeated, _), rows in repetitions.items():
        alike = len(list(takewhile(rows[-1].__eq__, reversed(rows))))
        late[repeated] = max(late.get(repeated, 0), len(rows) - alike)
    return late


def _path(layer: Layer) -> tuple[object, ...]:
    scope = layer.scope
    inside = ((here.node, here.repeat) for here in scope.inside)
    return ((scope.node, scope.repeat), *inside)
