"""Reading a SavedModel back, as TensorFlow itself does; runs in the child that proves it."""

import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from blocks.errors import ReadError
from blocks.graph import LayerGraph
from blocks.keras_model import build_model
from blocks.proof.network import Values, named_weights
from blocks.proof.numbers import Array

SIGNATURE = "serving_default"
WEIGHTS = "weights"
"""The collection of variables that has the weights in the order of the Keras model's."""

GRAPH = "saved_model.pb"
MAX_FILES = 1_000


class SavedModelNetwork:
    """A SavedModel in a folder, or in a zip of one."""

    packages: tuple[str, ...] = ()

    def __init__(self, path: Path, graph: LayerGraph) -> None:
        if path.is_dir():
            self._load(path)
        else:
            with tempfile.TemporaryDirectory() as folder:
                self._load(unpacked(path, Path(folder)))
        names = list(named_weights(build_model(graph)))
        found = list(getattr(self._model, WEIGHTS, ()))
        if len(found) != len(names):
            raise ReadError(f"it has {len(found):,} weights, drawn are {len(names):,}")
        self._weights = dict(zip(names, found, strict=True))
        trained = {id(variable) for variable in self._model.trainable_variables}
        self.trainable = frozenset(n for n, w in self._weights.items() if id(w) in trained)

    def _load(self, folder: Path) -> None:
        import tensorflow as tf

        self._model = tf.saved_model.load(str(folder))
        self._call = self._model.signatures[SIGNATURE]

    def ends(self) -> dict[str, Any]:
        _, inputs = self._call.structured_input_signature
        sides = (("input", inputs), ("output", self._call.structured_outputs))
        return {
            f"{side} {name}": tuple(spec.shape)
            for side, specs in sides
            for name, spec in specs.items()
        }

    def weights(self) -> dict[str, Array]:
        return {name: variable.numpy() for name, variable in self._weights.items()}

    def put(self, weights: Values) -> None:
        for name, value in weights.items():
            self._weights[name].assign(value)

    def outputs(self, inputs: Values) -> dict[str, Array]:
        import tensorflow as tf

        tensors = {name: tf.constant(value) for name, value in inputs.items()}
        return {name: np.asarray(value) for name, value in self._call(**tensors).items()}


def unpacked(path: Path, folder: Path) -> Path:
    """Unpack a zip into a folder; return the folder in it that holds the SavedModel.

    Raises:
        ReadError: it holds no SavedModel, or more files than one has.
    """
    with zipfile.ZipFile(path) as archive:
        files = archive.namelist()
        homes = [Path(name).parent for name in files if Path(name).name == GRAPH]
        if len(homes) != 1 or len(files) > MAX_FILES:
            raise ReadError(f"a zip of one SavedModel has one {GRAPH}, got {len(homes)}")
        archive.extractall(folder)
    return folder / homes[0]
