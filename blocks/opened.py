"""Definitions laid open: an own block's inside as a design, to draw in and to put numbers on."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from blocks.block import Block
from blocks.design import Design, Edit
from blocks.expand import expand
from blocks.layers import Tensor
from blocks.node import Link, Node, free_name, make_block
from blocks.own import Definition, Own
from blocks.packing import pack, unpack

PORT_IN, PORT_OUT = "port:in", "port:out"
"""The types of the stand-ins for a definition's ports; they occur nowhere else."""


def opened(design: Design, definition_id: str) -> Design:
    """Return the inside of a definition as a design, each of its ports a node.

    Raises:
        EditError: there is no such definition.
    """
    data = design.definition(definition_id)
    ports, links = [], list(data.get("links", ()))
    for port in data.get("inputs", ()):
        ports.append({"id": _in_id(port["name"]), "name": port["name"], "block": PORT_IN})
        links += [
            {"source": _in_id(port["name"]), "source_port": "out", "target": target["node"]}
            | {"target_port": target.get("port", "in"), "order": target.get("order", 0)}
            for target in port.get("targets", ())
        ]
    for port in data.get("outputs", ()):
        node_id = f"port_out_{port['name']}"
        ports.append({"id": node_id, "name": port["name"], "block": PORT_OUT})
        if port["node"]:
            out = port.get("port", "out")
            links.append({"source": port["node"], "source_port": out, "target": node_id})
    return Design.from_json(
        {
            "name": data.get("title") or definition_id,
            "nodes": [*data.get("nodes", ()), *ports],
            "links": links,
            "definitions": design.definitions,
        }
    )


def closed(data: Mapping[str, Any], inner: Design) -> dict[str, Any]:
    """Return a definition's data with the inside it has now; places of ports are kept."""
    kinds = {node_id: node.block.type_name for node_id, node in inner.nodes.items()}
    links = sorted(inner.links.values(), key=lambda link: link.order)
    feeds: dict[str, list[Link]] = {n: [] for n, kind in kinds.items() if kind == PORT_IN}
    leaves = {n: ("", "out") for n, kind in kinds.items() if kind == PORT_OUT}
    between = []
    for link in links:
        if link.source in feeds:
            feeds[link.source].append(link)
        elif link.target in leaves:
            leaves[link.target] = link.source, link.source_port
        else:
            between.append(link)
    places = {p["name"]: p for p in (*data.get("inputs", ()), *data.get("outputs", ()))}
    name = {node_id: node.name for node_id, node in inner.nodes.items()}
    return {
        **data,
        "nodes": [n.to_json() for n in inner.nodes.values() if n.id not in (*feeds, *leaves)],
        "links": [link.to_json() for link in between],
        "inputs": [
            {**places.get(name[port], {}), "name": name[port], "targets": _targets(found)}
            for port, found in feeds.items()
        ],
        "outputs": [
            {**places.get(name[port], {}), "name": name[port], "node": node, "port": out}
            for port, (node, out) in leaves.items()
        ],
    }


