"""What a canvas asks Python to work out: own blocks made and taken apart, repeats too. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from blocks import (
    Design,
    Edit,
    EditError,
    change_param,
    fold,
    fold_within,
    pack,
    pack_within,
    rename_port,
    split,
    split_within,
    unpack,
    unpack_within,
)
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


@dataclass(frozen=True)
class Splitting:
    """Put single blocks in the place of a repeated one."""

    node: str
    within: str

    def edit(self, design: Design) -> Edit:
        if self.within:
            return split_within(design, self.within, self.node)
        return split(design, self.node)

    def label(self, design: Design) -> str:
        node = None if self.within else design.nodes.get(self.node)
        return f"Split {node.name} into {node.repeat}" if node else "Split a block"


@dataclass(frozen=True)
class Folding:
    """Make one repeated block of a chain of equal ones."""

    nodes: tuple[str, ...]
    within: str

    def edit(self, design: Design) -> Edit:
        if self.within:
            return fold_within(design, self.within, self.nodes)
        return fold(design, self.nodes)

    def label(self, design: Design) -> str:
        return f"Fold {len(self.nodes)} blocks into one"


@dataclass(frozen=True)
class PortRenaming:
    """Give a port of an own block another name."""

    within: str
    side: Literal["inputs", "outputs"]
    port: str
    name: str

    def edit(self, design: Design) -> Edit:
        return rename_port(design, self.within, self.side, self.port, self.name)

    def label(self, design: Design) -> str:
        return f"Rename port {self.port}"


@dataclass(frozen=True)
class ParamChange:
    """Change the name, the default or a limit of a parameter that an own block shows."""

    within: str
    param: str
    changes: Mapping[str, Any]

    def edit(self, design: Design) -> Edit:
        return change_param(design, self.within, self.param, self.changes)

    def label(self, design: Design) -> str:
        return f"{'Rename' if 'name' in self.changes else 'Change'} parameter {self.param}"


KINDS = ("pack", "unpack", "split", "fold", "rename_port", "change_param")


def check_request(entry: Mapping[Any, Any]) -> Request:
    """Return what a message of one of these kinds asks for.

    Raises:
        EditError: it has not the shape of one.
    """
    within = entry.get("within", "")
    check_text("the block worked in", within, MAX_NAME)
    match entry.get("kind"):
        case "unpack":
            return Unpacking(_node_id(entry.get("node")), within)
        case "split":
            return Splitting(_node_id(entry.get("node")), within)
        case "fold":
            return Folding(_node_ids(entry.get("nodes")), within)
        case "rename_port":
            return _port_renaming(entry, within)
        case "change_param":
            return _param_change(entry, within)
        case _:
            return _packing(entry, within)


def _port_renaming(entry: Mapping[Any, Any], within: str) -> PortRenaming:
    side, port, name = entry.get("side"), entry.get("port"), entry.get("name")
    check_text("a port's name", port, MAX_NAME)
    check_text("a port's name", name, MAX_NAME)
    if side not in ("inputs", "outputs"):
        raise EditError(f"a port is one of the inputs or outputs, got {shown(side)}")
    return PortRenaming(within, "inputs" if side == "inputs" else "outputs", str(port), str(name))


def _param_change(entry: Mapping[Any, Any], within: str) -> ParamChange:
    param, changes = entry.get("param"), entry.get("changes")
    check_text("a parameter's name", param, MAX_NAME)
    if not isinstance(changes, Mapping) or not all(isinstance(key, str) for key in changes):
        raise EditError(f"the changes of a parameter must be an object, got {shown(changes)}")
    limits = {key: value for key, value in changes.items() if value is not None}
    check_own({"block": {"params": [{"name": "changed", "targets": [], **limits}]}})
    return ParamChange(within, str(param), changes)


def _packing(entry: Mapping[Any, Any], within: str) -> Packing:
    title, params = entry.get("title"), entry.get("params", [])
    check_text("the block's title", title, MAX_NAME)
    if not str(title).strip():
        raise EditError("a block needs a title; write one")
    nodes = _node_ids(entry.get("nodes"))
    # A definition with these parameters and nothing in it is checked as any other.
    check_own({"block": {"params": params}})
    instance = _node_id(entry.get("instance"))
    return Packing(nodes, str(title).strip(), tuple(params), instance, within)


def _node_ids(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MAX_NODES:
        raise EditError(f"the blocks chosen must be a list, got {shown(value)}")
    return tuple(map(_node_id, value))


def _node_id(value: object) -> str:
    if not isinstance(value, str) or not NODE_ID.fullmatch(value):
        raise EditError(f"a block's id may be 40 letters and digits, got {shown(value)}")
    return value
