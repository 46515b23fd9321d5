"""From the layer graph to a real Keras model; imports Keras only when called."""

import warnings
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from blocks.analysis import analyze, require_buildable
from blocks.design import Design
from blocks.graph import LayerGraph
from blocks.weights import carried_layers, weights_fit

if TYPE_CHECKING:
    import keras


def to_keras(design: Design) -> "keras.Model":
    """Build the Keras model of a design, with the weights it carries.

    Layers that they do not fit have fresh values; a warning says so where the file of the weights
    is not on this machine.

    Raises:
        DesignError: the design has problems; all are listed.
        ReadError: the file of the weights is damaged.
    """
    report = analyze(design)
    require_buildable(report)
    model = build_model(report.graph, design.name)
    put_weights(model, design, report.graph)
    return model


def put_weights(model: "keras.Model", design: Design, graph: LayerGraph) -> None:
    """Give the layers of a model the weights that its design carries for them.

    Raises:
        ReadError: the file of the weights is damaged.
    """
    found = weights_fit(design, graph)
    if found is None:
        return
    if not found.there:
        warnings.warn(found.sentence(), stacklevel=2)
    for name, values in carried_layers(found):
        for variable, value in zip(model.get_layer(name).weights, values, strict=True):
            variable.assign(value)


def build_model(
    graph: LayerGraph, name: str = "model", dtypes: Mapping[str, str] | None = None
) -> "keras.Model":
    """Build the Keras model of a layer graph, layer by layer, under the layers' own names.

    `dtypes` are policies of layers that differ from the usual one, by the layers' names.
    """
    import keras

    tensors: dict[str, Any] = {}
    shared: dict[str, Any] = {}
    for layer in graph:
        if layer.kind == "InputLayer":
            tensors[layer.name] = keras.Input(name=layer.name, **layer.config)
            continue
        config = layer.config
        if dtypes and layer.name in dtypes:
            config = {**config, "dtype": dtypes[layer.name]}
        made = shared.get(layer.shared) or _keras_layer(layer.kind, layer.name, config)
        if layer.shared:
            shared[layer.shared] = made
        tensors[layer.name] = made(one_or_all(tensors[source] for source in layer.inputs))
    return keras.Model(
        inputs=one_or_all(tensors[source] for source in graph.inputs),
        outputs=one_or_all(tensors[source] for source in graph.outputs),
        name=model_name(name),
    )


def _keras_layer(kind: str, name: str | None, config: Mapping[str, Any]) -> Any:
    """Make a Keras layer; a wrapper's config describes the layer inside it."""
    import keras

    arguments = dict(config)
    if "layer" in arguments:
        inner = dict(arguments["layer"]["config"])
        inner_name = inner.pop("name", None)
        arguments["layer"] = _keras_layer(arguments["layer"]["class_name"], inner_name, inner)
    return getattr(keras.layers, kind)(name=name, **arguments)


def one_or_all(tensors: Iterable[Any]) -> Any:
    """Return a single tensor bare, as Keras takes and gives it, and several as a list."""
    found = list(tensors)
    return found[0] if len(found) == 1 else found


def all_of(tensors: Any) -> list[Any]:
    """Return what `one_or_all` gave, or Keras, as a list."""
    return list(tensors) if isinstance(tensors, list | tuple) else [tensors]


def model_name(name: str) -> str:
    """Return a design's name as a Keras model may be called: an ASCII identifier."""
    text = "".join(char if char.isascii() and char.isalnum() else "_" for char in name)
    return text.strip("_")[:64] or "model"
