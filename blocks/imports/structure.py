"""Weights for a design from a file of the very same network, whatever its layers are called."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

from blocks.analysis import analyze, require_buildable
from blocks.carried import Carried
from blocks.design import Design
from blocks.errors import ReadError
from blocks.graph import Layer, LayerGraph, settled
from blocks.imports.architecture import architecture_of, design_of
from blocks.imports.calls import Model
from blocks.imports.keras_json import model_of
from blocks.imports.places import places
from blocks.imports.weights import bring, weighted_names


def with_all_weights_of(design: Design, path: str | Path, source: str = "") -> Design:
    """Return the design carrying all its weights from a file of the same structure.

    A file that tells its architecture is compared layer by layer, in kind, arguments and wiring;
    its layers may have other names. One of weights alone is compared by the layers' names and the
    shapes of their weights. `source` is what the file is called.

    Raises:
        DesignError: the design cannot be built.
        ReadError: it is another structure, with the first difference, or cannot be read.
    """
    report = analyze(design)
    require_buildable(report)
    path, graph = Path(path), report.graph
    called = source or path.name
    try:
        data = architecture_of(path)
    except ReadError:
        if path.suffix.lower() == ".keras":
            raise
        carried = bring(path, graph, source=called)
        _require_names(graph, weighted_names(path), called)
    else:
        carried = _of_architecture(graph, path, data, called)
    return replace(design, weights=carried)


def _of_architecture(graph: LayerGraph, path: Path, data: Any, source: str) -> Carried:
    model: Model = model_of(data)
    theirs = analyze(design_of(data)).graph
    difference = first_difference(graph, theirs)
    if difference:
        raise ReadError(f"{source}: it is another network: {difference}")
    ours = dict(zip(theirs.walk(), graph.walk(), strict=True))
    found = {model.names[one.names]: one for one in places(data) if one.names in model.names}
    return bring(path, graph, {ours[name]: one for name, one in found.items()}, source)


def first_difference(ours: LayerGraph, theirs: LayerGraph) -> str:
    """Return where two networks first differ, walked from their inputs, as a clause; "" nowhere."""
    if ours.hash == theirs.hash:
        return ""
    mine = {name: place for place, name in enumerate(ours.walk())}
    others = {name: place for place, name in enumerate(theirs.walk())}
    for name, other in zip_longest(mine, others):
        if other is None:
            return f"the design goes on with {_said(ours[name])}, the file ends before"
        if name is None:
            return f"the file goes on with {_said(theirs[other])}, the design ends before"
        clause = _difference(ours[name], theirs[other], mine, others)
        if clause:
            return clause
    return "its inputs or outputs are others, or in another order"


def _difference(
    ours: Layer, theirs: Layer, mine: Mapping[str, int], others: Mapping[str, int]
) -> str:
    if ours.kind != theirs.kind:
        return f"the design has {_said(ours)} where the file has {_said(theirs)}"
    here, there = settled(ours.config), settled(theirs.config)
    for name in sorted({*here, *there}):
        if here.get(name) != there.get(name):
            return (
                f"{_said(ours)} has {name} {here.get(name)!r:.60} in the design and "
                f"{there.get(name)!r:.60} in the file"
            )
    if [mine[name] for name in ours.inputs] != [others[name] for name in theirs.inputs]:
        return f"{_said(ours)} reads other layers in the file"
    return ""


def _said(layer: Layer) -> str:
    return f"{layer.name} ({layer.kind})"


def _require_names(graph: LayerGraph, found: list[str], source: str) -> None:
    """Refuse a file of weights alone whose layers with weights are not those of the graph."""
    wanted = [layer.name for layer in graph if layer.weights and not layer.calls_again]
    missing = next((name for name in wanted if name not in found), "")
    if missing:
        raise ReadError(
            f"{source}: it is another network: it has no weights for {_said(graph[missing])}; "
            "layers are found by their names"
        )
    more = next((name for name in found if name not in wanted), "")
    if more:
        raise ReadError(
            f"{source}: it is another network: it has weights for {more!a:.80}, which the design "
            "does not have"
        )
