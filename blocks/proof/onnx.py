"""Reading an ONNX file back and running it in ONNX Runtime; runs in the child that proves it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from blocks.graph import LayerGraph
from blocks.proof.network import Values
from blocks.proof.numbers import Array

LAYOUT = "keras_layout"
"""The entry of a file's metadata that tells how weights were laid out anew, as JSON.

{"stem/kernel": {"shape": [3, 3, 16, 32], "steps": [["transpose", [3, 2, 0, 1]]]}}: the shape that
the weight has in Keras, and the steps that lead from there to the one in the file.
"""

Step = tuple[str, Sequence[int]]
Steps = Sequence[Step]


def laid_out(value: Array, steps: Steps) -> Array:
    """Take an array from Keras' layout to that of ONNX; steps are transposes and reshapes."""
    for kind, numbers in steps:
        value = value.transpose(numbers) if kind == "transpose" else value.reshape(numbers)
    return np.ascontiguousarray(value).reshape(value.shape)  # which makes a vector of a number


def in_keras_layout(value: Array, shape: Sequence[int], steps: Steps) -> Array:
    """Take an array back to Keras' layout, where it has this shape."""
    places = laid_out(np.arange(value.size).reshape(shape), steps).ravel()  # type: ignore[arg-type]
    found = np.empty_like(value.ravel())
    found[places] = value.ravel()
    return found.reshape(shape)


class OnnxNetwork:
    """The network in an ONNX file, its weights found again under the names of the layers."""

    packages: tuple[str, ...] = ("onnx", "onnxruntime")
    trainable = None

    def __init__(self, path: Path, graph: LayerGraph) -> None:
        import onnx

        onnx.checker.check_model(str(path), full_check=True)
        self._model = onnx.load(path)
        self._layout = _layout(self._model)
        self._session = self._started()
        names = {f"{layer.name}/" for layer in graph}
        self._weights = {
            tensor.name: tensor
            for tensor in self._model.graph.initializer
            if f"{tensor.name.rpartition('/')[0]}/" in names
        }

    def _started(self) -> Any:
        import onnxruntime

        return onnxruntime.InferenceSession(
            self._model.SerializeToString(), providers=["CPUExecutionProvider"]
        )

    def ends(self) -> dict[str, Any]:
        sides = (("input", self._session.get_inputs()), ("output", self._session.get_outputs()))
        return {
            f"{side} {end.name}": tuple(n if isinstance(n, int) else None for n in end.shape)
            for side, ends in sides
            for end in ends
        }

    def weights(self) -> dict[str, Array]:
        from onnx import numpy_helper

        found = {}
        for name, tensor in self._weights.items():
            value = numpy_helper.to_array(tensor)
            if name in self._layout:
                value = in_keras_layout(value, *self._layout[name])
            found[name] = value
        return found

    def put(self, weights: Values) -> None:
        from onnx import numpy_helper

        for name, value in weights.items():
            laid = laid_out(value, self._layout[name][1]) if name in self._layout else value
            self._weights[name].CopyFrom(numpy_helper.from_array(laid, name))
        self._session = self._started()

    def outputs(self, inputs: Values) -> dict[str, Array]:
        names = [end.name for end in self._session.get_outputs()]
        return dict(zip(names, self._session.run(names, dict(inputs)), strict=True))


def _layout(model: Any) -> Mapping[str, tuple[list[int], Steps]]:
    entries = [entry.value for entry in model.metadata_props if entry.key == LAYOUT]
    found = json.loads(entries[0]) if entries else {}
    return {name: (entry["shape"], entry["steps"]) for name, entry in found.items()}
