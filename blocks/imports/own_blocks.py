"""Own blocks of a design that was written as code: what its functions make, as definitions again.

A function that makes more than one block of the catalogue is an own block: its arguments are the
parameters. Which block inside an argument sets is seen from where it is written in the code.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from graphlib import TopologicalSorter
from typing import Any

from blocks.exports.code.words import snake
from blocks.imports.definitions import Maker
from blocks.imports.drawn import Drawn, DrawnCall
from blocks.imports.insides import NAME, UnlikeError, name_within
from blocks.imports.matching import Index, Piece, fit
from blocks.own import DEFINITION_ID

Cut = Callable[[Callable[[Piece], bool]], list[Piece]]
"""Cuts a model into pieces, of which none has several layers that is not accepted."""


def with_own_blocks(
    index: Index, drawn: Drawn, whole: Sequence[Piece], cut: Cut
) -> tuple[list[Piece], dict[str, dict[str, Any]]]:
    """Return the pieces of a model, what functions make as pieces of own blocks, and these.

    `whole` are the pieces where functions mean nothing.
    """
    if not drawn.calls:
        return list(whole), {}
    by_function = {name: place for place, call in enumerate(drawn.calls) for name in call.layers}
    known = [*whole, *cut(lambda piece: len(_regions(piece, by_function)) == 1)]
    calls, accepts = _candidates(index, drawn, known)
    if not calls:
        return list(whole), {}
    pieces = _like_siblings(index, drawn, calls, cut(accepts))
    definitions: dict[str, dict[str, Any]] = {}
    for function, own_calls in _callees_first(calls):
        parts = [[one for one in pieces if one.head in call.layers] for call in own_calls]
        try:
            maker = Maker(index, function, own_calls, parts)
            definitions[function] = maker.definition()
            own = list(maker.instances(definitions))
        except UnlikeError:
            definitions.pop(function, None)
            continue
        for inner, instance in zip(parts, own, strict=True):
            first = pieces.index(inner[0])
            pieces = [one for one in pieces if not any(one is part for part in inner)]
            pieces.insert(first, instance)
    return pieces, definitions


def _candidates(
    index: Index, drawn: Drawn, known: Sequence[Piece]
) -> tuple[dict[int, DrawnCall], Callable[[Piece], bool]]:
    """Return the calls that may be own blocks, by their places, and what accepts pieces in them.

    Those that make one of the pieces that are `known`, and are called as it is, are none. A piece
    is made by one call, the innermost among these and those that they make, and its layers are
    named as those of a node inside the own block. A single layer is not taken for the end of the
    model: in another call of the same function it would be none.
    """
    calls: dict[int, DrawnCall] = {}
    region: dict[str, int] = {}
    by_head: dict[str, list[Piece]] = defaultdict(list)
    for piece in known:
        by_head[piece.head].append(piece)
    for place, call in enumerate(drawn.calls):
        if call.within == -1 or call.within in calls:
            if _may_be_own(index, call, by_head[call.outputs[0]] if call.outputs else []):
                calls[place] = call
            if call.within in calls or place in calls:
                region |= dict.fromkeys(call.layers, place)

    def accepts(piece: Piece) -> bool:
        (place, *others) = _regions(piece, region)
        if others or place is None:
            return not others
        own = calls.get(place) or calls[drawn.calls[place].within]
        last_of_model = piece.block.is_head and len(piece.members) == 1
        return bool(name_within(own, piece)) and not last_of_model

    return calls, accepts


def _regions(piece: Piece, region: Mapping[str, int]) -> set[int | None]:
    return {region.get(name) for name in piece.members.values()}


def _like_siblings(
    index: Index, drawn: Drawn, calls: Mapping[int, DrawnCall], pieces: Sequence[Piece]
) -> list[Piece]:
    """Return pieces where every call that an own block makes of a function is the same block.

    A block of one layer in one call is known by its arguments from those that have more.
    """
    by_head = {piece.head: piece for piece in pieces}
    inner = [c for place, c in enumerate(drawn.calls) if c.within in calls and place not in calls]
    inner = [call for call in inner if len(call.outputs) == 1 and call.outputs[0] in by_head]
    known: dict[str, Piece] = {}
    for call in sorted(inner, key=lambda call: len(call.layers)):
        known[call.function] = by_head[call.outputs[0]]  # that of the most layers stays
    for call in inner:
        head, block = call.outputs[0], known[call.function].block
        if by_head[head].block.type_name != block.type_name:
            params = {name: v for name, v in call.arguments.items() if name in block.params()}
            found = fit(index, block.replace(params), head, call.inputs)
            if found and set(found.members.values()) == {head} == call.layers.keys():
                by_head[head] = found
    return [by_head[piece.head] for piece in pieces]


def _callees_first(calls: Mapping[int, DrawnCall]) -> Iterator[tuple[str, list[DrawnCall]]]:
    """Yield each function with its calls, after the functions that it calls."""
    by_function: dict[str, list[DrawnCall]] = defaultdict(list)
    callees: dict[str, dict[str, None]] = defaultdict(dict)
    for call in calls.values():
        by_function[call.function].append(call)
        if call.within in calls:
            callees[calls[call.within].function][call.function] = None
    order = TopologicalSorter({name: callees[name] for name in by_function})
    yield from ((name, by_function[name]) for name in order.static_order())


def _may_be_own(index: Index, call: DrawnCall, pieces: Sequence[Piece]) -> bool:
    """Tell whether a call made several layers that are not one block of the catalogue.

    Such a block is among the pieces with the same head, and the function is called as it is.
    """
    prefix = call.arguments.get(NAME)
    known = all(name in index.calls and not index.calls[name].shared for name in call.layers)
    if not isinstance(prefix, str) or not prefix or not known or len(call.layers) < 2:
        return False
    if not call.outputs or not _leaving(index, call) <= set(call.outputs):
        return False
    if not DEFINITION_ID.fullmatch(call.function) or len(set(call.inputs)) < len(call.inputs):
        return False
    equal = [one for one in pieces if set(one.members.values()) == call.layers.keys()]
    if equal and len(call.outputs) == 1:
        types = tuple(snake(piece.block.type_name) for piece in equal)
        return not call.function.startswith(types)
    return all(name.startswith(f"{prefix}_") for name in call.layers)


def _leaving(index: Index, call: DrawnCall) -> set[str]:
    """Return the layers of a call that are read outside it, or that are outputs of the model."""
    return {
        name
        for name in call.layers
        if name in index.outputs or not call.layers.keys() >= set(index.readers[name])
    }
