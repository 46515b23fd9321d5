"""Comparing two Keras models part by part: layers, wiring, configs, shapes, parameters."""

import json
from collections.abc import Iterator, Mapping
from math import prod
from typing import TYPE_CHECKING, Any

from blocks.graph import LayerGraph
from blocks.proof.receipt import Check

if TYPE_CHECKING:
    import keras

MAX_SHOWN = 3


def structure_checks(
    graph: LayerGraph, expected: "keras.Model", found: "keras.Model"
) -> Iterator[Check]:
    """Yield the checks of everything about a model but its numbers.

    `expected` is the design's own model; the parameter counts are compared with the layer graph,
    which counted them without Keras.
    """
    yield same("layers", _classes(expected), _classes(found))
    yield same("wiring", _wiring(expected), _wiring(found))
    yield same("configs", _configs(expected), _configs(found))
    yield same("shapes", _shapes(expected), _shapes(found))
    yield same("parameters", counts_by_rules(graph), _counts(found))


def same(name: str, expected: Mapping[str, Any], found: Mapping[str, Any]) -> Check:
    """Compare two mappings; the detail names the first few entries that differ."""
    keys = [*expected, *(key for key in found if key not in expected)]
    words = [
        f"{key} is {_shown(found, key)}, drawn {_shown(expected, key)}"
        for key in keys
        if found.get(key) != expected.get(key)
    ]
    if not words:
        return Check(name, True, detail=f"{len(expected)} equal")
    rest = f" and {len(words) - MAX_SHOWN} more" if len(words) > MAX_SHOWN else ""
    return Check(name, False, detail="; ".join(words[:MAX_SHOWN]) + rest)


def _shown(mapping: Mapping[str, Any], key: str) -> str:
    return str(mapping[key])[:120] if key in mapping else "not there"


def _classes(model: "keras.Model") -> dict[str, str]:
    return {layer.name: type(layer).__name__ for layer in model.layers}


def _wiring(model: "keras.Model") -> dict[str, Any]:
    """Return, for each layer, the tensors it reads, once per call; and both ends of the model."""
    config = model.get_config()
    read = {
        entry["name"]: [list(_tensors(call)) for call in entry["inbound_nodes"]]
        for entry in config["layers"]
    }
    ends = {
        "the inputs": [tensor[0] for tensor in _list(config["input_layers"])],
        "the outputs": [tensor[0] for tensor in _list(config["output_layers"])],
    }
    wiring: dict[str, Any] = json.loads(json.dumps(read | ends))
    return wiring


def _list(tensors: Any) -> Any:
    """Return one tensor, as a model with one end has it, as a list of one."""
    return tensors if isinstance(tensors[0], list | tuple) else [tensors]


def _tensors(call: Any) -> Iterator[Any]:
    """Yield (layer, call, tensor) of each tensor in the arguments of a call."""
    if isinstance(call, Mapping):
        if call.get("class_name") == "__keras_tensor__":
            yield call["config"]["keras_history"]
        else:
            yield from (tensor for value in call.values() for tensor in _tensors(value))
    elif isinstance(call, list | tuple):
        yield from (tensor for value in call for tensor in _tensors(value))


def _configs(model: "keras.Model") -> dict[str, Any]:
    """Return every entry of every layer's config, tuples and lists alike."""
    return {
        f"{layer.name}.{key}": json.loads(json.dumps(value, default=str))
        for layer in model.layers
        for key, value in layer.get_config().items()
    }


def _shapes(model: "keras.Model") -> dict[str, Any]:
    return {layer.name: tuple(layer.output.shape) for layer in model.layers}


def counts_by_rules(graph: LayerGraph) -> dict[str, tuple[int, int]]:
    """Return the trainable and the other values of each layer, as the layer graph counts them."""
    return {
        layer.name: (layer.trainable, layer.non_trainable)
        for layer in graph
        if not layer.calls_again
    }


def _counts(model: "keras.Model") -> dict[str, tuple[int, int]]:
    return {
        layer.name: (_size(layer.trainable_weights), _size(layer.non_trainable_weights))
        for layer in model.layers
    }


def _size(weights: Any) -> int:
    return sum(prod(int(axis) for axis in weight.shape) for weight in weights)
