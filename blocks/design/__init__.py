"""The design: what a person draws, immutable; an edit gives a new one and the way back."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from blocks.block import Block
from blocks.budget import Budget
from blocks.carried import Carried
from blocks.design.patch import Edit, applied
from blocks.errors import EditError
from blocks.node import Link, Node, free_name, link_from_json, node_from_json
from blocks.notes import Note, notes_of
from blocks.own import PREFIX, own_types

FORMAT = "blockwright"
VERSION = 3
EXTRAS_SINCE = 2  # without weights and budget the form is that of version 1, for older programs
RENAMED_SINCE = 3  # weights of blocks that were renamed since


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
        return applied(self, edit)

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

    def definition(self, definition_id: str) -> Mapping[str, Any]:
        """Return what a block of the person's own stands for, as its JSON object.

        Raises:
            EditError: there is no such block.
        """
        if PREFIX + definition_id not in self.own:
            raise EditError(f"the block {definition_id!a:.60} is not in this design any more")
        found: Mapping[str, Any] = self.definitions[definition_id]
        return found


__all__ = ["FORMAT", "VERSION", "Design", "Edit"]
