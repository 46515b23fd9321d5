"""The parts of a design: nodes, which are named blocks, and the links between them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from blocks.block import Block, Unknown
from blocks.catalog import BLOCKS
from blocks.errors import EditError

NO_OWN: Mapping[str, type[Block]] = {}
PLAIN_FIELDS = ("repeat", "frozen", "note", "x", "y")
LINK_KEY = re.compile(r"([^:>]+):([^:>]+)>([^:>]+):([^:>]+)")


@dataclass(frozen=True)
class Node:
    """A named block of a design.

    `id` never changes; `name` is unique, an identifier, and the prefix of its layers' names.
    `repeat` chains the block so many times; `first` are the parameters in which the first of
    them differs, as a stage's first block does in its stride. `extras` are parameters a file
    gave that the block does not have. `layer_names` replaces single layer names, each known by what
    follows the node's name in its own: `conv1`, in the second repetition `2_conv1`.
    """

    id: str
    name: str
    block: Block
    repeat: int = 1
    first: Mapping[str, Any] = field(default_factory=dict)
    frozen: bool = False
    note: str = ""
    x: float = 0.0
    y: float = 0.0
    layer_names: Mapping[str, str] = field(default_factory=dict)
    extras: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the node as its JSON object."""
        return {
            "id": self.id,
            "name": self.name,
            "block": self.block.type_name,
            "params": {**self.block.values(), **self.extras},
            **{name: getattr(self, name) for name in PLAIN_FIELDS},
            "first": dict(self.first),
            "layer_names": dict(self.layer_names),
        }

    def changed(
        self, fields: Mapping[str, Any], own: Mapping[str, type[Block]] = NO_OWN
    ) -> "tuple[Node, dict[str, Any]]":
        """Return the node with some fields changed, and the fields that take it back.

        Parameters are changed one by one; one that is None goes back to its default.

        Raises:
            EditError: a block has no such field.
        """
        unknown = set(fields) - {"name", "params", "first", "layer_names", *PLAIN_FIELDS}
        if unknown:
            raise EditError(f"{self.name}: a block has no field {', '.join(sorted(unknown)):.80}")
        before, params = self.to_json(), fields.get("params") or {}
        merged = {**before["params"], **params}
        merged = {
            name: value for name, value in merged.items() if params.get(name, ...) is not None
        }
        back = {name: before[name] for name in fields if name != "params"}
        if params:
            back["params"] = {name: before["params"].get(name) for name in params}
        return node_from_json(self.id, {**before, **fields, "params": merged}, own), back


@dataclass(frozen=True, order=True)
class Link:
    """An arrow from an output port to an input port; `order` sorts the inputs of one port."""

    source: str
    target: str
    source_port: str = "out"
    target_port: str = "in"
    order: int = 0

    @property
    def key(self) -> str:
        return f"{self.source}:{self.source_port}>{self.target}:{self.target_port}"

    @classmethod
    def from_key(cls, key: str, order: int = 0) -> "Link":
        """Return the link a key stands for.

        Raises:
            EditError: the text is not a link's key.
        """
        match = LINK_KEY.fullmatch(key)
        if not match:
            raise EditError(f"{key!r:.80} is not a link; write it source:port>target:port")
        source, source_port, target, target_port = match.groups()
        return cls(source, target, source_port, target_port, order)

    def to_json(self) -> dict[str, Any]:
        """Return the link as its JSON object."""
        return {
            "source": self.source,
            "source_port": self.source_port,
            "target": self.target,
            "target_port": self.target_port,
            "order": self.order,
        }


def make_block(
    kind: str, params: Mapping[str, Any], own: Mapping[str, type[Block]] = NO_OWN
) -> tuple[Block, dict[str, Any]]:
    """Return the block of a type with these values, and the values it has no parameter for.

    `own` are the person's own types by the name they have in files.
    """
    block_type = BLOCKS.get(kind) or own.get(kind)
    if block_type is None:
        return Unknown(kind, dict(params)), {}
    known = block_type.params()
    extras = {name: value for name, value in params.items() if name not in known}
    return block_type(**{n: v for n, v in params.items() if n in known}), extras


def node_from_json(
    node_id: str, entry: Mapping[str, Any], own: Mapping[str, type[Block]] = NO_OWN
) -> Node:
    """Return the node a JSON object describes; what it leaves out takes its default."""
    block, extras = make_block(entry["block"], entry.get("params") or {}, own)
    return Node(
        id=node_id,
        name=entry.get("name") or node_id,
        block=block,
        first=entry.get("first") or {},
        layer_names=entry.get("layer_names") or {},
        extras=extras,
        **{name: entry[name] for name in PLAIN_FIELDS if name in entry},
    )


def link_from_json(entry: Mapping[str, Any]) -> Link:
    """Return the link a JSON object describes."""
    return Link(
        entry["source"],
        entry["target"],
        entry.get("source_port", "out"),
        entry.get("target_port", "in"),
        entry.get("order", 0),
    )


def free_name(name: str, taken: Iterable[str]) -> str:
    """Return the name, or its stem with the first free number from 2: `stem_2`, ..."""
    names, count, free = set(taken), 1, name
    stem = re.sub(r"_\d+$", "", name)
    while free in names:
        count += 1
        free = f"{stem}_{count}"
    return free
