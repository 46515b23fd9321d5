"""A person's own blocks: a piece of a design with ports and parameters, used like any block."""

import dataclasses
import re
import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from keyword import iskeyword
from typing import Any, ClassVar

from blocks.block import Block, Port
from blocks.errors import EditError
from blocks.node import Link, Node, link_from_json, node_from_json
from blocks.params import Param

PREFIX = "own:"
"""What the type of a person's own block starts with in files: own:<definition id>."""

DEFINITION_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
"""Ids become function names in exported code, so they are plain identifiers."""

NARROWED = ("default", "min", "max", "help", "label")


@dataclass(frozen=True)
class Definition:
    """What an own block stands for.

    `feeds` names, for each input port, the inner inputs it leads to as (node id, port, order);
    `leaves` the (node id, port) whose output leaves at each output port; `drives` the inner
    parameters, as (node id, parameter), that each parameter of the block sets.
    """

    id: str
    nodes: Mapping[str, Node]
    links: Mapping[str, Link]
    feeds: Mapping[str, tuple[tuple[str, str, int], ...]]
    leaves: Mapping[str, tuple[str, str]]
    drives: Mapping[str, tuple[tuple[str, str], ...]]

    def with_values(self, values: Mapping[str, Any]) -> dict[str, Node]:
        """Return the inner nodes with the parameters of one instance in their places."""
        nodes = dict(self.nodes)
        for name, targets in self.drives.items():
            for node_id, param in targets:
                node = nodes[node_id]
                changed = node.block.replace({param: values[name]})
                nodes[node_id] = dataclasses.replace(node, block=changed)
        return nodes


class Own(Block, category="Own blocks"):
    """A block somebody made; its layers are those of its definition's inner design."""

    definition: ClassVar[Definition]

    @property
    def type_name(self) -> str:
        return PREFIX + self.definition.id

    @classmethod
    def schema(cls) -> dict[str, Any]:
        return super().schema() | {"type": PREFIX + cls.definition.id}


def own_type(
    definition_id: str,
    data: Mapping[str, Any],
    nodes: Mapping[str, Node],
    links: Mapping[str, Link],
) -> type[Own]:
    """Return the block type of a definition; parts of it that lead nowhere are left out."""
    feeds = {
        port["name"]: tuple(
            (target["node"], target.get("port", "in"), target.get("order", 0))
            for target in port.get("targets", ())
            if target["node"] in nodes
        )
        for port in data.get("inputs", ())
    }
    leaves = {
        port["name"]: (port["node"], port.get("port", "out"))
        for port in data.get("outputs", ())
        if port["node"] in nodes
    }
    exposed = {
        entry["name"]: _exposed(entry, nodes)
        for entry in data.get("params", ())
        if is_parameter_name(entry["name"])
    }
    params = {name: param for name, (param, _) in exposed.items() if param}
    drives = {name: exposed[name][1] for name in params}
    definition = Definition(definition_id, nodes, links, feeds, leaves, drives)
    return _new_type(definition, data, params)


def is_parameter_name(name: object) -> bool:
    """Tell whether a parameter may be called so: an identifier, no word of Python or of ours."""
    if not isinstance(name, str) or len(name) > 40 or not name.isascii():
        return False
    if name.startswith("__") and name.endswith("__"):  # Python's own: __debug__ and the like
        return False
    return name.isidentifier() and not iskeyword(name) and not hasattr(Own, name)


def require_parameter_name(name: object) -> None:
    """Refuse a name that no parameter may have.

    Raises:
        EditError: with the rule and the name.
    """
    if not is_parameter_name(name):
        raise EditError(
            "a parameter's name must be letters, digits and underscores and no word of Python, "
            f"got {name!a:.60}; rename it"
        )


def _exposed(
    entry: Mapping[str, Any], nodes: Mapping[str, Node]
) -> tuple[Param | None, tuple[tuple[str, str], ...]]:
    """Return an exposed parameter, narrowed as the person asked, and what it drives."""
    targets = tuple(
        (target["node"], target["param"])
        for target in entry.get("targets", ())
        if target["node"] in nodes and target["param"] in nodes[target["node"]].block.params()
    )
    if not targets:
        return None, ()
    node_id, name = targets[0]
    block = nodes[node_id].block
    changes = {"default": block.values()[name], "when": {}, "headline": True}
    known = {field.name for field in dataclasses.fields(block.params()[name])}
    changes |= {key: entry[key] for key in NARROWED if key in entry and key in known}
    return dataclasses.replace(block.params()[name], **changes), targets


def _new_type(
    definition: Definition, data: Mapping[str, Any], params: Mapping[str, Param]
) -> type[Own]:
    def body(namespace: dict[str, Any]) -> None:
        namespace["__doc__"] = data.get("summary") or "A block of your own."
        namespace["__annotations__"] = dict.fromkeys(params, Any)
        for name, param in params.items():
            namespace[name] = dataclasses.field(default=param.default, metadata={"param": param})

    words = {
        "category": Own.category,
        "title": data.get("title") or definition.id,
        "inputs": _ports(definition.feeds, definition),
        "outputs": _ports(definition.leaves, definition),
        "definition": definition,
    }
    made = types.new_class("OwnBlock", (Own,), words, body)
    assert issubclass(made, Own)
    return made


def _ports(names: Iterable[str], definition: Definition) -> tuple[Port, ...]:
    """Return ports; an input that leads to a merge alone takes any number of links."""
    return tuple(Port(name, many=_takes_many(name, definition)) for name in names)


def _takes_many(name: str, definition: Definition) -> bool:
    targets = definition.feeds.get(name, ())
    if len(targets) != 1:
        return False
    node_id, port, _ = targets[0]
    ports = definition.nodes[node_id].block.inputs
    return any(inner.many for inner in ports if inner.name == port) and not any(
        link.target == node_id for link in definition.links.values()
    )


def held_by(data: Mapping[str, Any]) -> set[str]:
    """Return the ids of the definitions whose blocks stand in a definition."""
    kinds = {str(node["block"]) for node in data.get("nodes", ())}
    return {kind.removeprefix(PREFIX) for kind in kinds if kind.startswith(PREFIX)}


def needed_definitions(definitions: Mapping[str, Any], definition_id: str) -> dict[str, Any]:
    """Return a definition with all those inside it; none that is not there."""
    found: dict[str, Any] = {}
    waiting = [definition_id]
    while waiting:
        key = waiting.pop()
        if key in definitions and key not in found:
            found[key] = definitions[key]
            waiting += sorted(held_by(definitions[key]))
    return found


def own_types(definitions: Mapping[str, Any]) -> dict[str, type[Block]]:
    """Return the block types that definitions describe; one that holds itself is left out."""
    found: dict[str, type[Block]] = {}

    def resolve(definition_id: str, path: tuple[str, ...]) -> None:
        data = definitions[definition_id]
        needed = held_by(data)
        for other in needed & definitions.keys():
            if PREFIX + other not in found and other not in path:
                resolve(other, (*path, other))
        if needed.isdisjoint(path):
            nodes = [node_from_json(node["id"], node, found) for node in data.get("nodes", ())]
            links = [link_from_json(entry) for entry in data.get("links", ())]
            inner = {node.id: node for node in nodes}, {link.key: link for link in links}
            found[PREFIX + definition_id] = own_type(definition_id, data, *inner)

    for definition_id in definitions:
        if DEFINITION_ID.fullmatch(definition_id) and PREFIX + definition_id not in found:
            resolve(definition_id, (definition_id,))
    return found
