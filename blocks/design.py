"""The design: what a person draws, immutable; an edit gives a new one and the way back."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from blocks.block import Block
from blocks.budget import Budget
from blocks.carried import Carried
from blocks.errors import EditError
from blocks.node import Link, Node, free_name, link_from_json, node_from_json
from blocks.notes import Note, notes_of, patched
from blocks.own import own_types

FORMAT = "blockwright"
VERSION = 3
EXTRAS_SINCE = 2  # without weights and budget the form is that of version 1, for older programs
RENAMED_SINCE = 3  # weights of blocks that were renamed since

Edit = Mapping[str, Any]
"""A patch: {"name": ..., "nodes": {id: fields or None}, "links": {key: {"order": n} or None}}.

Its "definitions" and "notes" are set or removed as nodes are; "weights" is what `Carried` says
and "budget" what `Budget` says, each whole, or None.
"""


@dataclass(frozen=True)
class Design:
    """Named blocks with parameters, joined by links; `weights` names those it carries.

    Building a design never checks values or shapes; `analyze` tells what is wrong with it.
    """

    name: str = "untitled"
    nodes: Mapping[str, Node] = field(default_factory=dict)
    links: Mapping[str, Link] = field(default_factory=dict)
    definitions: Mapping[str, Any] = field(default_factory=dict)
    weights: Carried | None = None
    budget: Budget | None = None
    notes: Mapping[str, Note] = field(default_factory=dict)

    def add(
        self,
        name: str,
        block: Block,
        after: str | Iterable[str] | None = None,
        *,
        repeat: int = 1,
        first: Mapping[str, Any] | None = None,
        frozen: bool = False,
        layer_names: Mapping[str, str] | None = None,
    ) -> "Design":
        """Return the design with one more block, linked from the blocks named in `after`.

        Where the block has several inputs, each name in `after` leads to the next of them.

        Raises:
            EditError: the name is taken, or a name in `after` is not there.
        """
        if name in self.names():
            raise EditError(f"{name}: the name is taken; every block needs a name of its own")
        sources = [after] if isinstance(after, str) else list(after or ())
        node_id = free_name(re.sub(r"\W", "_", name)[:36] or "node", self.nodes)
        node = Node(node_id, name, block, repeat, first or {}, frozen)
        node = replace(node, layer_names=layer_names or {})
        design = replace(self, nodes={**self.nodes, node.id: node})
        ports = [port.name for port in block.inputs] or ["in"]
        for place, source in enumerate(sources):
            port = ports[min(place, len(ports) - 1)]
            design = design.connect(source, name, target_port=port)
        return design

    def connect(
        self, source: str, target: str, *, source_port: str = "out", target_port: str = "in"
    ) -> "Design":
        """Return the design with a link between two blocks given by name.

        Raises:
            EditError: a name is not there.
        """
        start, end = self.node(source), self.node(target)
        order = 1 + max((link.order for link in self.incoming()[end.id]), default=-1)
        link = Link(start.id, end.id, source_port, target_port, order)
        return replace(self, links={**self.links, link.key: link})

    def names(self) -> set[str]:
        """Return the names of all nodes."""
        return {node.name for node in self.nodes.values()}

    def node(self, name: str) -> Node:
        """Return the node with a name.

        Raises:
            EditError: there is none.
        """
        for node in self.nodes.values():
            if node.name == name:
                return node
        known = ", ".join(node.name for node in self.nodes.values()) or "none yet"
        raise EditError(f"there is no block named {name!r:.80}; the design has: {known:.200}")

    def incoming(self) -> dict[str, list[Link]]:
        """Return the links that end at each node, in order."""
        links: dict[str, list[Link]] = {node_id: [] for node_id in self.nodes}
        for link in sorted(self.links.values(), key=lambda link: link.order):
            if link.source in links and link.target in links:
                links[link.target].append(link)
        return links

    def apply(self, edit: Edit) -> "tuple[Design, Edit]":
        """Return the design after an edit, and the edit that takes it back.

        Raises:
            EditError: some part does not apply; then nothing is changed.
        """
        inverse: dict[str, Any] = {"nodes": {}, "links": {}, "definitions": {}}
        design = self
        if edit.get("definitions"):
            design = _patch_definitions(design, edit["definitions"], inverse)
            design = _forgetting(self, design, inverse)
        if "name" in edit:
            inverse["name"] = design.name
            design = replace(design, name=str(edit["name"]))
        if "weights" in edit:
            inverse["weights"] = design.weights.to_json() if design.weights else None
            design = replace(design, weights=Carried.of(edit["weights"]))
        if "budget" in edit:
            inverse["budget"] = design.budget.to_json() if design.budget else None
            design = replace(design, budget=Budget.of(edit["budget"]))
        if edit.get("notes"):
            notes, inverse["notes"] = patched(design.notes, edit["notes"])
            design = replace(design, notes=notes)
        for node_id, fields in sorted((edit.get("nodes") or {}).items(), key=design._turn):
            design = _patch_node(design, node_id, fields, inverse)
        if edit.get("definitions"):
            inverse["nodes"] = {
                k: _as_before(self.nodes.get(k), v) for k, v in inverse["nodes"].items()
            }
        for key, fields in (edit.get("links") or {}).items():
            design = _patch_link(design, key, fields, inverse)
        return design, {
            key: value
            for key, value in inverse.items()
            if value or key in ("name", "weights", "budget")
        }

    def _turn(self, change: tuple[str, Mapping[str, Any] | None]) -> int:
        """Sort the changes of nodes: what goes or gets another name leaves its name to the new."""
        node_id, fields = change
        return 0 if fields is None else 1 if node_id in self.nodes else 2

    def to_json(self) -> dict[str, Any]:
        """Return the design as the JSON object of its file."""
        notes = {note_id: note.to_json() for note_id, note in self.notes.items()}
        return {
            "format": FORMAT,
            "version": self._version,
            "name": self.name,
            "nodes": [node.to_json() for node in self.nodes.values()],
            "links": [link.to_json() for link in self.links.values()],
            "definitions": dict(self.definitions),
            **({"weights": self.weights.to_json()} if self.weights else {}),
            **({"budget": self.budget.to_json()} if self.budget else {}),
            **({"notes": notes} if notes else {}),
        }

    @property
    def _version(self) -> int:
        """The oldest version of the format that can hold the design."""
        if self.weights and self.weights.renamed:
            return RENAMED_SINCE
        return EXTRAS_SINCE if self.weights or self.budget else 1

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Design":
        """Return the design a JSON object describes; `read` is the checked way in for files."""
        definitions = data.get("definitions") or {}
        own = own_types(definitions)
        nodes = [node_from_json(entry["id"], entry, own) for entry in data.get("nodes", ())]
        links = [link_from_json(entry) for entry in data.get("links", ())]
        return cls(
            name=data.get("name", "untitled"),
            nodes={node.id: node for node in nodes},
            links={link.key: link for link in links},
            definitions=definitions,
            weights=Carried.of(data.get("weights")),
            budget=Budget.of(data.get("budget")),
            notes=notes_of(data.get("notes")),
        )

    @cached_property
    def own(self) -> Mapping[str, type[Block]]:
        """The person's own types of block, by the name they have in files."""
        return own_types(self.definitions)


def _patch_definitions(
    design: Design, changes: Mapping[str, Any], inverse: dict[str, Any]
) -> Design:
    """Set or remove definitions; every instance follows."""
    definitions = dict(design.definitions)
    for definition_id, data in changes.items():
        inverse["definitions"][definition_id] = definitions.pop(definition_id, None)
        if data is not None:
            definitions[definition_id] = data
    return Design.from_json({**design.to_json(), "definitions": definitions})


def _forgetting(before: Design, design: Design, inverse: dict[str, Any]) -> Design:
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
    design: Design, node_id: str, fields: Mapping[str, Any] | None, inverse: dict[str, Any]
) -> Design:
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


def _remove_node(design: Design, node_id: str, inverse: dict[str, Any]) -> Design:
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
    design: Design, key: str, fields: Mapping[str, Any] | None, inverse: dict[str, Any]
) -> Design:
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
