"""Repairs that draw, cut or turn links, and that take a block out of the way."""

from collections.abc import Iterator
from typing import Any

from blocks.block import Unknown
from blocks.design import Edit
from blocks.node import Link, Node, free_name
from blocks.order import ordered
from blocks.repairs.place import CUT, INSERT, LINK, REMOVE, Place, Way, both

NEAREST = 3
VECTORS = ("Flatten", "GlobalPool")


def ways(place: Place) -> Iterator[Way]:
    """Yield changes of links that may mend the problem."""
    if place.problem.severity == "warning":
        yield from _loose_end(place)
        return
    yield from _missing(place)
    yield from _misplaced(place)
    yield from _circle(place)
    yield from _too_many(place)
    yield from _other_rank(place)
    yield from _out_of_the_way(place)


def _missing(place: Place) -> Iterator[Way]:
    """Link the blocks drawn last before this one to a port that has too few links."""
    node = place.node
    for port in node.block.inputs:
        here = [link for link in place.incoming if link.target_port == port.name]
        if len(here) > (1 if port.many else 0):
            continue
        linked = {link.source for link in here}
        to = "it" if len(node.block.inputs) == 1 else f"its input {port.name}"
        for source in _sources(place)[:NEAREST]:
            if source.id in linked or not source.block.outputs:
                continue
            key = f"{source.id}:{source.block.outputs[0].name}>{node.id}:{port.name}"
            edit = {"links": {key: {"order": len(place.incoming)}}}
            yield Way(f"Link {source.name} to {to}", edit, LINK)


def _sources(place: Place) -> list[Node]:
    """Return the blocks that may lead here: loose ends first, then the one drawn nearest above."""
    used = {link.source for link in place.design.links.values()}
    behind = _behind(place)
    nodes = [place.design.nodes[node_id] for node_id in place.expansion.tensors]
    nodes = [node for node in nodes if node.id not in behind]
    here = place.node
    return sorted(
        nodes, key=lambda n: (n.id in used, n.y > here.y, abs(n.y - here.y) + abs(n.x - here.x))
    )


def _behind(place: Place) -> set[str]:
    """Return the ids of this node and of all that it leads to."""
    found = {place.node.id}
    while True:
        links = place.design.links.values()
        more = {link.target for link in links if link.source in found} - found
        if not more:
            return found
        found |= more


def _misplaced(place: Place) -> Iterator[Way]:
    """Move a link that ends or starts at a port that is not there, or remove it."""
    for link in place.incoming:
        source = place.design.nodes[link.source]
        ends = {port.name for port in place.node.block.inputs}
        starts = {port.name for port in source.block.outputs}
        if link.target_port in ends and link.source_port in starts:
            continue
        yield _without(place, link)
        if ends and starts:
            start = link.source_port if link.source_port in starts else min(starts)
            end = link.target_port if link.target_port in ends else min(ends)
            key = f"{link.source}:{start}>{link.target}:{end}"
            edit = {"links": {link.key: None, key: {"order": link.order}}}
            yield Way(f"Move the link from {source.name} to the port {end}", edit, LINK)


def _without(place: Place, link: Link) -> Way:
    edit = {"links": {link.key: None}}
    return Way(f"Remove the link from {place.name(link.source)}", edit, CUT)


def _too_many(place: Place) -> Iterator[Way]:
    """Join the links at a port that takes one, or leave one of them out."""
    if len(place.incoming) < 2:
        return
    for link in place.incoming:
        yield _without(place, link)
    for port in place.node.block.inputs:
        here = [link for link in place.incoming if link.target_port == port.name]
        if port.many or len(here) < 2:
            continue
        for block in ("Add", "Concatenate"):
            yield Way(f"Join them with {block}", _joined(place, here, block), INSERT)


def _joined(place: Place, links: list[Link], block: str) -> Edit:
    """Return the edit that puts a merge of links before the port that the first of them ends at."""
    first, target = links[0], place.design.nodes[links[0].target]
    edit = place.inserted(first, block, block.lower(), {})
    (made,) = edit["nodes"]
    place_above = place.free_place(target.x, target.y - 110)
    nodes = {made: {**edit["nodes"][made], **place_above}}
    more = {link.key: None for link in links[1:]} | {
        f"{link.source}:{link.source_port}>{made}:in": {"order": order}
        for order, link in enumerate(links[1:], start=1)
    }
    return {"nodes": nodes, "links": {**edit["links"], **more}}


def _circle(place: Place) -> Iterator[Way]:
    """Open the circle at one of its links; arrows that point up come first."""
    _, circular = ordered(place.design)
    if place.node.id not in circular:
        return
    nodes = place.design.nodes
    around = [k for k in place.design.links.values() if {k.source, k.target} <= set(circular)]
    around.sort(key=lambda link: nodes[link.target].y - nodes[link.source].y)
    for up, link in enumerate(around[:8]):
        names = place.name(link.source), place.name(link.target)
        label = f"Remove the link from {names[0]} to {names[1]}"
        yield Way(label, {"links": {link.key: None}}, CUT + min(up, 1))


