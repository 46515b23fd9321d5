"""The blocks of a design as instances whose parameters remember their names."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple

from blocks.design import Design
from blocks.expand import expand
from blocks.exports.code.inner_nodes import InnerNode, InnerNodes
from blocks.exports.code.pattern import ALSO, Instance
from blocks.exports.code.rolling import REPEATS, instance_of
from blocks.exports.code.trace import seen_outside, traced
from blocks.graph import Inside, Layer, LayerGraph, Loop, Scope, Shape
from blocks.node import Node

MODEL = ""
"""Who reads what the model gives."""


class TracedBlocks(NamedTuple):
    """The blocks of a design in order, once per repetition.

    `outputs` are the layers that are the model's outputs, `shapes` the shapes of all layers, both
    by the layers' names in the design.
    """

    instances: list[Instance]
    outputs: tuple[str, ...]
    shapes: Mapping[str, Shape]


def _as_it_is(graph: LayerGraph) -> LayerGraph:
    return graph


def traced_blocks(
    design: Design,
    graph: LayerGraph,
    prepare: Callable[[LayerGraph], LayerGraph] = _as_it_is,
    *,
    with_names: bool = True,
) -> TracedBlocks:
    """Return the blocks of a design with traced parameters; `graph` is the design's own.

    The nodes are given names that no layer's name can be mistaken for. `prepare` may put other
    layers in place of the traced ones; those keep the name of a layer that they stand for. Code
    that is not written `with_names` of layers tells the channels that come in instead, so loops
    over repetitions inside an own block begin where these no longer change.
    """
    plain = {
        key: replace(node, name=f"n{index}n")
        for index, (key, node) in enumerate(design.nodes.items())
    }
    by_plain_name = {plain[key].name: node for key, node in design.nodes.items()}
    plain_graph = expand(replace(design, nodes=plain), prepare=traced, plain_names=True).graph
    real = {layer.name: other.name for layer, other in zip(plain_graph, graph, strict=True)}
    traced_graph = prepare(plain_graph)
    types = {name: node.block.type_name for name, node in by_plain_name.items()}
    making = _Making(traced_graph, real, types, with_names)
    found: list[Instance] = []
    for (name, repeat), group in groupby(
        traced_graph, lambda one: (one.scope.node, one.scope.repeat)
    ):
        node, own = by_plain_name[name], list(group)
        count = f"_{repeat + 1}" if node.repeat > 1 else ""
        if len(own) > 1 and any(layer.shared for layer in own):
            found += making.apart(node, own)
        else:
            found.append(making.instance(_Site(node, repeat, node.name + count, name + count), own))
    outputs = tuple(real[name] for name in traced_graph.outputs)
    return TracedBlocks(found, outputs, {real[one.name]: one.shape for one in traced_graph})


@dataclass(frozen=True)
class _Site:
    """A block: how its layers' names start in the design and in the traced graph.

    `depth` counts the own blocks that it stands in.
    """

    node: Node
    repeat: int
    prefix: str
    plain: str
    depth: int = 0

    def local(self, layer: Layer) -> str:
        """Return what a layer is called within the block."""
        return layer.name.removeprefix(self.plain).removeprefix("_")

    def inner(self, here: Inside) -> InnerNode:
        """Return how a node inside this block is known in all instances of it."""
        return InnerNode(self.node.block.type_name, here.node)

    def within(self, here: Inside) -> "_Site":
        """Return a block inside this one."""
        name = _called(here)
        node = Node(f"{self.node.id}/{name}", name, here.block)
        ends = f"{self.prefix}_{name}", f"{self.plain}_{name}"
        return _Site(node, 0, *ends, self.depth + 1)


class _Making:
    """Makes instances of the layers of a traced graph."""

    def __init__(
        self,
        graph: LayerGraph,
        real: Mapping[str, str],
        types: Mapping[str, str],
        with_names: bool,
    ) -> None:
        self.real, self.with_names = real, with_names
        nodes = InnerNodes(graph, types)
        self.several = nodes.of_several_layers()
        self.late = {} if with_names else nodes.late_repeats()
        self.readers: dict[str, set[str]] = defaultdict(set)
        for layer in graph:
            for name in layer.inputs:
                self.readers[name].add(layer.name)
        for name in graph.outputs:
            self.readers[name].add(MODEL)

    def instance(self, site: _Site, layers: Sequence[Layer]) -> Instance:
        """Return a block with the blocks inside it, where all its layers have plain names."""
        plain = not self.with_names or all(
            self.real[layer.name] == "_".join(filter(None, (site.prefix, site.local(layer))))
            for layer in layers
        )
        inner: dict[str, Instance] = {}
        seen: list[Layer] = []
        for here, group in groupby(layers, lambda layer: _inside(layer, site.depth)):
            own = list(group)
            if here is None or not plain:
                seen += [_seen(layer, site.depth) for layer in own]
            elif len(own) == 1 and not self._is_loop_elsewhere(own[0], site, here):
                seen.append(self._in_loop(_seen(own[0], site.depth), site, here))
            else:
                made = self.instance(site.within(here), own)
                standing = list(self._standing_for(own, site, here))
                inner[standing[0].name] = made
                seen += standing
        return instance_of(
            site.node,
            site.repeat,
            site.prefix,
            seen,
            [
                inner[layer.name].node.name if layer.name in inner else site.local(layer)
                for layer in seen
            ],
            [self.real[layer.name] for layer in seen],
            self.real,
            set(self._leaving(layers)),
            inner,
            is_inside=site.depth > 0,
        )

    def _is_loop_elsewhere(self, layer: Layer, site: _Site, here: Inside) -> bool:
        """Tell whether a node's only layer is one of a loop that has more turns elsewhere."""
        return bool(layer.scope.loops) and site.inner(here) in self.several

    def apart(self, node: Node, layers: Sequence[Layer]) -> Iterator[Instance]:
        """Yield the layers of a block as blocks of their own.

        A layer that is called several times is no matter of one call of a function.
        """
        for layer in layers:
            name = self.real[layer.name]
            alone = replace(node, name=name, repeat=1)
            yield self.instance(_Site(alone, 0, name, layer.name), [layer])

    def _leaving(self, layers: Sequence[Layer]) -> Iterator[str]:
        """Yield the layers of a block that are read outside it."""
        names = {layer.name for layer in layers}
        yield from (name for name in names if self.readers[name] - names)

    def _standing_for(self, layers: Sequence[Layer], site: _Site, here: Inside) -> Iterator[Layer]:
        """Yield a layer that stands for a block, and one for each further output of it."""
        own, leaving = {layer.name for layer in layers}, set(self._leaving(layers))
        outside = dict.fromkeys(name for one in layers for name in one.inputs if name not in own)
        first, *others = [one for one in layers if one.name in leaving] or layers[-1:]
        block = here.block
        scope = Scope(first.scope.node, first.scope.repeat)
        call = first._replace(
            kind=block.type_name, config=block.values(), inputs=tuple(outside), scope=scope
        )
        yield self._in_loop(call, site, here)
        for other in others:
            yield other._replace(kind=ALSO, config={}, inputs=(first.name,), scope=scope)

    def _in_loop(self, layer: Layer, site: _Site, here: Inside) -> Layer:
        """Return what stands for a node inside an own block in the loop of its repetitions."""
        looped = here.repeats > 1 and here.repeat >= self.late.get(site.inner(here), 0)
        loops = (Loop(REPEATS, here.repeat, here.repeats),) if looped else ()
        return layer._replace(scope=replace(layer.scope, loops=loops))


def _inside(layer: Layer, depth: int) -> Inside | None:
    inside = layer.scope.inside
    return inside[depth] if len(inside) > depth else None


def _called(here: Inside) -> str:
    return here.node if here.repeats == 1 else f"{here.node}_{here.repeat + 1}"


def _seen(layer: Layer, depth: int) -> Layer:
    """Return a layer with the formulas that hold in the block at a depth."""
    config, loops = layer.config, layer.scope.loops
    for here in reversed(layer.scope.inside[depth:]):
        values = here.block.values()
        config = seen_outside(config, values)
        loops = tuple(loop._replace(turns=seen_outside(loop.turns, values)) for loop in loops)
    return layer._replace(config=config, scope=replace(layer.scope, loops=loops))
