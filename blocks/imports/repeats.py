"""Runs of equal recognised blocks in an imported model, each as one repeated block."""

from collections.abc import Iterator, Sequence

from blocks.analysis import Report, analyze
from blocks.design import Design
from blocks.folding import fold
from blocks.imports.design_json import MAX_LAYER_NAMES
from blocks.node import Node


def with_repeats(design: Design) -> Design:
    """Return the design with every run of equal blocks of several layers folded into one.

    The first of a run may have other parameters as long as it gives the same shape: it is a
    stage's first block then. The layers keep their names. A design with problems stays as it is.
    """
    report = analyze(design)
    if report.errors:
        return design
    for run in list(_runs(design, report)):
        design, _ = design.apply(fold(design, [node.id for node in run]))
    return design


def with_loops(design: Design, loops: Sequence[Sequence[str]]) -> Design:
    """Return the design with the single layers that a loop made folded into one block."""
    graph = analyze(design).graph
    by_name = {node.name: node for node in design.nodes.values()}
    known = {layer.name for layer in graph}
    for names in loops:
        blocks = [graph[name].scope.node for name in names if name in known]
        ids = [by_name[name].id for name in blocks if by_name[name].repeat == 1]
        if len(set(ids)) == len(names):
            design, _ = design.apply(fold(design, ids))
    return design


def _runs(design: Design, report: Report) -> Iterator[list[Node]]:
    """Yield the longest runs of equal blocks, each block in one of them at most."""
    followers = _followers(design)
    reached = {node.id for node in followers.values()}
    starts = [node for node in design.nodes.values() if node.id not in reached]
    for start in starts:
        run = [start]
        while following := followers.get(run[-1].id):
            if _continues(run, following, report):
                run.append(following)
            else:
                if len(run) > 1:
                    yield run
                run = [following]
        if len(run) > 1:
            yield run


def _followers(design: Design) -> dict[str, Node]:
    """Return the block after each that hands its output to one block, which reads nothing else."""
    incoming = design.incoming()
    readers: dict[str, list[str]] = {node_id: [] for node_id in design.nodes}
    for link in design.links.values():
        readers[link.source].append(link.target)
    return {
        node_id: design.nodes[found[0]]
        for node_id, found in readers.items()
        if len(found) == 1 and len(incoming[found[0]]) == 1
    }


def _continues(run: list[Node], node: Node, report: Report) -> bool:
    """Tell whether a block is one more repetition of those before it."""
    first, last = report.nodes[run[0].id], report.nodes[node.id]
    if last.layers < 2 or first.layers < 2 or first.shape != last.shape:
        return False
    if (len(run) + 1) * max(first.layers, last.layers) > MAX_LAYER_NAMES:
        return False
    return _alike(run[0], node) and (len(run) < 2 or run[1].block == node.block)


def _alike(one: Node, other: Node) -> bool:
    same_type = one.block.type_name == other.block.type_name
    return same_type and (one.frozen, one.note) == (other.frozen, other.note)
