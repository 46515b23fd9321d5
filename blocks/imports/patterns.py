"""Recognising blocks in an imported model; what is recognised equals the original exactly."""

from blocks.analysis import analyze
from blocks.design import Design
from blocks.errors import ReadError
from blocks.graph import LayerGraph
from blocks.imports.assemble import assembled
from blocks.imports.calls import Call, Model
from blocks.imports.matching import Index, Piece, fit
from blocks.imports.proposals import PROPOSALS
from blocks.imports.repeats import with_repeats
from blocks.imports.singles import single
from blocks.layout import arranged

MAX_TRIED = 200_000  # keeps files made to be slow from being so


def recognised(model: Model) -> Design:
    """Return the design of a model: blocks where runs of its layers are blocks, else single layers.

    Equal blocks that follow each other are one repeated block.

    Raises:
        ReadError: something in the model cannot be held.
    """
    index = Index(model)
    flat = assembled(model, [single(index, call) for call in model.calls])
    expected = _graph(model, flat)
    try:
        single_blocks = assembled(model, pieces(index))
        designs = (with_repeats(single_blocks), single_blocks)
        equal = (design for design in designs if _equal(_graph(model, design), expected))
        return arranged(next(equal, flat))
    except ReadError:
        return arranged(flat)


def pieces(index: Index) -> list[Piece]:
    """Cut a model into pieces, the largest blocks first, from its end to its beginning."""
    claimed: set[str] = set()
    found: dict[str, Piece] = {}
    for call in reversed(index.model.calls):
        if call.name not in claimed:
            piece = _largest(index, call, claimed)
            found[call.name] = piece
            claimed |= set(piece.members.values())
    return [found[call.name] for call in index.model.calls if call.name in found]


def _largest(index: Index, call: Call, claimed: set[str]) -> Piece:
    for propose in PROPOSALS if index.tried < MAX_TRIED else ():
        for block, *sources in propose(index, call):
            piece = fit(index, block, call.name, sources)
            if piece and claimed.isdisjoint(piece.members.values()):
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
