"""Own blocks of a design that was written as code: what its functions make, as definitions again.

A function that makes more than one block of the catalogue is an own block: its arguments are the
parameters. Which block inside an argument sets is seen from where it is written in the code.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from blocks.design import Design
from blocks.exports.code.trace import traced
from blocks.exports.code.words import snake
from blocks.graph import Layer
from blocks.imports.assemble import common, linked_to
from blocks.imports.drawn import TURNS, Drawn, DrawnCall, mentioned
from blocks.imports.matching import Index, Piece, built_alone
from blocks.layout import arranged
from blocks.node import Node, link_from_json
from blocks.own import DEFINITION_ID, PREFIX, is_parameter_name, own_types

Cut = Callable[[Mapping[str, int]], list[Piece]]
"""Cuts a model into pieces, none of which has layers of two regions; regions by layers' names."""

NAME = "name"


class UnlikeError(Exception):
    """What a function makes is no own block, or not the same one in every call."""


@dataclass(frozen=True)
class Inside:
    """A piece inside a call of a function: the node that it becomes, and what it reads.

    A source is the name of another node, or the place of an input of the function.
    """

    name: str
    piece: Piece
    sources: tuple[str | int, ...]


def with_own_blocks(
    index: Index, drawn: Drawn, whole: Sequence[Piece], cut: Cut
) -> tuple[list[Piece], dict[str, dict[str, Any]]]:
    """Return the pieces of a model, what functions make as pieces of own blocks, and these.

    `whole` are the pieces where functions mean nothing.
    """
    by_head = {piece.head: piece for piece in whole}
    calls = [call for call in drawn.calls if _may_be_own(index, call, by_head)]
    if not calls:
        return list(whole), {}
    region = {name: place for place, call in enumerate(calls) for name in call.layers}
    pieces = cut(region)
    by_function: dict[str, list[int]] = defaultdict(list)
    for place, call in enumerate(calls):
        by_function[call.function].append(place)
    definitions: dict[str, dict[str, Any]] = {}
    for function, places in by_function.items():
        parts = [[one for one in pieces if region.get(one.head) == place] for place in places]
        try:
            maker = _Maker(index, function, [calls[place] for place in places], parts)
            definitions[function] = maker.definition()
            own = maker.instances(definitions[function])
        except UnlikeError:
            definitions.pop(function, None)
            continue
        for inner, instance in zip(parts, own, strict=True):
            first = pieces.index(inner[0])
            pieces = [one for one in pieces if not any(one is part for part in inner)]
            pieces.insert(first, instance)
    return pieces, definitions


def _may_be_own(index: Index, call: DrawnCall, whole: Mapping[str, Piece]) -> bool:
    """Tell whether a call made several layers that are not one block of the catalogue."""
    prefix = call.arguments.get(NAME)
    known = all(name in index.calls and not index.calls[name].shared for name in call.layers)
    if not isinstance(prefix, str) or not known or len(call.layers) < 2:
        return False
    if not DEFINITION_ID.fullmatch(call.function) or len(set(call.inputs)) < len(call.inputs):
        return False
    piece = whole.get(call.outputs[0]) if len(call.outputs) == 1 else None
    if piece and set(piece.members.values()) == set(call.layers):
        return not call.function.startswith(snake(piece.block.type_name))
    return all(name.startswith(f"{prefix}_") for name in call.layers)


