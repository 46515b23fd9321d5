"""The definition of an own block from the calls of a function, and a piece for each of them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from blocks.design import Design
from blocks.exports.code.trace import traced
from blocks.graph import Layer
from blocks.imports.assemble import Source, linked_to
from blocks.imports.drawn import TURNS, DrawnCall, mentioned
from blocks.imports.insides import NAME, Inside, UnlikeError, insides
from blocks.imports.matching import Index, Piece, built_alone
from blocks.layout import arranged
from blocks.node import Link, Node
from blocks.own import PREFIX, is_parameter_name, needed_definitions, own_types


class Maker:
    """Makes one definition of all calls of a function."""

    def __init__(
        self,
        index: Index,
        function: str,
        calls: Sequence[DrawnCall],
        parts: Sequence[Sequence[Piece]],
    ) -> None:
        self.index, self.function, self.calls = index, function, calls
        self.insides = [insides(call, own) for call, own in zip(calls, parts, strict=True)]
        if len({_structure(call, one) for call, one in zip(calls, self.insides, strict=True)}) > 1:
            raise UnlikeError
        self.arguments = [name for name in calls[0].arguments if is_parameter_name(name)]
        self.arguments = [name for name in self.arguments if name != NAME]

    def definition(self) -> dict[str, Any]:
        """Return the definition as files have it.

        Raises:
            UnlikeError: an input leads nowhere, or an output comes from nowhere.
        """
        inner = self._inner()
        return {
            "title": self.function.replace("_", " ").capitalize(),
            "nodes": [node.to_json() for node in arranged(inner).nodes.values()],
            "links": [link.to_json() for link in inner.links.values()],
            "inputs": list(self._inputs()),
            "outputs": list(self._outputs()),
            "params": list(self._exposed()),
        }

    def _inner(self) -> Design:
        """Return what stands inside as a design."""
        nodes = {
            one.name: Node(
                one.name, one.name, one.piece.block, len(one.pieces), frozen=one.piece.frozen
            )
            for one in self.insides[0]
        }
        links = [
            Link(source[0], one.name, source[1], port, order)
            for one, order, port, source in self._reads()
            if not isinstance(source, int)
        ]
        return Design(nodes=nodes, links={link.key: link for link in links})

    def _reads(self) -> Iterator[tuple[Inside, int, str, Source | int]]:
        """Yield (node, order, port, source) of everything that is read inside."""
        for one in self.insides[0]:
            for order, source in enumerate(one.sources):
                yield one, order, linked_to(one.piece.block, order), source

    def _inputs(self) -> Iterator[dict[str, Any]]:
        reads = list(self._reads())
        for place in range(len(self.calls[0].inputs)):
            targets = [
                {"node": one.name, "port": port, "order": order}
                for one, order, port, source in reads
                if source == place
            ]
            if not targets:
                raise UnlikeError
            yield {"name": _port("in", place), "targets": targets}

    def _outputs(self) -> Iterator[dict[str, Any]]:
        leaving = {name: end for one in self.insides[0] for name, end in one.leaving().items()}
        for place, name in enumerate(self.calls[0].outputs):
            if name not in leaving:
                raise UnlikeError
            node, port = leaving[name]
            yield {"name": _port("out", place), "node": node, "port": port}

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

    def instances(self, definitions: Mapping[str, Mapping[str, Any]]) -> Iterator[Piece]:
        """Return the piece that stands for each call; its definition is among those given."""
        definition = definitions[self.function]
        own = own_types(needed_definitions(definitions, self.function))[PREFIX + self.function]
        for call, inside in zip(self.calls, self.insides, strict=True):
            values = {
                entry["name"]: call.arguments[entry["name"]] for entry in definition["params"]
            }
            prefix = len(call.arguments[NAME]) + 1
            members = {name[prefix:]: name for one in inside for name in one.layers}
            leaves = {name: _port("out", k) for k, name in enumerate(call.outputs)}
            yield Piece(
                own(**values),
                call.outputs[-1],
                call.inputs,
                members,
                leaves=leaves,
                name=call.arguments[NAME],
            )


def _structure(call: DrawnCall, inside: Sequence[Inside]) -> Any:
    heads = {name: end for one in inside for name, end in one.leaving().items()}
    return (
        tuple(
            (one.name, len(one.pieces), one.piece.block.type_name, one.piece.frozen, one.sources)
            for one in inside
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