def pack_within(
    design: Design,
    definition_id: str,
    node_ids: Iterable[str],
    title: str,
    exposed: Sequence[Mapping[str, Any]] = (),
    instance_id: str = "",
) -> Edit:
    """Return the edit that packs some inner nodes of a definition; see `pack`.

    Parameters of the definition that drive packed nodes go on doing so, through the new block.
    """
    inner, data = opened(design, definition_id), design.definition(definition_id)
    ports = {n for n, node in inner.nodes.items() if node.block.type_name in (PORT_IN, PORT_OUT)}
    chosen = [node_id for node_id in node_ids if node_id not in ports]
    taken = {str(entry.get("name")) for entry in exposed}
    lifted = {}
    for entry in data.get("params", ()):
        moved = [target for target in entry["targets"] if target["node"] in chosen]
        if moved:
            name = free_name(entry["name"], taken)
            taken.add(name)
            lifted[entry["name"]] = {**entry, "name": name, "targets": moved}
    edit = pack(inner, chosen, title, [*exposed, *lifted.values()], instance_id)
    made = next(node_id for node_id, fields in edit["nodes"].items() if fields)

    def follow(name: str, target: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        if target["node"] not in chosen:
            return [target]
        return [{"node": made, "param": lifted[name]["name"]}]

    return edit_inside(design, definition_id, inner, edit, follow)


def unpack_within(design: Design, definition_id: str, node_id: str) -> Edit:
    """Return the edit that unpacks an own block inside a definition; see `unpack`."""
    inner = opened(design, definition_id)
    edit = unpack(inner, node_id)
    block = inner.nodes[node_id].block
    assert isinstance(block, Own)
    placed = [placed_id for placed_id, fields in edit["nodes"].items() if fields]
    ids = dict(zip(block.definition.nodes, placed, strict=True))

    def follow(_: str, target: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        if target["node"] != node_id:
            return [target]
        drives = block.definition.drives.get(target["param"], ())
        return [{"node": ids[node], "param": param} for node, param in drives]

    return edit_inside(design, definition_id, inner, edit, follow)


def edit_inside(
    design: Design,
    definition_id: str,
    inner: Design,
    edit: Edit,
    follow: Callable[[str, Mapping[str, Any]], list[Mapping[str, Any]]],
) -> Edit:
    """Return an edit of a definition's inside as an edit of the design.

    `follow` tells, for each parameter of the definition by name, what it sets in place of a target.
    """
    after, _ = inner.apply(edit)
    data = closed(design.definitions[definition_id], after)
    data["params"] = [
        {
            **entry,
            "targets": _once(t for old in entry["targets"] for t in follow(entry["name"], old)),
        }
        for entry in data.get("params", ())
    ]
    return {"definitions": {**edit.get("definitions", {}), definition_id: data}}


def _once(targets: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for target in targets:
        if target not in found:
            found.append(target)
    return found


def inside(design: Design, definition_id: str) -> Design | None:
    """Return the inside of an instance of a definition, fed with what comes into that one.

    It is the first instance that has all its inputs, or else the first. Inputs have the ids of
    the ports in `opened`; a port that gets nothing is a node that waits. None without instance.
    """
    tensors, incoming = expand(design).leaving, design.incoming()
    first = None
    for node in design.nodes.values():
        if not isinstance(node.block, Own) or node.block.definition.id != definition_id:
            continue
        fed = [
            (link.target_port, tensors.get((link.source, link.source_port)))
            for link in incoming[node.id]
        ]
        found = [(port, tensor) for port, tensor in fed if tensor]
        inner = _fed(design, node.block, found)
        if {port for port, _ in found} == {*node.block.definition.feeds}:
            return inner
        first = first or inner
    return first


def _fed(design: Design, block: Own, found: list[tuple[str, Tensor]]) -> Design:
    definition = block.definition
    nodes = definition.with_values(block.values())
    links = dict(definition.links)
    missing = [port for port in definition.feeds if port not in dict(found)]
    for place, (port, tensor) in enumerate([*found, *((port, None) for port in missing)]):
        if port not in definition.feeds:
            continue
        node_id = _in_id(port) if _in_id(port) not in nodes else f"{_in_id(port)}_{place + 1}"
        nodes[node_id] = Node(node_id, node_id, _source(tensor))
        links |= {link.key: link for link in _links_of(definition, port, node_id, place)}
    return replace(Design(block.title), nodes=nodes, links=links, definitions=design.definitions)


def _source(tensor: Tensor | None) -> Block:
    """Return an input of a tensor's shape; without one a block that waits for something."""
    if tensor is None:
        return make_block("Activation", {})[0]
    shape = "x".join("?" if axis is None else str(axis) for axis in tensor.shape)
    return make_block("KerasInput", {"shape": shape})[0]


def _links_of(definition: Definition, port: str, node_id: str, place: int) -> Iterator[Link]:
    for target, target_port, order in definition.feeds[port]:
        yield Link(node_id, target, "out", target_port, order + place)


def _in_id(name: str) -> str:
    return f"port_in_{name}"


def _targets(links: list[Link]) -> list[dict[str, Any]]:
    return [{"node": n.target, "port": n.target_port, "order": n.order} for n in links]
