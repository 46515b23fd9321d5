"""The blocks of a design as instances whose parameters remember their names."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from blocks.design import Design
from blocks.expand import expand
from blocks.exports.code.pattern import Instance
from blocks.exports.code.rolling import instance_of
from blocks.exports.code.trace import traced
from blocks.graph import Layer, LayerGraph, Shape


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
) -> TracedBlocks:
    """Return the blocks of a design with traced parameters; `graph` is the design's own.

    The nodes are given names that no layer's name can be mistaken for. `prepare` may put other
    layers in place of the traced ones; those keep the name of a layer that they stand for.
    """
    plain = {
        key: replace(node, name=f"n{index}n")
        for index, (key, node) in enumerate(design.nodes.items())
    }
    by_plain_name = {plain[key].name: node for key, node in design.nodes.items()}
    renamed = replace(design, nodes=plain)
    plain_graph = expand(renamed, prepare=traced, plain_names=True).graph
    real = {layer.name: other.name for layer, other in zip(plain_graph, graph, strict=True)}
    traced_graph = prepare(plain_graph)
    layers = traced_graph.layers
    block_of = {layer.name: (layer.scope.node, layer.scope.repeat) for layer in layers}
    read = {
        name for layer in layers for name in layer.inputs if block_of[name] != block_of[layer.name]
    }.union(traced_graph.outputs)
    found = []
    for (name, repeat), group in groupby(layers, lambda one: (one.scope.node, one.scope.repeat)):
        node, own = by_plain_name[name], list(group)
        count = f"_{repeat + 1}" if node.repeat > 1 else ""
        one = instance_of(
            node,
            repeat,
            node.name + count,
            own,
            [_local(layer, name + count) for layer in own],
            [real[layer.name] for layer in own],
            real,
            read,
        )
        found.append(one)
    outputs = tuple(real[name] for name in traced_graph.outputs)
    return TracedBlocks(found, outputs, {real[layer.name]: layer.shape for layer in layers})


def _local(layer: Layer, prefix: str) -> str:
    return layer.name.removeprefix(prefix).removeprefix("_")
