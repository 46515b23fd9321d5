"""The child's part of a proof: load the file, build the design, compare."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blocks.analysis import analyze, require_buildable
from blocks.design import Design
from blocks.graph import LayerGraph
from blocks.jobs import OnProgress
from blocks.keras_model import build_model
from blocks.proof.carried import WITHOUT_WEIGHTS, carried_check, written_check
from blocks.proof.load import LOADERS, Loader, read_design
from blocks.proof.network import Network, network_checks
from blocks.proof.numbers import finite_check, output_checks
from blocks.proof.receipt import Check, versions
from blocks.proof.structure import same, structure_checks

if TYPE_CHECKING:
    import keras


def prove_in_child(payload: Mapping[str, Any], progress: OnProgress) -> dict[str, Any]:
    """Compare a file with a design; return the checks and the versions they were made with.

    The payload has the design as JSON, the file's path and format; where they are known, the
    digest of the weights it was written with, and the loader ("module:function") of its format.
    """
    design = Design.from_json(payload["design"])
    path = Path(payload["path"])
    report = analyze(design)
    require_buildable(report)
    packages: tuple[str, ...] = ()
    if payload["format"] == "json":
        checks = list(_design_checks(design, path))
    else:
        progress(0.05, "Loading Keras")
        loader = _loader(payload["format"], payload.get("loader", ""))
        found = _opened(loader, path, report.graph, progress)
        packages = ("keras", "tensorflow", *getattr(found, "packages", ()))
        checks = list(_found_checks(design, report.graph, found, payload, progress))
    answers = [vars(check) for check in checks]
    return {"checks": answers, "versions": versions(*packages)}


def _loader(format_id: str, name: str) -> Loader:
    if not name:
        return LOADERS[format_id]
    module, _, function = name.partition(":")
    loader: Loader = getattr(import_module(module), function)
    return loader


def _design_checks(design: Design, path: Path) -> Iterator[Check]:
    found = read_design(path)
    hashes = [analyze(one).graph.hash for one in (design, found)]
    yield same("structure", {"the hash": hashes[0]}, {"the hash": hashes[1]})
    yield same("design file", design.to_json(), found.to_json())


def _opened(loader: Loader, path: Path, graph: LayerGraph, progress: OnProgress) -> Any:
    """Return what a loader finds in a file, or what it raised."""
    import keras  # noqa: F401 - loading it takes most of the time, so it is told apart

    progress(0.3, "Opening the file")
    try:
        return loader(path, graph)
    except Exception as error:  # whatever a broken file makes a library raise is the finding
        return error


def _found_checks(
    design: Design,
    graph: LayerGraph,
    found: Any,
    payload: Mapping[str, Any],
    progress: OnProgress,
) -> Iterator[Check]:
    import keras

    if isinstance(found, Exception):
        words = f"{type(found).__name__}: {' '.join(str(found).split())[:300]}"
        yield Check("opens", False, detail=words)
        return
    network = isinstance(found, Network)
    yield Check("opens", network or isinstance(found, keras.Model), detail=type(found).__name__)
    compare = network_checks if network else _model_checks
    yield from compare(design, graph, found, payload, progress)


def _model_checks(
    design: Design,
    graph: LayerGraph,
    found: "keras.Model",
    payload: Mapping[str, Any],
    progress: OnProgress,
) -> Iterator[Check]:
    has_weights = payload["format"] not in WITHOUT_WEIGHTS
    if has_weights:
        yield finite_check(found)
    yield from written_check(payload.get("weights", ""), found)
    progress(0.5, "Building the design")
    expected = build_model(graph)
    structure = list(structure_checks(graph, expected, found))
    yield from structure
    if all(check.passed for check in structure):
        carried = carried_check(design, graph, found) if has_weights else None
        if carried:
            yield carried
        progress(0.7, "Comparing outputs")
        yield from output_checks(graph, expected, found, payload.get("tolerance", 0.0))
