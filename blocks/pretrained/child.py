"""The child's part: download the weights, let Keras read them, put them under our layers' names."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from blocks.analysis import analyze
from blocks.design import Design
from blocks.errors import ReadError
from blocks.graph import LayerGraph
from blocks.imports.keras_h5 import refuse_links
from blocks.jobs import OnProgress
from blocks.keras_model import all_of
from blocks.pretrained import kept, remember
from blocks.pretrained.download import download
from blocks.pretrained.table import APPLICATIONS
from blocks.weights import LEFT_OVERS, LayerWeights, keep, weights_folder

if TYPE_CHECKING:
    import keras

DOWNLOADING = 0.8  # the share of the time that the download takes


def fetch_in_child(payload: Mapping[str, Any], progress: OnProgress) -> dict[str, Any]:
    """Fetch the weights for a template's design; return what the design says of them."""
    template_id, whole = payload["template"], bool(payload["whole"])
    known = kept(template_id, whole)
    if known:
        return known.to_json()
    application = APPLICATIONS[template_id]
    file = application.whole if whole else application.trunk
    with tempfile.TemporaryDirectory(dir=weights_folder(), prefix=LEFT_OVERS[0]) as folder:
        path = Path(folder) / file.address.rpartition("/")[2]
        download(file, path, lambda part, words: progress(DOWNLOADING * part, words))
        progress(DOWNLOADING, "Reading the weights")
        theirs = _model(application.name, path, whole)
    graph = analyze(Design.from_json(payload["design"])).graph
    carried = keep(_renamed(theirs, graph), f"ImageNet, {application.name}")
    remember(template_id, whole, carried)
    return carried.to_json()


def _model(name: str, path: Path, whole: bool) -> "keras.Model":
    """Return a network of keras.applications with the weights in a file.

    Raises:
        ReadError: they are not its weights.
    """
    import h5py
    import keras

    try:
        with h5py.File(path, "r") as file:
            refuse_links(h5py, file)
        return getattr(keras.applications, name)(weights=str(path), include_top=whole)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError) as error:
        words = " ".join(str(error).split())
        raise ReadError(f"{path.name} holds no weights of {name}: {words[:200]}") from None


def _renamed(theirs: "keras.Model", graph: LayerGraph) -> Iterator[LayerWeights]:
    """Yield their weights under the names of our layers.

    Both networks are walked from their ends; without its head theirs is shorter, so layers are
    paired from the input on.

    Raises:
        ReadError: the networks differ.
    """
    layers = {layer.name: layer for layer in theirs.layers}
    their_names = [name for name in _walk_keras(theirs) if layers[name].weights]
    our_names = [name for name in _walk_graph(graph) if graph[name].weights]
    for name, other in zip(reversed(our_names), reversed(their_names), strict=False):
        layer, twin = graph[name], layers[other]
        if type(twin).__name__ != layer.kind or len(twin.weights) != len(layer.weights):
            raise ReadError(f"{name} is a {layer.kind}, in the network of Keras {other} is another")
        roles = [weight.role for weight in layer.weights]
        yield LayerWeights(name, roles, [np.asarray(weight) for weight in twin.weights])


def _walk_graph(graph: LayerGraph) -> list[str]:
    return _walked(
        graph.outputs, lambda name: graph[name].inputs, lambda name: bool(graph[name].weights)
    )


def _walk_keras(model: "keras.Model") -> list[str]:
    layers = {layer.name: layer for layer in model.layers}

    def inputs(name: str) -> list[str]:
        if type(layers[name]).__name__ == "InputLayer":
            return []
        tensors = all_of(layers[name].input)
        return [tensor._keras_history.operation.name for tensor in tensors]

    ends = [tensor._keras_history.operation.name for tensor in model.outputs]
    return _walked(ends, inputs, lambda name: bool(layers[name].weights))


def _walked(
    ends: Iterable[str],
    inputs: Callable[[str], Sequence[str]],
    has_weights: Callable[[str], bool],
) -> list[str]:
    """Return the names of layers walked depth first from the ends.

    Of several inputs one with weights comes first: so two networks that differ only in the order
    in which an Add reads its inputs are walked alike.
    """
    found: dict[str, None] = {}
    stack = list(ends)
    while stack:
        name = stack.pop()
        if name not in found:
            found[name] = None
            stack.extend(sorted(inputs(name), key=has_weights))
    return list(found)
