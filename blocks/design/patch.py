"""What an edit changes in a design, part by part, and the edit that takes it back."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from blocks.budget import Budget
from blocks.carried import Carried
from blocks.errors import EditError
from blocks.node import Link, Node, free_name, node_from_json
from blocks.notes import patched

if TYPE_CHECKING:
    from blocks.design import Design

Edit = Mapping[str, Any]
"""A patch: {"name": ..., "nodes": {id: fields or None}, "links": {key: {"order": n} or None}}.

Its "definitions" and "notes" are set or removed as nodes are; "weights" is what `Carried` says
and "budget" what `Budget` says, each whole, or None.
"""

WHOLE = ("name", "weights", "budget")
"""What an edit replaces as a whole; their values may be empty, or None."""


def applied(before: "Design", edit: Edit) -> "tuple[Design, Edit]":
    """Return the design after an edit, and the edit that takes it back.

    Raises:
        EditError: some part does not apply.
    """
    inverse: dict[str, Any] = {"nodes": {}, "links": {}, "definitions": {}}
    design = before
    if edit.get("definitions"):
        design = _patch_definitions(design, edit["definitions"], inverse)
        design = _forgetting(before, design, inverse)
    design = _patch_whole(design, edit, inverse)
    if edit.get("notes"):
        notes, inverse["notes"] = patched(design.notes, edit["notes"])
        design = replace(design, notes=notes)
    for node_id, fields in _in_turn(design, edit.get("nodes") or {}):
        design = _patch_node(design, node_id, fields, inverse)
    if edit.get("definitions"):
        inverse["nodes"] = {
            node_id: _as_before(before.nodes.get(node_id), back)
            for node_id, back in inverse["nodes"].items()
        }
    for key, fields in (edit.get("links") or {}).items():
        design = _patch_link(design, key, fields, inverse)
    return design, {key: value for key, value in inverse.items() if value or key in WHOLE}


def _patch_whole(design: "Design", edit: Edit, inverse: dict[str, Any]) -> "Design":
    """Set what is replaced as a whole."""
    if "name" in edit:
        inverse["name"] = design.name
        design = replace(design, name=str(edit["name"]))
    if "weights" in edit:
        inverse["weights"] = design.weights.to_json() if design.weights else None
        design = replace(design, weights=Carried.of(edit["weights"]))
    if "budget" in edit:
        inverse["budget"] = design.budget.to_json() if design.budget else None
        design = replace(design, budget=Budget.of(edit["budget"]))
    return design


def _in_turn(
    design: "Design", changes: Mapping[str, Mapping[str, Any] | None]
) -> list[tuple[str, Mapping[str, Any] | None]]:
    """Sort the changes of nodes: what goes or gets another name leaves its name to the new."""

    def turn(change: tuple[str, Mapping[str, Any] | None]) -> int:
        node_id, fields = change
        return 0 if fields is None else 1 if node_id in design.nodes else 2

    return sorted(changes.items(), key=turn)


def _patch_definitions(
    design: "Design", changes: Mapping[str, Any], inverse: dict[str, Any]
) -> "Design":
    """Set or remove definitions; every instance follows."""
    definitions = dict(design.definitions)
    for definition_id, data in changes.items():
        inverse["definitions"][definition_id] = definitions.pop(definition_id, None)
        if data is not None:
            definitions[definition_id] = data
    return design.from_json({**design.to_json(), "definitions": definitions})


def _forgetting(before: "Design", design: "Design", inverse: dict[str, Any]) -> "Design":
    """Take from the instances the arguments that their definitions have no more."""
    nodes = dict(design.nodes)
    for node_id, node in design.nodes.items():
        lost = node.extras.keys() - before.nodes[node_id].extras.keys()
        if lost:
            inverse["nodes"][node_id] = {"params": {name: node.extras[name] for name in lost}}
            kept = {name: value for name, value in node.extras.items() if name not in lost}
            nodes[node_id] = replace(node, extras=kept)
    return replace(design, nodes=nodes)


def _patch_node(
    design: "Design", node_id: str, fields: Mapping[str, Any] | None, inverse: dict[str, Any]
) -> "Design":
    old = design.nodes.get(node_id)
    if fields is None:
        return _remove_node(design, node_id, inverse)
    if "block" in fields:
        inverse["nodes"][node_id] = old.to_json() if old else None
        node = node_from_json(node_id, fields, design.own)
    elif old is None:
        what = ", ".join(fields.get("params") or fields)
        raise EditError(f"block {node_id} was removed meanwhile: its change of {what} is lost")
    else:
        node, inverse["nodes"][node_id] = old.changed(fields, design.own)
    if node.name in design.names() - ({old.name} if old else set()):
        node = replace(node, name=free_name(node.name, design.names()))
    weights = design.weights
    if weights and old and old.name != node.name:
        weights = weights.following(node_id, old.name, node.name)
    return replace(design, nodes={**design.nodes, node_id: node}, weights=weights)


def _as_before(node: Node | None, back: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Return what takes a node back, with the parameters it had before its definition changed."""
    if node is None or back is None or "params" not in back:
        return back
    had = {**node.block.values(), **node.extras}
    params = had if "block" in back else {name: had.get(name) for name in back["params"]}
    return {**back, "params": params}


def _remove_node(design: "Design", node_id: str, inverse: dict[str, Any]) -> "Design":
    old = design.nodes.get(node_id)
    if old is None:
        return design
    inverse["nodes"][node_id] = old.to_json()
    gone = {k: link for k, link in design.links.items() if node_id in (link.source, link.target)}
    inverse["links"] |= {key: {"order": link.order} for key, link in gone.items()}
    return replace(
        design,
        nodes={key: node for key, node in design.nodes.items() if key != node_id},
        links={key: link for key, link in design.links.items() if key not in gone},
    )


def _patch_link(
    design: "Design", key: str, fields: Mapping[str, Any] | None, inverse: dict[str, Any]
) -> "Design":
    old = design.links.get(key)
    if fields is None and old is None:
        return design
    inverse["links"][key] = {"order": old.order} if old else None
    if fields is None:
        return replace(design, links={k: link for k, link in design.links.items() if k != key})
    link = Link.from_key(key, fields.get("order", 0))
    missing = [end for end in (link.source, link.target) if end not in design.nodes]
    if missing:
        raise EditError(f"block {missing[0]} was removed meanwhile: the link to it is lost")
    return replace(design, links={**design.links, key: link})