class _Maker:
    """Makes one definition of all calls of a function."""

    def __init__(
        self,
        index: Index,
        function: str,
        calls: Sequence[DrawnCall],
        parts: Sequence[Sequence[Piece]],
    ) -> None:
        self.index, self.function, self.calls = index, function, calls
        self.insides = [list(_insides(call, own)) for call, own in zip(calls, parts, strict=True)]
        if len({_structure(call, one) for call, one in zip(calls, self.insides, strict=True)}) > 1:
            raise UnlikeError
        self.arguments = [name for name in calls[0].arguments if is_parameter_name(name)]
        self.arguments = [name for name in self.arguments if name != NAME]

    def definition(self) -> dict[str, Any]:
        """Return the definition as files have it."""
        call, inside = self.calls[0], self.insides[0]
        place_of = {one.piece.head: one.name for one in inside}
        feeds: dict[int, list[dict[str, Any]]] = {place: [] for place in range(len(call.inputs))}
        links = []
        for one in inside:
            for order, source in enumerate(one.sources):
                end = {"port": linked_to(one.piece.block, order), "order": order}
                if isinstance(source, int):
                    feeds[source].append({"node": one.name, **end})
                else:
                    reads = {"source": source, "target": one.name, "target_port": end["port"]}
                    links.append({**reads, "order": order})
        if not all(feeds.values()) or not set(call.outputs) <= place_of.keys():
            raise UnlikeError
        nodes = [
            Node(one.name, one.name, one.piece.block, frozen=one.piece.frozen) for one in inside
        ]
        wired = [link_from_json(link) for link in links]
        inner = Design(
            nodes={node.id: node for node in nodes}, links={link.key: link for link in wired}
        )
        return {
            "title": self.function.replace("_", " ").capitalize(),
            "nodes": [node.to_json() for node in arranged(inner).nodes.values()],
            "links": [link.to_json() for link in wired],
            "inputs": [{"name": _port("in", k), "targets": ends} for k, ends in feeds.items()],
            "outputs": [
                {"name": _port("out", k), "node": place_of[name], "port": "out"}
                for k, name in enumerate(call.outputs)
            ],
            "params": list(self._exposed()),
        }

    def _exposed(self) -> Iterator[dict[str, Any]]:
        targets: dict[str, list[dict[str, str]]] = defaultdict(list)
        for place, one in enumerate(self.insides[0]):
            for param in one.piece.block.params():
                argument = self._setting(place, param)
                if argument:
                    targets[argument].append({"node": one.name, "param": param})
        yield from ({"name": name, "targets": targets[name]} for name in targets)

    def _setting(self, place: int, param: str) -> str:
        """Return the argument that sets a parameter inside; nothing where none does."""
        column = [inside[place].piece.block.values()[param] for inside in self.insides]
        equal = [
            name
            for name in self.arguments
            if all(
                type(call.arguments[name]) is type(value) and call.arguments[name] == value
                for call, value in zip(self.calls, column, strict=True)
            )
        ]
        seen = _mentions(self.index, self.insides[0][place].piece, param, self.calls[0])
        varies = any(value != column[0] for value in column)
        found = [name for name in equal if name in seen] or (equal if varies and not seen else [])
        if not found and varies:
            raise UnlikeError
        return found[0] if found else ""

    def instances(self, definition: Mapping[str, Any]) -> Iterator[Piece]:
        """Return the piece that stands for each call."""
        own = own_types({self.function: definition})[PREFIX + self.function]
        for call, inside in zip(self.calls, self.insides, strict=True):
            values = {
                entry["name"]: call.arguments[entry["name"]] for entry in definition["params"]
            }
            prefix = len(call.arguments[NAME]) + 1
            members = {name[prefix:]: name for one in inside for name in one.piece.members.values()}
            leaves = {name: _port("out", k) for k, name in enumerate(call.outputs)}
            yield Piece(
                own(**values),
                call.outputs[-1],
                call.inputs,
                members,
                leaves=leaves,
                name=call.arguments[NAME],
            )


def _insides(call: DrawnCall, pieces: Sequence[Piece]) -> Iterator[Inside]:
    """Yield the nodes inside a call, named as its layers are after the call's own name.

    Raises:
        UnlikeError: a piece has layers of another kind of name, or reads beyond the inputs.
    """
    cut = len(call.arguments[NAME]) + 1
    names: dict[str, str] = {}
    for piece in pieces:
        local = {part: name[cut:] for part, name in piece.members.items()}
        name = local.get("") or common(list(local.values()))
        plain = {part: f"{name}_{part}" if part else name for part in local}
        if not name or name in names.values() or plain != local or piece.note:
            raise UnlikeError
        names[piece.head] = name
    inputs = {name: place for place, name in enumerate(call.inputs)}
    for piece in pieces:
        if any(source not in names and source not in inputs for source in piece.inputs):
            raise UnlikeError
        sources = [names.get(source, inputs.get(source, 0)) for source in piece.inputs]
        yield Inside(names[piece.head], piece, tuple(sources))


def _structure(call: DrawnCall, inside: Sequence[Inside]) -> Any:
    heads = {one.piece.head: one.name for one in inside}
    return (
        tuple(
            (one.name, one.piece.block.type_name, one.piece.frozen, one.sources) for one in inside
        ),
        tuple(heads.get(name) for name in call.outputs),
        tuple(call.arguments),
    )


def _port(stem: str, place: int) -> str:
    return f"{stem}_{place + 1}" if place else stem


def _mentions(index: Index, piece: Piece, param: str, call: DrawnCall) -> set[str]:
    """Return the arguments that the code writes where a block's parameter is in its layers."""
    found: set[str] = set()
    for local, layer in _traced_layers(index, piece).items():
        written = call.layers[piece.members[local]]
        for key, value in layer.config.items():
            if param in mentioned(value):
                found.update(written.get(key, ()))
        if any(param in mentioned(loop.turns) for loop in layer.scope.loops):
            found.update(written.get(TURNS, ()))
    return found


def _traced_layers(index: Index, piece: Piece) -> dict[str, Layer]:
    built = built_alone(index, traced(piece.block), piece.inputs)
    return {local: layer for local, layer in built.items() if local in piece.members}
