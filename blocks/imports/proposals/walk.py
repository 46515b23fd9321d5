"""Walking up an imported model from the end of what may be a block."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from blocks.block import Block
from blocks.imports.calls import Call
from blocks.imports.matching import Index
from blocks.imports.singles import block_of

FAR = 64


class Fork(NamedTuple):
    """Branches that leave one call and meet in a merge, each from its end upwards."""

    source: str
    branches: tuple[tuple[Call, ...], ...]


def family(call: Call) -> str:
    """Return a call's kind without the number of its dimensions: Conv, MaxPooling, ..."""
    return call.kind[:-2] if call.kind.endswith(("1D", "2D", "3D")) else call.kind


def line(index: Index, name: str, most: int = FAR) -> list[Call]:
    """Return a call and those before it, upwards, as long as each reads one; not too many."""
    found = [index.calls[name]]
    while len(found) < most and len(found[-1].inputs) == 1:
        found.append(index.calls[found[-1].inputs[0]])
    return found


def fork_of(index: Index, merge: Call) -> Fork | None:
    """Return where the branches that meet in a merge part, if each is a plain line of layers."""
    lines = [line(index, name) for name in merge.inputs]
    for place, call in enumerate(lines[0]):
        places = [_place(call, other) for other in lines]
        if None not in places:
            cut = [other[:p] for other, p in zip(lines, places, strict=True)]
            return Fork(call.name, (tuple(lines[0][:place]), *map(tuple, cut[1:])))
    return None


def _place(call: Call, among: Sequence[Call]) -> int | None:
    return next((place for place, other in enumerate(among) if other.name == call.name), None)


def channels(index: Index, name: str) -> int | None:
    """Return the length of the last axis of what a call gives."""
    shape = index.calls[name].shape
    return shape[-1] if shape else None


def made(kind: str, **values: Any) -> Block:
    """Return a block with these values; None leaves a parameter at its default."""
    return block_of(kind, **{name: value for name, value in values.items() if value is not None})
