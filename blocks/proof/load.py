"""Reading exported files back; runs in the child that proves them."""

import json
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blocks.design import Design
from blocks.errors import ReadError
from blocks.graph import LayerGraph
from blocks.keras_model import build_model
from blocks.proof.network import Network
from blocks.proof.onnx import OnnxNetwork
from blocks.proof.saved_model import SavedModelNetwork
from blocks.proof.torch import TorchNetwork, torch_archive

if TYPE_CHECKING:
    import keras

Loader = Callable[[Path, LayerGraph], "keras.Model | Network"]
"""From an exported file, and the layer graph it should hold, to the model it does hold."""

MAX_JSON_BYTES = 50_000_000


def python_file(path: Path, graph: LayerGraph) -> "keras.Model":
    """Run exported code and call its `build_model()`."""
    return runpy.run_path(str(path), run_name="exported")["build_model"]()


def keras_file(path: Path, graph: LayerGraph) -> "keras.Model":
    """Load a `.keras` or `.h5` file as anybody would."""
    import keras

    return keras.models.load_model(path, compile=False)


def architecture(path: Path, graph: LayerGraph) -> "keras.Model":
    """Build the model a Keras JSON file describes."""
    import keras

    return keras.models.model_from_json(path.read_text(encoding="utf-8"))


def weights(path: Path, graph: LayerGraph) -> "keras.Model":
    """Load a file of weights into the design's own model.

    Keras only warns of weights that the file lacks; they start as no numbers here, so that the
    check for finite weights finds them.
    """
    model = build_model(graph)
    for weight in model.weights:
        weight.assign(weight * float("nan"))
    model.load_weights(path)
    return model


LOADERS: dict[str, Loader] = {
    "python": python_file,
    "keras": keras_file,
    "h5": keras_file,
    "keras_json": architecture,
    "weights": weights,
    "savedmodel": SavedModelNetwork,
    "onnx": OnnxNetwork,
    "torch": TorchNetwork,
    "torch_weights": torch_archive,
}

TOLERANCES = {"savedmodel": 1e-5, "onnx": 1e-5, "torch": 1e-5, "torch_weights": 1e-5}
"""The largest difference in outputs that passes, as a share of the largest; 0 in other formats.

TensorFlow fuses operations of a graph; ONNX Runtime and PyTorch sum in another order than Keras'
own call.
"""

SUFFIXES = {
    ".py": "python",
    ".keras": "keras",
    ".weights.h5": "weights",
    ".h5": "h5",
    ".torch.zip": "torch_weights",
    ".zip": "savedmodel",
    ".onnx": "onnx",
}


def format_of(path: Path) -> str:
    """Return the format id a file's name and first words tell.

    Raises:
        ReadError: the file holds no model that could be compared.
    """
    if path.is_dir():
        return "savedmodel"
    for suffix, format_id in SUFFIXES.items():
        if path.name.endswith(suffix):
            return "torch" if format_id == "python" and _is_for_torch(path) else format_id
    if path.suffix == ".json":
        return "json" if json_object(path).get("format") == "blockwright" else "keras_json"
    raise ReadError(
        f"{path.name}: only {', '.join(SUFFIXES)} and .json files, and the folders of SavedModels, "
        "can be compared with a design"
    )


def _is_for_torch(path: Path) -> bool:
    with path.open("rb") as file:
        return b"\nfrom torch import nn\n" in file.read(MAX_JSON_BYTES).replace(b"\r", b"")


def json_object(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file.

    Raises:
        ReadError: there is none, or the file is too large.
    """
    if path.stat().st_size > MAX_JSON_BYTES:
        raise ReadError(f"{path.name}: a JSON file may have {MAX_JSON_BYTES:,} bytes, got more")
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise ReadError(f"{path.name}: not a JSON file ({str(error)[:100]})") from None
    if not isinstance(data, dict):
        raise ReadError(f"{path.name}: holds no JSON object")
    return data


def read_design(path: Path) -> Design:
    """Return the design in a design file."""
    return Design.from_json(json_object(path))
