"""What lies between two designs, block by block, and the edit that leads from one to the other."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from blocks.alignment import aligned
from blocks.design import Design, Edit
from blocks.node import Link, Node
from blocks.notes import Note
from blocks.own import PREFIX

FIELDS = ("repeat", "frozen", "first", "layer_names")


@dataclass(frozen=True)
class Change:
    """A field of a block with its value in either design; None where it has no such field.

    `field` is a parameter's name, or one of name, block, inputs, repeat, first, frozen,
    layer_names, definition. `inputs` are the names of the blocks that are linked to it, in order.
    """

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Difference:
    """A block that one design has and the other has not, or has otherwise.

    `node` is its name, in the second design unless it was removed.
    """

    node: str
    block: str
    kind: Literal["added", "removed", "changed"]
    changes: tuple[Change, ...] = ()


def differences(before: Design, after: Design) -> tuple[Difference, ...]:
    """Return which blocks were added, removed or changed from one design to another.

    `blocks.alignment` says which block is which. Places on the canvas and notes make no difference.
    """
    pairs = aligned(before, after)
    twins = {old: new for new, old in pairs.items()}
    found = [
        Difference(node.name, node.block.title, "removed")
        for node in before.nodes.values()
        if node.id not in twins
    ]
    inputs = _inputs(before, {old: old for old in before.nodes}), _inputs(after, pairs)
    for node in after.nodes.values():
        if node.id not in pairs:
            found.append(Difference(node.name, node.block.title, "added"))
            continue
        old = before.nodes[pairs[node.id]]
        changes = [*_changes(old, node), *_definition(before, after, old, node)]
        if inputs[0][old.id] != inputs[1][node.id]:
            changes.append(Change("inputs", _sources(before, old.id), _sources(after, node.id)))
        if changes:
            found.append(Difference(node.name, node.block.title, "changed", tuple(changes)))
    return tuple(found)


def leading_back(design: Design, original: Design) -> Edit:
    """Return the edit that makes a design's blocks and links those of another one again.

    Blocks that stand in both keep their place and their note.
    """
    nodes: dict[str, Any] = {key: None for key in design.nodes if key not in original.nodes}
    for node_id, node in original.nodes.items():
        now = design.nodes.get(node_id)
        fields = {key: value for key, value in node.to_json().items() if key != "id"}
        if now is None:
            nodes[node_id] = fields
        elif any(_changes(node, now)) or any(_definition(original, design, node, now)):
            nodes[node_id] = {**fields, "x": now.x, "y": now.y, "note": now.note}
    links = _patch(design.links, original.links, _order)
    definitions = {
        key: data
        for key, data in original.definitions.items()
        if design.definitions.get(key) != data
    }
    edit = {"definitions": definitions, "nodes": nodes, "links": links}
    return {part: changes for part, changes in edit.items() if changes}


def leading_to(design: Design, other: Design) -> Edit:
    """Return the edit that makes a design another one: places, notes and all the rest.

    It is empty where they are equal. Where names of blocks change places, one of them gets
    another name on the way, and the edit from there leads the rest.
    """
    nodes: dict[str, Any] = {key: None for key in design.nodes if key not in other.nodes}
    for node_id, node in other.nodes.items():
        now, fields = design.nodes.get(node_id), node.to_json()
        if now is None or now.to_json() != fields:
            nodes[node_id] = {key: value for key, value in fields.items() if key != "id"}
    edit = {
        "definitions": _patch(design.definitions, other.definitions, dict),
        "nodes": nodes,
        "links": _patch(design.links, other.links, _order),
        "notes": _patch(design.notes, other.notes, Note.to_json),
    }
    found: dict[str, Any] = {part: changes for part, changes in edit.items() if changes}
    if other.weights != design.weights:
        found["weights"] = other.weights.to_json() if other.weights else None
    if other.budget != design.budget:
        found["budget"] = other.budget.to_json() if other.budget else None
    return found | ({"name": other.name} if other.name != design.name else {})


def _patch(
    now: Mapping[str, Any], then: Mapping[str, Any], told: Callable[[Any], dict[str, Any]]
) -> dict[str, Any]:
    """Return the changes from some parts of a design, by id or key, to others; None removes one."""
    gone = {key: None for key in now if key not in then}
    return gone | {key: told(part) for key, part in then.items() if now.get(key) != part}


def _order(link: Link) -> dict[str, Any]:
    return {"order": link.order}


def _inputs(design: Design, ids: Mapping[str, str]) -> dict[str, list[tuple[str, str, str]]]:
    """Return what is linked to each block, in order, with ids that both designs share."""
    return {
        node_id: [
            (ids.get(link.source, f"+{link.source}"), link.source_port, link.target_port)
            for link in links
        ]
        for node_id, links in design.incoming().items()
    }


def _sources(design: Design, node_id: str) -> tuple[str, ...]:
    return tuple(design.nodes[link.source].name for link in design.incoming()[node_id])


def _changes(old: Node, new: Node) -> Iterator[Change]:
    """Yield the fields of a block that differ; another type is one change, whatever it brings."""
    if old.name != new.name:
        yield Change("name", old.name, new.name)
    if old.block.type_name != new.block.type_name:
        yield Change("block", old.block.type_name, new.block.type_name)
    else:
        values = {**old.block.values(), **old.extras}, {**new.block.values(), **new.extras}
        for name in values[0] | values[1]:
            if values[0].get(name) != values[1].get(name):
                yield Change(name, values[0].get(name), values[1].get(name))
    for name in FIELDS:
        if getattr(old, name) != getattr(new, name):
            yield Change(name, getattr(old, name), getattr(new, name))


def _definition(before: Design, after: Design, old: Node, new: Node) -> Iterator[Change]:
    """Yield that a person's own block is another one inside."""
    name = new.block.type_name
    if old.block.type_name == name and name in after.own:
        key = name.removeprefix(PREFIX)
        if before.definitions.get(key) != after.definitions.get(key):
            yield Change("definition", before.definitions.get(key), after.definitions.get(key))
