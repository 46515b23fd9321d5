"""The design as a Jupyter notebook: its code, its summary, and a training run to begin with."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blocks.analysis import analyze
from blocks.design import Design
from blocks.exports.code import python_code
from blocks.exports.code.text import entries, literal
from blocks.exports.format import Format
from blocks.exports.markdown import escaped
from blocks.graph import Layer, LayerGraph

if TYPE_CHECKING:
    import keras

RUN_BY_ITSELF = '\n\n\nif __name__ == "__main__":'
SAMPLES, BATCH, OPEN_SIZE = 64, 16, 64
TRAINING = f"""## Training

The {SAMPLES} samples here are random, to show the shapes: put your own in their place."""
IN_OTHER_CELLS = ("model", "np", "rng", "inputs", "targets")
ACCURACY = '["accuracy"]'
LOSSES = {"softmax": "sparse_categorical_crossentropy", "sigmoid": "binary_crossentropy"}


def write(design: Design, path: Path) -> None:
    graph = analyze(design).graph
    code = python_code(design, IN_OTHER_CELLS).partition(RUN_BY_ITSELF)[0]
    cells = [
        _cell("markdown", f"# {escaped(design.name)}"),
        _cell("code", code),
        _cell("code", "model = build_model()\nmodel.summary()"),
        _cell("markdown", TRAINING),
        _cell("code", "\n".join(_training(graph))),
    ]
    notebook = {
        "cells": [{"id": f"cell-{place}", **cell} for place, cell in enumerate(cells)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.write_text(json.dumps(notebook, indent=1) + "\n", encoding="utf-8")


def load(path: Path, graph: LayerGraph) -> "keras.Model":
    """Run the notebook's cell of code and call its `build_model()`; for a child that proves it."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    names: dict[str, Any] = {"__name__": "exported"}
    exec("".join(cells[1]["source"]), names)
    return names["build_model"]()


def _cell(kind: str, text: str) -> dict[str, Any]:
    made: dict[str, Any] = {"outputs": [], "execution_count": None} if kind == "code" else {}
    lines = text.strip().splitlines(keepends=True)
    return {"cell_type": kind, "metadata": {}, **made, "source": lines}


def _training(graph: LayerGraph) -> Iterator[str]:
    """Yield the lines that compile the model and fit it to samples of the right shapes."""
    inputs = [graph[name] for name in graph.inputs]
    outputs = [graph[name] for name in graph.outputs]
    losses = {layer.name: literal(_loss(layer)) for layer in outputs}
    yield "import numpy as np\n"
    yield "rng = np.random.default_rng(0)"
    yield f"inputs = {_named({layer.name: _samples(layer) for layer in inputs}, 0)}"
    yield f"targets = {_named({layer.name: _target(layer) for layer in outputs}, 0)}"
    yield "model.compile("
    yield '    optimizer="adam",'
    yield f"    loss={_named(losses, 1)},"
    if all(_loss(layer) in LOSSES.values() for layer in outputs):
        yield f"    metrics={_named(dict.fromkeys(losses, ACCURACY), 1)},"
    yield ")"
    yield f"model.fit(inputs, targets, batch_size={BATCH}, epochs=1)"


def _named(codes: Mapping[str, str], depth: int) -> str:
    """Write what each input or output gets; Keras wants no names where there is only one."""
    return entries(codes, depth) if len(codes) > 1 else next(iter(codes.values()))


def _samples(layer: Layer) -> str:
    return f'rng.normal(size={literal((SAMPLES, *_closed(layer)))}).astype("float32")'


def _closed(layer: Layer) -> tuple[int, ...]:
    """Return a layer's shape with a size in place of each open axis."""
    return tuple(OPEN_SIZE if axis is None else axis for axis in layer.shape)


def _loss(layer: Layer) -> str:
    return LOSSES.get(str(layer.config.get("activation")), "mean_squared_error")


def _target(layer: Layer) -> str:
    """Write samples of what a layer should give, as its loss wants them."""
    shape = _closed(layer)
    if _loss(layer) == LOSSES["softmax"]:
        return f"rng.integers({shape[-1]}, size={literal((SAMPLES, *shape[:-1]))})"
    if _loss(layer) == LOSSES["sigmoid"]:
        return f"rng.integers(2, size={literal((SAMPLES, *shape))})"
    return _samples(layer)


FORMAT = Format(
    id="notebook",
    title="Jupyter notebook",
    suffix=".ipynb",
    mime="application/x-ipynb+json",
    write=write,
    model=True,
    loader="blocks.exports.notebook:load",
)
