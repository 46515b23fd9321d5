"""Taking a block of one design into another one, or one it lacks out of it, as an edit."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal

from blocks.alignment import aligned
from blocks.block import Port
from blocks.design import Design, Edit
from blocks.node import Link, Node, free_name
from blocks.own import PREFIX, held_by, needed_definitions

Links = dict[str, dict[str, int] | None]
Side = Literal["source_port", "target_port"]


def transplant(design: Design, other: Design, name: str) -> Edit:
    """Return the edit that puts a block of another design, given by its name there, into a design.

    The block that is the same in both takes its type, parameters, repeats and inputs, and keeps
    its id, name, place and note. Where there is none it is added, with links to the neighbours
    that both designs have. The definition of an own block comes along, under another id where
    the design has a different one of that id.

    Raises:
        EditError: the other design has no block of that name.
    """
    node = other.node(name)
    pairs = aligned(design, other)
    names, definitions = _definitions(design, other, node)
    fields = {key: value for key, value in node.to_json().items() if key != "id"}
    fields["block"] = names.get(fields["block"], fields["block"])
    if node.id in pairs:
        here = design.nodes[pairs[node.id]]
        fields |= {"name": here.name, "x": here.x, "y": here.y, "note": here.note}
        links = _relinked(design, other, node, pairs)
    else:
        node_id = free_name(node.id[:36], design.nodes)
        pairs = {**pairs, node.id: node_id}
        fields |= {"x": 0.0, "y": 0.0} | _beside(design, other, node, pairs)
        links = _joined(design, other, node, pairs)
    edit = {"definitions": definitions, "nodes": {pairs[node.id]: fields}, "links": links}
    return {part: changes for part, changes in edit.items() if changes}


def taken_out(design: Design, other: Design, name: str) -> Edit:
    """Return the edit that takes a block, given by its name, out of a design as another one has it.

    The blocks around it are linked as in the other design; where that has no link between them,
    what the one link into the block brings goes on to where the block led.

    Raises:
        EditError: the design has no block of that name.
    """
    node = design.node(name)
    into = [link for link in design.links.values() if link.target == node.id]
    out = [link for link in design.links.values() if link.source == node.id]
    gone: Links = {link.key: None for link in (*into, *out)}
    sources, targets = {link.source for link in into}, {link.target for link in out}
    joined = [
        link
        for link in _mapped(other.links.values(), aligned(design, other))
        if link.source in sources and link.target in targets and _is_free(design, link, gone)
    ]
    if not joined and len(into) == 1:
        start = into[0]
        joined = [replace(link, source=start.source, source_port=start.source_port) for link in out]
    links = {link.key: {"order": link.order} for link in joined if link.key not in design.links}
    edit: Edit = {"nodes": {node.id: None}, "links": links}
    return {part: changes for part, changes in edit.items() if changes}


def _relinked(design: Design, other: Design, node: Node, pairs: Mapping[str, str]) -> Links:
    """Return changes that give a block the inputs it has in the other design, where all are here.

    Links to ports that the block has no more go to its first port, or where it has none.
    """
    here = pairs[node.id]
    links: Links = {}
    for link in design.links.values():
        moved: Link | None = link
        if link.source == here:
            moved = _on_port(link, "source_port", node.block.outputs)
        elif link.target == here:
            moved = _on_port(link, "target_port", node.block.inputs)
        if moved != link:
            links[link.key] = None
            if moved:
                links[moved.key] = {"order": moved.order}
    wanted = list(_mapped(other.incoming()[node.id], pairs))
    if len(wanted) == len(other.incoming()[node.id]):
        now = {key for key in _after(design, links) if key.split(">")[1].startswith(f"{here}:")}
        keys = {link.key: link.order for link in wanted}
        links |= dict.fromkeys(now - keys.keys())
        links |= {k: {"order": order} for k, order in keys.items() if _differs(design, k, order)}
    return {key: fields for key, fields in links.items() if fields or key in design.links}


def _on_port(link: Link, side: Side, ports: tuple[Port, ...]) -> Link | None:
    """Return a link whose end at a block of these ports leads to one of them."""
    if any(port.name == getattr(link, side) for port in ports):
        return link
    if not ports:
        return None
    if side == "source_port":
        return replace(link, source_port=ports[0].name)
    return replace(link, target_port=ports[0].name)


def _after(design: Design, links: Links) -> set[str]:
    """Return the keys of the links a design has after changes to them."""
    gone = {key for key, fields in links.items() if fields is None}
    return (design.links.keys() | links.keys()) - gone


def _differs(design: Design, key: str, order: int) -> bool:
    link = design.links.get(key)
    return link is None or link.order != order


def _joined(design: Design, other: Design, node: Node, pairs: Mapping[str, str]) -> Links:
    """Return links between a new block and its neighbours; it steps into a link between them."""
    near = [link for link in other.links.values() if node.id in (link.source, link.target)]
    wanted = list(_mapped(near, pairs))
    sources = {link.source for link in wanted if link.source != pairs[node.id]}
    targets = {link.target for link in wanted if link.target != pairs[node.id]}
    kept = {link.key for link in _mapped(other.links.values(), pairs)}
    links: Links = {
        key: None
        for key, link in design.links.items()
        if link.source in sources and link.target in targets and key not in kept
    }
    for link in wanted:
        if link.source != pairs[node.id] or _is_free(design, link, links):
            links[link.key] = {"order": link.order}
    return links


def _is_free(design: Design, link: Link, links: Links) -> bool:
    """Tell whether one more link may end where a link does."""
    target = design.nodes[link.target]
    many = any(port.many for port in target.block.inputs if port.name == link.target_port)
    end = f">{link.target}:{link.target_port}"
    return many or not any(key.endswith(end) for key in _after(design, links))


def _mapped(links: Iterable[Link], pairs: Mapping[str, str]) -> Iterator[Link]:
    """Yield those of another design's links whose ends a design has, between its own blocks."""
    for link in links:
        if link.source in pairs and link.target in pairs:
            ends = pairs[link.source], pairs[link.target]
            yield Link(*ends, link.source_port, link.target_port, link.order)


