"""The child's part of a proof: load the file, build the design, compare."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from blocks.analysis import analyze, require_buildable
from blocks.design import Design
from blocks.graph import LayerGraph
from blocks.jobs import OnProgress
from blocks.keras_model import build_model
from blocks.proof.carried import carried_check
from blocks.proof.load import LOADERS, Loader, read_design
from blocks.proof.numbers import finite_check, output_checks, weights_digest
from blocks.proof.receipt import Check, versions
from blocks.proof.structure import same, structure_checks

STRUCTURE = ("layers", "wiring", "configs", "shapes", "parameters")
WITHOUT_WEIGHTS = ("python", "keras_json")


def prove_in_child(payload: Mapping[str, Any], progress: OnProgress) -> dict[str, Any]:
    """Compare a file with a design; return the checks and the versions they were made with.

    The payload has the design as JSON, the file's path and format; where they are known, the
    digest of the weights it was written with, and the loader ("module:function") of its format.
    """
    design = Design.from_json(payload["design"])
    path = Path(payload["path"])
    report = analyze(design)
    require_buildable(report)
    if payload["format"] == "json":
        checks = list(_design_checks(design, path))
        packages: tuple[str, ...] = ()
    else:
        loader = _loader(payload["format"], payload.get("loader", ""))
        checks = list(_model_checks(design, report.graph, path, loader, payload, progress))
        packages = ("keras", "tensorflow")
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


def _model_checks(
    design: Design,
    graph: LayerGraph,
    path: Path,
    loader: Loader,
    payload: Mapping[str, Any],
    progress: OnProgress,
) -> Iterator[Check]:
    progress(0.05, "Loading Keras")
    import keras

    progress(0.3, "Opening the file")
    try:
        found = loader(path, graph)
    except Exception as error:  # whatever a broken file makes Keras raise is the finding
        yield Check(
            "opens", False, detail=f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
        )
        return
    yield Check("opens", isinstance(found, keras.Model), detail=type(found).__name__)
    has_weights = payload["format"] not in WITHOUT_WEIGHTS
    if has_weights:
        yield finite_check(found)
    if payload.get("weights"):
        digests = payload["weights"], weights_digest(found)
        yield same("weights as written", {"the hash": digests[0]}, {"the hash": digests[1]})
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
