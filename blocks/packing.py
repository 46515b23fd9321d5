"""Packing blocks of a design into a block of one's own, and unpacking one again; both are edits."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from blocks.design import Design, Edit
from blocks.errors import EditError
from blocks.node import Link, Node, free_name
from blocks.order import ordered
from blocks.own import PREFIX, Own, require_parameter_name

Source = tuple[str, str]
"""Where a link starts: (node id, port)."""


def pack(
    design: Design,
    node_ids: Iterable[str],
    title: str,
    exposed: Sequence[Mapping[str, Any]] = (),
    instance_id: str = "",
) -> Edit:
    """Return the edit that makes a block of some nodes and puts an instance in their place.

    Each entry of `exposed` is a parameter of the new block: its "name", the "targets" it sets
    ({"node", "param"}), and, if wanted, a narrower "default", "min", "max" and "help".

    Raises:
        EditError: nothing or an input is chosen, or a path leaves the chosen nodes and returns.
    """
    chosen = [design.nodes[node_id] for node_id in node_ids if node_id in design.nodes]
    _require_closed(design, chosen)
    for entry in exposed:
        require_parameter_name(entry.get("name"))
    definition_id = free_name(_identifier(title), design.definitions)
    instance = instance_id or free_name(definition_id, design.nodes)
    border = _Border(design, {node.id for node in chosen})
    rest = design.names() - {node.name for node in chosen}
    return {
        "definitions": {definition_id: _definition(title, chosen, border, exposed)},
        "nodes": {
            **dict.fromkeys(node.id for node in chosen),
            instance: {
                "block": PREFIX + definition_id,
                "name": free_name(f"{definition_id}_1", rest),
                "x": sum(node.x for node in chosen) / len(chosen),
                "y": sum(node.y for node in chosen) / len(chosen),
            },
        },
        "links": {link.key: {"order": link.order} for link in border.links_of(instance)},
    }


def _definition(
    title: str, chosen: Sequence[Node], border: "_Border", exposed: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    return {
        "title": title,
        "nodes": [node.to_json() for node in chosen],
        "links": [link.to_json() for link in border.inside],
        "inputs": border.inputs(),
        "outputs": border.outputs(),
        "params": [dict(entry) for entry in exposed],
    }


class _Border:
    """The links inside a choice of nodes, and those that cross its border."""

    def __init__(self, design: Design, ids: set[str]) -> None:
        links = sorted(design.links.values(), key=lambda link: link.order)
        self.inside = [link for link in links if link.source in ids and link.target in ids]
        self.entering = [link for link in links if link.target in ids and link.source not in ids]
        self.leaving = [link for link in links if link.source in ids and link.target not in ids]
        ends = [(link.source, link.source_port) for link in self.leaving]
        used = {*ends, *((link.source, link.source_port) for link in self.inside)}
        ends += [
            (node_id, port.name)
            for node_id in ordered(design)[0]
            for port in design.nodes[node_id].block.outputs
            if node_id in ids and (node_id, port.name) not in used
        ]
        self.port_of: dict[Source, str] = _ports(
            "in", ((link.source, link.source_port) for link in self.entering)
        )
        self.port_from: dict[Source, str] = _ports("out", ends)

    def inputs(self) -> list[dict[str, Any]]:
        """Return the input ports of the definition: one for each thing that is read."""
        return [{"name": name, "targets": self._targets(src)} for src, name in self.port_of.items()]

    def _targets(self, source: Source) -> list[dict[str, Any]]:
        return [
            {"node": link.target, "port": link.target_port, "order": link.order}
            for link in self.entering
            if (link.source, link.source_port) == source
        ]

    def outputs(self) -> list[dict[str, str]]:
        """Return the output ports of the definition."""
        return [
            {"name": name, "node": node_id, "port": port}
            for (node_id, port), name in self.port_from.items()
        ]

    def links_of(self, instance: str) -> list[Link]:
        """Return the links that the instance has in place of those that crossed the border."""
        entering = [
            Link(source, instance, port, name) for (source, port), name in self.port_of.items()
        ]
        return entering + [
            replace(
                link, source=instance, source_port=self.port_from[link.source, link.source_port]
            )
            for link in self.leaving
        ]


def unpack(design: Design, node_id: str) -> Edit:
    """Return the edit that puts an own block's inner nodes in its place, layer names kept.

    Raises:
        EditError: the node is not a block of one's own, or is repeated.
    """
    node = design.nodes.get(node_id)
    if node is None or not isinstance(node.block, Own):
        raise EditError("only a block of your own can be unpacked; choose one")
    if node.repeat != 1:
        raise EditError(f"{node.name}: a repeated block cannot be unpacked; set repeat to 1 first")
    inner = node.block.definition.with_values(node.block.values() | dict(node.first))
    ids: dict[str, str] = {}
    for old in inner:
        ids[old] = free_name(f"{node_id}_{old}"[-36:], (*design.nodes, *ids.values()))
    return {
        "nodes": {node_id: None, **{ids[old]: _placed(node, inner[old]) for old in inner}},
        "links": {
            link.key: {"order": link.order}
            for link in (*_inner_links(node.block, ids), *_outer_links(design, node, ids))
        },
    }


def _placed(instance: Node, inner: Node) -> dict[str, Any]:
    """Return an inner node as it stands in the design, under the instance's name."""
    entry = inner.to_json() | {
        "name": f"{instance.name}_{inner.name}",
        "frozen": instance.frozen or inner.frozen,
        "note": inner.note or instance.note,
    }
    del entry["id"]
    return entry