def _other_rank(place: Place) -> Iterator[Way]:
    """Turn an image into a vector before this block, or leave out what did so before."""
    node = place.node
    if len(place.incoming) != 1 or place.shapes[0] is None:
        return
    link, shape = place.incoming[0], place.shapes[0]
    if len(shape) > 1:
        for block, words in (("Flatten", "Flatten"), ("GlobalPool", "a global pooling")):
            edit = place.inserted(link, block, "pool" if block == "GlobalPool" else "flatten", {})
            yield Way(f"Insert {words} before it", edit, INSERT)
        return
    before = place.design.nodes[link.source]
    leads = [k for k in place.design.links.values() if k.source == before.id]
    if before.block.type_name in VECTORS and len(leads) == 1:
        yield _healed(place, before)
    if node.block.type_name in VECTORS:
        yield _healed(place, node)


def _out_of_the_way(place: Place) -> Iterator[Way]:
    if len(place.incoming) <= 1 or isinstance(place.node.block, Unknown):
        yield _healed(place, place.node)


def _healed(place: Place, node: Node) -> Way:
    """Return the way that removes a node and joins what it stood between, if that is one link."""
    links = place.design.links.values()
    inner = [link for link in links if link.target == node.id]
    outer = [link for link in links if link.source == node.id]
    joined = {
        f"{one.source}:{one.source_port}>{other.target}:{other.target_port}": {"order": other.order}
        for one in inner[:1]
        for other in outer
    }
    edit = {"nodes": {node.id: None}, "links": joined}
    return Way(f"Remove {node.name}", edit, REMOVE)


def _loose_end(place: Place) -> Iterator[Way]:
    """Link a loose end on, call it an output, or take it away."""
    node = place.node
    if not node.block.outputs:
        return
    port, used = node.block.outputs[0].name, {k.source for k in place.design.links.values()}
    ends = [n for n in place.design.nodes.values() if n.id not in used and n.id != node.id]
    for end in ends[:NEAREST]:
        into = [link for link in place.design.links.values() if link.target == end.id]
        key = f"{node.id}:{port}>{end.id}:"
        if end.block.inputs and end.block.inputs[0].many:
            edit = {"links": {key + end.block.inputs[0].name: {"order": len(into)}}}
            yield Way(f"Link it to {end.name}", edit, LINK)
        elif len(into) == 1 and into[0].source != node.id:
            loose = Link(node.id, end.id, port, into[0].target_port, 1)
            for block, verb in (("Add", "Add it to"), ("Concatenate", "Concatenate it with")):
                label = f"{verb} {place.name(into[0].source)} before {end.name}"
                yield Way(label, _joined(place, [into[0], loose], block), INSERT)
    yield Way("Keep it as an output of the model", _kept(place, node), INSERT)
    yield Way(f"Remove {node.name}", {"nodes": {node.id: None}}, REMOVE)
    yield from _all_ends(place)


def _all_ends(place: Place) -> Iterator[Way]:
    """Join all loose ends into one, or call each of them an output."""
    used = {link.source for link in place.design.links.values()}
    nodes = [node for node in place.design.nodes.values() if node.id not in used]
    ends = [n for n in nodes if n.block.inputs and n.block.outputs and not n.block.is_head]
    if len(ends) < 2:
        return
    for block in ("Add", "Concatenate"):
        yield Way(
            f"Join the {len(ends)} loose ends with {block}", _merged(place, ends, block), INSERT
        )
    edit: Edit = {}
    for end in ends:
        edit = both(edit, _kept(place, end))
    yield Way(f"Keep all {len(ends)} as outputs of the model", edit, INSERT)


def _merged(place: Place, ends: list[Node], block: str) -> Edit:
    """Return the edit that puts a merge below nodes and leads all of them into it."""
    made = place.new_id(place.node.id + block)
    x, y = sum(end.x for end in ends) / len(ends), max(end.y for end in ends)
    name = free_name(f"{block.lower()}_1", place.design.names())
    fields = {"block": block, "name": name, "params": {}, **place.free_place(x, y + 130)}
    keys = (f"{end.id}:{end.block.outputs[0].name}>{made}:in" for end in ends)
    return {
        "nodes": {made: fields},
        "links": {key: {"order": order} for order, key in enumerate(keys)},
    }


def _kept(place: Place, node: Node) -> Edit:
    """Return the edit that makes a loose end an output of the model."""
    made, port = place.new_id(node.id + "Output"), node.block.outputs[0].name
    fields: dict[str, Any] = {"block": "Output", "name": f"{node.name}_output", "params": {}}
    fields |= place.free_place(node.x, node.y + 130)
    key = f"{node.id}:{port}>{made}:in"
    return {"nodes": {made: fields}, "links": {key: {"order": 0}}}
