"""Putting one chain of blocks in the place of another that stands for the same layers."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from blocks.design import Design, Edit
from blocks.expand import expand
from blocks.node import Link, Node


def exchange(design: Design, before: Sequence[Node], after: Sequence[Node]) -> Edit:
    """Return the edit that puts a chain in another's place; the last blocks share one id."""
    after = list(_named(design, before, after))
    entering = [link for link in design.links.values() if link.target == before[0].id]
    gone = [link.key for link in entering if before[0].id == after[-1].id != after[0].id]
    made = [replace(link, target=after[0].id) for link in entering]
    made += [link for one, other in pairwise(after) for link in between(one, other)]
    entries = {node.id: node.to_json() for node in after}
    for entry in entries.values():
        del entry["id"]
    return {
        "nodes": {
            **{node.id: None for node in before if node.id not in entries},
            **entries,
            **_moved(design, before[-1], after[-1].y - before[-1].y),
        },
        "links": {**dict.fromkeys(gone), **{link.key: {"order": link.order} for link in made}},
    }


def between(one: Node, other: Node) -> Iterator[Link]:
    """Yield the links from one repetition of a block to the next."""
    into = [port.name for port in other.block.inputs]
    for place, port in enumerate(one.block.outputs):
        if len(into) == 1:
            yield Link(one.id, other.id, port.name, into[0], place)
        elif place < len(into):
            yield Link(one.id, other.id, port.name, into[place])


def _moved(design: Design, last: Node, distance: float) -> dict[str, Any]:
    """Return what moves the blocks below a chain by a distance: all that links lead down to."""
    moved: dict[str, Any] = {}
    waiting = [last]
    while waiting and distance:
        above = waiting.pop()
        for link in design.links.values():
            below = design.nodes[link.target]
            if link.source == above.id and below.y > above.y and below.id not in moved:
                moved[below.id] = {"y": below.y + distance}
                waiting.append(below)
    return moved


def _named(design: Design, before: Sequence[Node], after: Sequence[Node]) -> Iterator[Node]:
    """Yield the new blocks with the layer names there were, where they would get others."""
    named = _names(design, before) or _names_by_hand(before)
    start = 0
    for node in after:
        names = {}
        for turn, local, name in named:
            repeat = turn - start
            if 0 <= repeat < node.repeat:
                key = "_".join(filter(None, (str(repeat + 1) * (node.repeat > 1), local)))
                if name != _usual(node, repeat, local, key):
                    names[key] = name
        yield replace(node, layer_names=names)
        start += node.repeat


def _usual(node: Node, repeat: int, local: str, key: str) -> str:
    """Return what a layer is called where no name is given by hand."""
    block = node.block if repeat else node.block.replace(node.first)
    return block.layer_names(repeat).get(local) or "_".join(filter(None, (node.name, key)))


def _names(design: Design, chain: Sequence[Node]) -> list[tuple[int, str, str]]:
    """Return (turn, name within its turn, name) of a chain's layers; none where it is half-drawn.

    A second expansion, in which every layer is called after its place, tells that place; the
    nodes have names in it of which none begins another.
    """
    plain = {
        key: replace(node, name=f"n{k}n") for k, (key, node) in enumerate(design.nodes.items())
    }
    real = expand(design).graph
    places = expand(replace(design, nodes=plain), plain_names=True).graph
    named: list[tuple[int, str, str]] = []
    start = 0
    for node in chain:
        stem = plain[node.id].name
        found, placed = real.of_node(node.name), places.of_node(stem)
        if not found or len(found) != len(placed):
            return []
        for layer, place in zip(found, placed, strict=True):
            count = f"_{layer.scope.repeat + 1}" if node.repeat > 1 else ""
            local = place.name.removeprefix(stem + count).removeprefix("_")
            named.append((start + layer.scope.repeat, local, layer.name))
        start += node.repeat
    return named


def _names_by_hand(chain: Sequence[Node]) -> list[tuple[int, str, str]]:
    """Return the same of the names given by hand alone: those of a half-drawn chain."""
    named: list[tuple[int, str, str]] = []
    start = 0
    for node in chain:
        for key, name in node.layer_names.items():
            count, _, local = key.partition("_") if node.repeat > 1 else ("1", "", key)
            if count.isdigit():
                named.append((start + int(count) - 1, local, name))
        start += node.repeat
    return named
