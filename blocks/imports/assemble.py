"""From pieces of an imported model to a design with its layers' own names."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

from blocks.block import Block
from blocks.catalog import BLOCKS
from blocks.design import Design
from blocks.imports.calls import Model
from blocks.imports.design_json import require_few
from blocks.imports.matching import Piece
from blocks.node import Link, Node, free_name

Source = tuple[str, str]
"""A node and one of its output ports."""

NO_DEFINITIONS: Mapping[str, Any] = {}
MAX_STEM = 32  # leaves room for a number within the 40 characters of an id


def assembled(
    model: Model, pieces: Sequence[Piece], definitions: Mapping[str, Any] = NO_DEFINITIONS
) -> Design:
    """Return the design whose blocks are the pieces, linked as the model is.

    `definitions` are those of own blocks among the pieces. Inputs stand first and ends last, each
    in the model's order, which a design takes over.

    Raises:
        ReadError: there are too many pieces.
    """
    require_few(len(pieces) + len(model.outputs))
    named = dict(_named(pieces))
    links = list(_links(named))
    leaving = _leaving(named)
    order = dict.fromkeys([*(leaving[name][0] for name in model.inputs), *named])
    nodes = {name: _node(name, named[name]) for name in order}
    _end(model, nodes, links, leaving)
    return Design(model.name, nodes, {link.key: link for link in links}, definitions)


def _leaving(named: Mapping[str, Piece]) -> dict[str, Source]:
    """Return the node and port at which each call leaves that others may read."""
    return {
        call: (name, port) for name, piece in named.items() for call, port in piece.ports().items()
    }


def _end(
    model: Model, nodes: dict[str, Node], links: list[Link], leaving: Mapping[str, Source]
) -> None:
    """Put what gives the outputs last; what does not end there by itself gets an Output block.

    That is what is read on, and what is an output of the model twice.
    """
    used = {(link.source, link.source_port) for link in links}
    used |= {leaving[name] for name in model.outputs if model.outputs.count(name) > 1}
    for number, output in enumerate(model.outputs, start=1):
        source, port = leaving[output]
        node = nodes[source]
        plain = len(model.outputs) > 1 and not node.block.is_head
        if (source, port) in used or plain or not node.block.inputs:
            name = free_name(f"output_{number}", nodes)
            node = Node(name, name, BLOCKS["Output"]())
            links.append(Link(source, name, port))
        nodes.pop(node.name, None)
        nodes[node.name] = node


def _links(named: Mapping[str, Piece]) -> Iterator[Link]:
    leaving = _leaving(named)
    for name, piece in named.items():
        for order, source in enumerate(piece.inputs):
            yield _link(leaving[source], name, linked_to(piece.block, order), order)


def _link(source: Source, target: str, port: str, order: int) -> Link:
    node, source_port = source
    return Link(node, target, source_port, port, order)


def linked_to(block: Block, order: int) -> str:
    """Return the port of a block that its input at a place comes in at."""
    ports = [port.name for port in block.inputs]
    return ports[min(order, len(ports) - 1)]


def _named(pieces: Sequence[Piece]) -> Iterator[tuple[str, Piece]]:
    """Yield the pieces with node names, which are ids too: what their layers have in common."""
    taken: set[str] = set()
    counts: dict[str, int] = {}
    for piece in pieces:
        name = piece.name or common(list(piece.members.values()))
        if not name or name in taken:
            stem = name or _stem(piece)
            while f"{stem}_{counts.setdefault(stem, 1)}" in taken:
                counts[stem] += 1
            name = f"{stem}_{counts[stem]}"
        taken.add(name)
        yield name, piece


def common(names: Sequence[str]) -> str:
    """Return what the names begin with, cut at an underscore, as an identifier; else ""."""
    first, last = min(names), max(names)
    pairs = zip(first, last, strict=False)
    start = "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    if any(not re.match(r"_|$", name[len(start) :]) for name in names):
        start = start.rpartition("_")[0]
    start = re.sub(r"[^A-Za-z0-9_]", "_", start).strip("_")[:MAX_STEM]
    return f"n_{start}"[:MAX_STEM] if start[:1].isdigit() else start


def _stem(piece: Piece) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", piece.block.type_name).lower()


def _node(name: str, piece: Piece) -> Node:
    own = {local: f"{name}_{local}" if local else name for local in piece.members}
    names = {local: call for local, call in piece.members.items() if own[local] != call}
    return Node(name, name, piece.block, frozen=piece.frozen, note=piece.note, layer_names=names)