def _beside(
    design: Design, other: Design, node: Node, pairs: Mapping[str, str]
) -> dict[str, float]:
    """Return a place that lies to a neighbour as it does in the other design."""
    near = [link.source for link in other.incoming()[node.id]]
    near += [link.target for link in other.links.values() if link.source == node.id]
    for name in near:
        if name in pairs:
            there, here = other.nodes[name], design.nodes[pairs[name]]
            return {"x": here.x + node.x - there.x, "y": here.y + node.y - there.y}
    return {}


def _definitions(
    design: Design, other: Design, node: Node
) -> tuple[dict[str, str], dict[str, Any]]:
    """Return new names of own types, and the definitions that a block needs and a design lacks."""
    needed = _needed(other, node)
    unlike = _unlike(design, other, needed)
    taken = design.definitions.keys() | needed
    names: dict[str, str] = {}
    for key in sorted(unlike):
        names[PREFIX + key] = PREFIX + free_name(key[:36], taken)
        taken = taken | {names[PREFIX + key].removeprefix(PREFIX)}
    brought = {}
    for key in sorted(needed):
        new = names.get(PREFIX + key, PREFIX + key).removeprefix(PREFIX)
        if new not in design.definitions:
            brought[new] = _with_types(other.definitions[key], names)
    return names, brought


def _unlike(design: Design, other: Design, needed: set[str]) -> set[str]:
    """Return which definitions are others in a design, in themselves or in what they hold."""
    known = needed & design.definitions.keys()
    unlike = {key for key in known if design.definitions[key] != other.definitions[key]}
    while True:
        holders = {k for k in known - unlike if unlike & held_by(other.definitions[k])}
        if not holders:
            return unlike
        unlike |= holders


def _needed(design: Design, node: Node) -> set[str]:
    """Return the ids of a block's definition and of those inside it; none for a usual block."""
    name = node.block.type_name
    if not name.startswith(PREFIX):
        return set()
    return {*needed_definitions(design.definitions, name.removeprefix(PREFIX))}


def _with_types(data: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    nodes = [{**n, "block": names.get(n["block"], n["block"])} for n in data.get("nodes", ())]
    return {**data, "nodes": nodes}
