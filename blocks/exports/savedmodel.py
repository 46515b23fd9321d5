"""The model as TensorFlow serves it: a SavedModel, in a folder or in a zip of one."""

import tempfile
import zipfile
from pathlib import Path

from blocks.analysis import Report, analyze
from blocks.design import Design
from blocks.exports.format import Format
from blocks.exports.scopes import unscoped
from blocks.home import UNFINISHED
from blocks.keras_model import all_of, model_name, one_or_all, to_keras
from blocks.proof import TOLERANCES
from blocks.proof.saved_model import GRAPH, WEIGHTS


def write(design: Design, path: Path) -> str:
    """Write a zip where the path ends so, else a folder."""
    if path.suffix != ".zip":
        return _write_folder(design, path)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=UNFINISHED) as place:
        folder = Path(place)
        digest = _write_folder(design, folder)
        with zipfile.ZipFile(path, "w") as archive:
            for part in sorted(folder.rglob("*")):
                archive.write(part, Path(model_name(design.name)) / part.relative_to(folder))
    return digest


def _write_folder(design: Design, folder: Path) -> str:
    """Save the serving signature, whose inputs and outputs are called as the layers are."""
    import keras
    import tensorflow as tf

    from blocks.proof.numbers import weights_digest

    model, graph = to_keras(design), analyze(design).graph
    specs = [
        tf.TensorSpec((None, *graph[name].shape), tensor.dtype, name=name)
        for name, tensor in zip(graph.inputs, model.inputs, strict=True)
    ]

    def serve(*inputs):  # type: ignore[no-untyped-def]  # TensorFlow reads the signature from it
        outputs = model(one_or_all(inputs), training=False)
        return dict(zip(graph.outputs, all_of(outputs), strict=True))

    archive = keras.export.ExportArchive()
    archive.track(model)
    archive.add_endpoint("serve", serve, specs)
    archive.add_variable_collection(WEIGHTS, model.weights)
    archive.write_out(str(folder), verbose=False)
    return weights_digest(model)


def hindrance(report: Report) -> str:
    """Say which layer or input has a name that a SavedModel cannot hold, or nothing."""
    for name in report.graph.inputs:
        if not name.isidentifier():
            return (
                f"{report.graph[name].scope.node}: a serving signature has no input {name!a:.60}; "
                "give it a name of letters, digits and _, or choose another format"
            )
    return unscoped(report)


FORMAT = Format(
    id="savedmodel",
    title="TensorFlow SavedModel",
    suffix=".zip",
    mime="application/zip",
    write=write,
    heavy=True,
    text=False,
    model=True,
    folder=GRAPH,
    tolerance=TOLERANCES["savedmodel"],
    hindrance=hindrance,
)
