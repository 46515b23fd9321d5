"""What a call of a function holds: its pieces as the nodes of an own block."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from blocks.imports.assemble import Source
from blocks.imports.drawn import DrawnCall
from blocks.imports.matching import Piece

NAME = "name"
"""The argument of a function that the names of its layers begin with."""


class UnlikeError(Exception):
    """What a function makes is no own block, or not the same one in every call."""


@dataclass(frozen=True)
class Inside:
    """A node inside a call of a function, and what it reads; several pieces are its repetitions.

    A source is another node's name with its port, or the place of an input of the function.
    """

    name: str
    pieces: tuple[Piece, ...]
    sources: tuple[Source | int, ...]

    @property
    def piece(self) -> Piece:
        return self.pieces[0]

    @property
    def layers(self) -> set[str]:
        """The names of the layers it stands for."""
        return {name for piece in self.pieces for name in piece.members.values()}

    def leaving(self) -> dict[str, Source]:
        """Return the calls that leave the node, each with its name and the port."""
        return {name: (self.name, port) for name, port in self.pieces[-1].ports().items()}


def insides(call: DrawnCall, pieces: Sequence[Piece]) -> list[Inside]:
    """Return the nodes inside a call, named as its layers are after the call's own name.

    Raises:
        UnlikeError: a piece has layers of another kind of name, or reads beyond the inputs.
    """
    found: dict[str, Inside] = {}
    sources: dict[str, Source | int] = {name: place for place, name in enumerate(call.inputs)}
    for piece in pieces:
        name = name_within(call, piece)
        if not name or name in found or piece.note:
            raise UnlikeError
        if any(source not in sources for source in piece.inputs):
            raise UnlikeError
        found[name] = Inside(name, (piece,), tuple(sources[source] for source in piece.inputs))
        sources |= found[name].leaving()
    nodes = list(found.values())
    for loop in call.loops:
        nodes = _repeated(nodes, set(loop), call.outputs)
    return nodes


def name_within(call: DrawnCall, piece: Piece) -> str:
    """Return what a piece is called inside a call; nothing where its layers are named otherwise."""
    cut = len(call.arguments[NAME]) + 1
    local = {part: name[cut:] for part, name in piece.members.items()}
    (name, *others) = {
        name.removesuffix(f"_{part}") if part else name for part, name in local.items()
    }
    plain = {part: f"{name}_{part}" if part else name for part in local}
    return name if not others and plain == local and name.isidentifier() else ""


def _repeated(nodes: list[Inside], loop: set[str], outputs: Sequence[str]) -> list[Inside]:
    """Return nodes with those that a loop made as one that repeats, where they are one."""
    run = [one for one in nodes if one.layers <= loop]
    stem = run[0].name.removesuffix("_1") if run else ""
    counted = [f"{stem}_{turn + 1}" for turn in range(len(run))]
    if len(run) < 2 or [one.name for one in run] != counted or stem in {one.name for one in nodes}:
        return nodes
    whole = set[str]().union(*(one.layers for one in run)) == loop
    if not whole or not all(_follows(*pair) for pair in pairwise(run)):
        return nodes
    handed = {source for one in run[:-1] for source in one.leaving().values()}
    read = {source for one in nodes if one not in run for source in one.sources}
    if handed & read or any(output in one.leaving() for one in run[:-1] for output in outputs):
        return nodes
    made = Inside(stem, tuple(one.pieces[0] for one in run), run[0].sources)
    renamed = {(run[-1].name, port): (stem, port) for _, port in run[-1].leaving().values()}
    kept = [made if one is run[0] else one for one in nodes if one not in run[1:]]
    return [replace(one, sources=tuple(_renamed(one.sources, renamed))) for one in kept]


def _follows(one: Inside, other: Inside) -> bool:
    """Tell whether a node is one more repetition of the one before it."""
    equal = one.piece.block == other.piece.block and one.piece.frozen is other.piece.frozen
    alone = len(one.pieces) == len(other.pieces) == 1
    return equal and alone and other.sources == tuple(one.leaving().values())


def _renamed(
    sources: Sequence[Source | int], names: dict[Source, Source]
) -> Iterator[Source | int]:
    yield from (
        source if isinstance(source, int) else names.get(source, source) for source in sources
    )
