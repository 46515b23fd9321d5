"""What a canvas asks of own blocks: to make one of some blocks, or to take one apart. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from blocks import Design, Edit, EditError, pack, pack_within, unpack, unpack_within
from editor.checks import MAX_NAME, MAX_NODES, NODE_ID, check_own, check_text, shown


class Request(Protocol):
    """Something asked for by a canvas that Python turns into an edit of the design as it is."""

    def edit(self, design: Design) -> Edit:
        """Return the edit; raises EditError where it cannot be done."""

    def label(self, design: Design) -> str:
        """Return the words of its undo button."""


@dataclass(frozen=True)
class Packing:
    """Make a block of some nodes; `within` is the definition they are in, "" the design."""

    nodes: tuple[str, ...]
    title: str
    params: tuple[Mapping[str, Any], ...]
    instance: str
    within: str

    def edit(self, design: Design) -> Edit:
        if self.within:
            return pack_within(
                design, self.within, self.nodes, self.title, self.params, self.instance
            )
        return pack(design, self.nodes, self.title, self.params, self.instance)

    def label(self, design: Design) -> str:
        return f"Make block {self.title}"


@dataclass(frozen=True)
class Unpacking:
    """Put an own block's inner nodes in its place."""

    node: str
    within: str

    def edit(self, design: Design) -> Edit:
        if self.within:
            return unpack_within(design, self.within, self.node)
        return unpack(design, self.node)

    def label(self, design: Design) -> str:
        node = None if self.within else design.nodes.get(self.node)
        return f"Unpack {node.name if node else 'a block'}"


def check_request(entry: Mapping[Any, Any]) -> Request:
    """Return what a message of kind pack or unpack asks for.

    Raises:
        EditError: it has not the shape of one.
    """
    within = entry.get("within", "")
    check_text("the block worked in", within, MAX_NAME)
    if entry.get("kind") == "unpack":
        return Unpacking(_node_id(entry.get("node")), within)
    title, nodes, params = entry.get("title"), entry.get("nodes"), entry.get("params", [])
    check_text("the block's title", title, MAX_NAME)
    if not str(title).strip():
        raise EditError("a block needs a title; write one")
    if not isinstance(nodes, list) or len(nodes) > MAX_NODES:
        raise EditError(f"the blocks to pack must be a list, got {shown(nodes)}")
    # A definition with these parameters and nothing in it is checked as any other.
    check_own({"block": {"params": params}})
    instance = _node_id(entry.get("instance"))
    return Packing(tuple(map(_node_id, nodes)), str(title).strip(), tuple(params), instance, within)


def _node_id(value: object) -> str:
    if not isinstance(value, str) or not NODE_ID.fullmatch(value):
        raise EditError(f"a block's id may be 40 letters and digits, got {shown(value)}")
    return value
