"""Where a problem stands, and the pieces of edits that repairs are made of."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from blocks.build import node_problems
from blocks.design import Design, Edit
from blocks.errors import Problem
from blocks.expand import Expansion
from blocks.graph import Shape
from blocks.node import Link, Node, free_name
from blocks.order import ordered

SET, LINK, INSERT, CUT, REMOVE = 1, 2, 3, 4, 6
"""What a step of a repair costs a person: a value changed is the least, a lost block the most."""

WIDTH, HEIGHT, GAP = 220, 90, 60


class Way(NamedTuple):
    """An edit that may mend a problem; a lower `cost` leaves more of the design as it is.

    Of the ways with the same word in `alike` only the best is offered.
    """

    label: str
    edit: Edit
    cost: int
    alike: str = ""


@dataclass(frozen=True)
class Place:
    """A node with a problem, what comes into it, and the design around it."""

    design: Design
    expansion: Expansion
    problem: Problem

    @cached_property
    def node(self) -> Node:
        return self.design.nodes[self.problem.node_id]

    @cached_property
    def incoming(self) -> Sequence[Link]:
        """The links that end here, in their order."""
        return self.design.incoming()[self.node.id]

    @cached_property
    def is_unjudged(self) -> bool:
        """Whether the problem kept the block's own layers from being tried at all."""
        circular = ordered(self.design)[1]
        values = any(True for _ in node_problems(self.node))
        return values or not self.incoming or self.node.id in circular

    @cached_property
    def outgoing(self) -> Sequence[Link]:
        return [link for link in self.design.links.values() if link.source == self.node.id]

    @cached_property
    def shapes(self) -> Sequence[Shape | None]:
        """The shape that each link brings; None where it is not known."""
        leaving = self.expansion.leaving
        found = (leaving.get((link.source, link.source_port)) for link in self.incoming)
        return [tensor and tensor.shape for tensor in found]

    def name(self, node_id: str) -> str:
        return self.design.nodes[node_id].name

    def set(self, node: Node, label: str = "", /, **params: Any) -> Way:
        """Return the way that sets parameters of a node."""
        of = "" if node.id == self.node.id else f" of {node.name}"
        words = " and ".join(f"{name}{of} to {value}" for name, value in params.items())
        edit = {"nodes": {node.id: {"params": params}}}
        return Way(label or f"Set {words}", edit, SET * len(params))

    def inserted(self, link: Link, block: str, stem: str, params: Mapping[str, Any]) -> Edit:
        """Return the edit that puts a new block on a link."""
        source, target = self.design.nodes[link.source], self.design.nodes[link.target]
        node_id = self.new_id(link.key + block)
        fields = {
            "block": block,
            "name": free_name(f"{stem}_1", self.design.names()),
            "params": dict(params),
            **self.free_place((source.x + target.x) / 2, (source.y + target.y) / 2),
        }
        return {
            "nodes": {node_id: fields},
            "links": {
                link.key: None,
                f"{link.source}:{link.source_port}>{node_id}:in": {"order": 0},
                f"{node_id}:out>{link.target}:{link.target_port}": {"order": link.order},
            },
        }

    def new_id(self, seed: str) -> str:
        """Return an id for a new node: the same one for the same repair of the same design."""
        node_id = hashlib.sha256(seed.encode()).hexdigest()[:8]
        while node_id in self.design.nodes:
            node_id = hashlib.sha256(node_id.encode()).hexdigest()[:8]
        return node_id

    def free_place(self, x: float, y: float) -> dict[str, float]:
        """Return the first place to the right of a point that no block stands on."""
        taken = [(node.x, node.y) for node in self.design.nodes.values()]
        while any(abs(x - a) < WIDTH + GAP / 2 and abs(y - b) < HEIGHT for a, b in taken):
            x += GAP
        return {"x": x, "y": y}


def both(one: Edit, other: Edit) -> Edit:
    """Return two edits of different nodes and links as one."""
    return {
        part: {**one.get(part, {}), **other.get(part, {})}
        for part in ("nodes", "links")
        if one.get(part) or other.get(part)
    }
