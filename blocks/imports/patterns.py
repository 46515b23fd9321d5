"""Recognising blocks in an imported model; what is recognised equals the original exactly."""

from collections.abc import Callable, Iterator
from functools import cache, partial

from blocks.analysis import analyze
from blocks.design import Design
from blocks.errors import BlockwrightError, ReadError
from blocks.graph import LayerGraph
from blocks.imports.assemble import assembled
from blocks.imports.calls import Call, Model
from blocks.imports.drawn import Drawn
from blocks.imports.matching import Index, Piece, fit
from blocks.imports.own_blocks import with_own_blocks
from blocks.imports.proposals import PROPOSALS
from blocks.imports.repeats import with_loops, with_repeats
from blocks.imports.singles import single
from blocks.layout import arranged

MAX_TRIED = 200_000  # keeps files made to be slow from being so


def recognised(model: Model, drawn: Drawn | None = None) -> Design:
    """Return the design of a model: blocks where runs of its layers are blocks, else single layers.

    Equal blocks that follow each other are one repeated block. Where `drawn` says what the code of
    a model told beside, its functions are own blocks, and its loops over a layer are repeated too.

    Raises:
        ReadError: something in the model cannot be held.
    """
    index = Index(model)
    flat = assembled(model, [single(index, call) for call in model.calls])
    expected = _graph(model, flat)
    for draw in _ways(index, drawn):
        try:
            design = draw()
            if _equal(_graph(model, design), expected):
                return arranged(design)
        except BlockwrightError:
            continue
    return arranged(flat)


def _ways(index: Index, drawn: Drawn | None) -> Iterator[Callable[[], Design]]:
    """Yield the ways to draw a model, the most telling one first."""

    @cache
    def whole() -> list[Piece]:
        return pieces(index, lambda piece: True)

    def own(drawn: Drawn) -> Design:
        found = with_own_blocks(index, drawn, whole(), partial(pieces, index))
        return with_repeats(assembled(index.model, *found))

    def blocks() -> Design:
        return assembled(index.model, whole())

    if drawn is not None:
        yield lambda: with_loops(own(drawn), drawn.loops)
        yield lambda: with_loops(with_repeats(blocks()), drawn.loops)
    yield lambda: with_repeats(blocks())
    yield blocks


def pieces(index: Index, accepts: Callable[[Piece], bool]) -> list[Piece]:
    """Cut a model into pieces, the largest blocks first, from its end to its beginning.

    Calls whose piece is not accepted stay single, or become a part of a smaller one.
    """
    claimed: set[str] = set()
    found: dict[str, Piece] = {}
    for call in reversed(index.model.calls):
        if call.name not in claimed:
            piece = _largest(index, call, claimed, accepts)
            found[call.name] = piece
            claimed |= set(piece.members.values())
    return [found[call.name] for call in index.model.calls if call.name in found]


def _largest(
    index: Index, call: Call, claimed: set[str], accepts: Callable[[Piece], bool]
) -> Piece:
    for propose in PROPOSALS if index.tried < MAX_TRIED else ():
        for block, *sources in propose(index, call):
            piece = fit(index, block, call.name, sources)
            members = piece.members.values() if piece else ()
            if piece and claimed.isdisjoint(members) and accepts(piece):
                return piece
    return single(index, call)


def _graph(model: Model, design: Design) -> LayerGraph:
    """Return the layers of an imported design, which has no problems and the model's own ends.

    Raises:
        ReadError: it has problems.
    """
    report = analyze(design)
    for problem in report.errors:
        raise ReadError(f"the model cannot be held: {problem}")
    if report.graph.inputs != model.inputs:
        raise ReadError(
            f"the model cannot be held: its inputs {', '.join(model.inputs):.100} would become "
            f"{', '.join(report.graph.inputs):.100}"
        )
    return report.graph


def _equal(one: LayerGraph, other: LayerGraph) -> bool:
    """Compare two graphs: their structure, and every layer under its name."""
    return one.hash == other.hash and _rows(one) == _rows(other) and one.inputs == other.inputs


def _rows(graph: LayerGraph) -> dict[str, object]:
    return {
        layer.name: (layer.kind, layer.shape, layer.weights)
        for layer in graph
        if not layer.calls_again
    }
