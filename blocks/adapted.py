"""A network for another input or other classes: the two ends of a design, found by their type."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from blocks.design import Design
from blocks.errors import EditError
from blocks.node import Node
from blocks.params import Param

SIZES = ("height", "width", "length", "channels")
CLASSES = "classes"
# Between the layer that has one output per class and the end of the network.
PASSED = ("Activation", "Dropout", "Output")


class Adaptable(NamedTuple):
    """A value of a design's ends: what it is now, and the declaration of its parameter."""

    value: int
    param: Param


class Place(NamedTuple):
    """A parameter of a node."""

    node: Node
    field: str


def adaptable(design: Design) -> dict[str, Adaptable]:
    """Return which of height, width, length, channels and classes a design can be adapted in."""
    found: dict[str, Adaptable] = {}
    for name, places in _places(design).items():
        block = places[0].node.block
        value, param = block.values()[places[0].field], block.params()[places[0].field]
        found[name] = Adaptable(value, param)
    return found


def adapted(design: Design, **values: int) -> Design:
    """Return the design for another size of its input or another number of classes.

    Every input takes `height`, `width`, `length` and `channels`, every head `classes`. Values are
    not checked here: `analyze` tells when an input is too small.

    Raises:
        EditError: the design has no such value.
    """
    places = _places(design)
    missing = [name for name in values if name not in places]
    if missing:
        raise EditError(
            f"{design.name} has no {missing[0]} to change; it has "
            f"{', '.join(places) or 'neither an input nor classes'}"
        )
    nodes: dict[str, dict[str, Any]] = {}
    for name, value in values.items():
        for node, field in places[name]:
            nodes.setdefault(node.id, {"params": {}})["params"][field] = value
    return design.apply({"nodes": nodes})[0]


def _places(design: Design) -> dict[str, list[Place]]:
    """Return where each value of a design's ends stands."""
    places: dict[str, list[Place]] = {}
    for name in SIZES:
        places[name] = [Place(node, name) for node in design.nodes.values() if _takes(node, name)]
    places[CLASSES] = list(outputs_of(design))
    return {name: found for name, found in places.items() if found}


def _takes(node: Node, name: str) -> bool:
    """Tell whether a node is an input with such a value; one of open size has no height."""
    param = node.block.params().get(name)
    return not node.block.inputs and param is not None and param.applies(node.block.values())


def outputs_of(design: Design) -> Iterator[Place]:
    """Yield what has one output per class: heads, else a dense layer that ends the network."""
    incoming = design.incoming()
    used = {link.source for links in incoming.values() for link in links}
    for node_id in design.nodes:
        node, seen = design.nodes[node_id], {node_id}
        while (
            node.block.type_name in PASSED and len(incoming[node.id]) == 1 and node_id not in used
        ):
            node = design.nodes[incoming[node.id][0].source]
            if node.id in seen:
                break
            seen.add(node.id)
        if CLASSES in node.block.params() and (node_id not in used or node.block.is_head):
            yield Place(node, CLASSES)
        elif node.block.type_name == "Dense" and node_id not in used:
            yield Place(node, "units")