def _inner_links(block: Own, ids: Mapping[str, str]) -> list[Link]:
    links = block.definition.links.values()
    return [replace(link, source=ids[link.source], target=ids[link.target]) for link in links]


def _outer_links(design: Design, node: Node, ids: Mapping[str, str]) -> list[Link]:
    assert isinstance(node.block, Own)
    definition = node.block.definition
    entering = [
        Link(link.source, ids[target], link.source_port, port, order + place)
        for place, link in enumerate(design.incoming()[node.id])
        for target, port, order in definition.feeds.get(link.target_port, ())
    ]
    leaving = [
        replace(link, source=ids[leaf[0]], source_port=leaf[1])
        for link in design.links.values()
        for leaf in [definition.leaves.get(link.source_port)]
        if link.source == node.id and leaf
    ]
    return entering + leaving


def _require_closed(design: Design, chosen: Sequence[Node]) -> None:
    """Refuse a choice that holds nothing or an input, or that a path leaves and comes back to."""
    if not chosen:
        raise EditError("choose the blocks to make a block of first")
    for node in chosen:
        if not node.block.inputs:
            raise EditError(f"{node.name}: an input cannot be part of a block; leave it out")
    ids = {node.id for node in chosen}
    outside = _reached(design, ids) - ids
    for link in design.links.values():
        if link.source in outside and link.target in ids:
            name = design.nodes[link.source].name
            raise EditError(
                f"{name}: it stands between the chosen blocks; choose it too, or fewer blocks"
            )


def _reached(design: Design, ids: set[str]) -> set[str]:
    """Return the nodes outside that read, directly or not, what leaves the chosen ones."""
    reached = set(ids)
    waiting = list(ids)
    while waiting:
        node_id = waiting.pop()
        for link in design.links.values():
            if link.source == node_id and link.target not in reached:
                reached.add(link.target)
                waiting.append(link.target)
    return reached


def _ports(stem: str, sources: Iterable[Source]) -> dict[Source, str]:
    """Return a port's name for each distinct source: in, in_2, in_3 ..."""
    names: dict[Source, str] = {}
    for source in sources:
        names.setdefault(source, stem if not names else f"{stem}_{len(names) + 1}")
    return names


def _identifier(title: str) -> str:
    text = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:40]
    return text if text[:1].isalpha() else f"block_{text}".rstrip("_")
