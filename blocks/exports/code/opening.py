"""What an exported module says of itself: the network, its source, and where its weights are."""

from functools import cache
from typing import Any

from blocks.design import Design
from blocks.expand import expand
from blocks.exports.code.constants import CLASSES
from blocks.exports.code.text import fits_title
from blocks.graph import LayerGraph, settled
from blocks.keras_model import model_name
from blocks.templates import template, templates

Rows = list[tuple[str, dict[str, Any], list[int]]]
OURS = "Blockwright"
"""The source of networks that nobody published; exported code has no word of it."""


def opening(design: Design, graph: LayerGraph) -> str:
    """Return the docstring of a Keras module, without its quotes; it says where its weights are."""
    text = cited_title(design, graph)
    if design.weights is None:
        return text
    name = model_name(design.name)
    return (
        f"{text.rstrip()}\n\nIts weights are in the export 'Weights only'; load them so:\n\n"
        f'    model = build_model()\n    model.load_weights("{name}.weights.h5")\n'
    )


def cited_title(design: Design, graph: LayerGraph) -> str:
    """Return what the docstring of a module begins with: the network's name, source and size.

    A network that still is a template cites where that one was published; the size of its input
    and the number of its classes may differ.
    """
    name = model_name(design.name)
    total = sum(layer.params for layer in graph)
    title, source = _cited(design, graph)
    text = f"{title or f'Convolutional network {name}'}: {total:,} parameters."
    if source:
        cited = f"{title} ({source}): {total:,} parameters."
        told = f"A{source[1:]}" if source.startswith("after ") else f"Source: {source}"
        text = cited if fits_title(cited, 0) else f"{text}\n\n{told}.\n"
    return text


def _cited(design: Design, graph: LayerGraph) -> tuple[str, str]:
    """Return a network's title and source, where it is one that was published."""
    entry = templates().get(design.name)
    if entry is None or entry.source == OURS:
        return "", ""
    return (entry.title, entry.source) if _rows(design, graph) == _drawn(entry.id) else ("", "")


@cache
def _drawn(template_id: str) -> Rows:
    design = template(template_id)
    return _rows(design, expand(design).graph)


def _rows(design: Design, graph: LayerGraph) -> Rows:
    """Return a network's layers, without what an input's size and the number of classes say."""
    places = {layer.name: place for place, layer in enumerate(graph)}
    heads = {node.name for node in design.nodes.values() if CLASSES in node.block.params()}
    free = {"shape", "trainable"}
    return [
        (
            layer.kind,
            {
                key: value
                for key, value in settled(layer.config).items()
                if key not in free and not (key == "units" and layer.scope.node in heads)
            },
            [places[name] for name in layer.inputs],
        )
        for layer in graph
    ]
