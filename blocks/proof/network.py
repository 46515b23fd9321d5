"""Comparing a file that holds a network, but no Keras model, with the design's own Keras model."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import prod
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from blocks.design import Design
from blocks.graph import LayerGraph
from blocks.jobs import OnProgress
from blocks.keras_model import all_of, build_model, one_or_all
from blocks.proof.carried import WITHOUT_WEIGHTS, carried_check, written_check
from blocks.proof.numbers import (
    Array,
    before_activation,
    distance,
    finite_check,
    random_inputs,
    random_value,
)
from blocks.proof.receipt import Check
from blocks.proof.structure import counts_by_rules, same

if TYPE_CHECKING:
    import keras

Values = Mapping[str, Array]
"""Arrays by name: a weight is called "layer/role", an input or output as its layer."""

STRAIGHT = (None, "linear", "relu")
"""Activations that pass differences on as they are."""

SCALING = ("kernel", "pointwise_kernel", "gamma", "bias", "beta")
"""The weights of a layer that make what it gives as many times smaller as they are."""


@runtime_checkable
class Network(Protocol):
    """What a proof asks of a network that was read from a file.

    `packages` are the libraries that read and ran it; `trainable` the names of the trained weights,
    or None where the format does not tell them from the others.
    """

    packages: tuple[str, ...]
    trainable: frozenset[str] | None

    def ends(self) -> dict[str, Any]:
        """Return the shape of every input and output; None is an open axis, as the batch is."""

    def weights(self) -> dict[str, Array]:
        """Return the weights as they are laid out in Keras."""

    def put(self, weights: Values) -> None:
        """Replace all weights."""

    def outputs(self, inputs: Values) -> dict[str, Array]:
        """Return what the network gives in inference."""


def named_weights(model: "keras.Model") -> dict[str, Any]:
    """Return the weights of a model as "layer/role"; a role's second one is "layer/role_2"."""
    found: dict[str, Any] = {}
    for layer in model.layers:
        for weight in layer.weights:
            name = f"{layer.name}/{weight.path.rpartition('/')[2]}"
            taken = sum(other == name or other.startswith(f"{name}_") for other in found)
            found[f"{name}_{taken + 1}" if taken else name] = weight
    return found


def graph_ends(graph: LayerGraph) -> dict[str, Any]:
    """Return the shape of every input and output of a layer graph, with the batch axis."""
    inputs = {f"input {name}": (None, *graph[name].shape) for name in graph.inputs}
    return inputs | {f"output {name}": (None, *graph[name].shape) for name in graph.outputs}


def network_checks(
    design: Design,
    graph: LayerGraph,
    found: Network,
    payload: Mapping[str, Any],
    progress: OnProgress,
) -> Iterator[Check]:
    """Yield every check of a network read from a file.

    The design's model is given the weights in the file, then random ones that both get: what comes
    out of it, run by Keras, is what has to come out of the file, within the payload's `tolerance`.
    """
    progress(0.4, "Building the design")
    expected = build_model(graph)
    ends = same("inputs and outputs", graph_ends(graph), found.ends())
    yield ends
    twins, weights = named_weights(expected), found.weights()
    shapes = same("weights", _shapes(twins), _shapes(weights))
    yield replace(shapes, name="weight shapes")
    if not (ends.passed and shapes.passed):
        return
    yield same("parameters", counts_by_rules(graph), _counts(expected, twins, weights, found))
    for name, weight in twins.items():
        weight.assign(weights[name])
    yield finite_check(expected)
    yield from written_check(payload.get("weights", ""), expected)
    has_weights = payload["format"] not in WITHOUT_WEIGHTS
    carried = carried_check(design, graph, expected) if has_weights else None
    if carried:
        yield carried
    progress(0.6, "Comparing outputs")
    yield from _output_checks(graph, expected, found, payload.get("tolerance", 0.0))


def _shapes(weights: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(int(axis) for axis in weight.shape) for name, weight in weights.items()}


def _counts(
    expected: "keras.Model", twins: Mapping[str, Any], weights: Values, found: Network
) -> dict[str, tuple[int, int]]:
    """Count the values in the file by layer, trained and not; as drawn where it cannot tell."""
    counts = {layer.name: (0, 0) for layer in expected.layers}
    for name, weight in weights.items():
        layer, _, _ = name.rpartition("/")
        known = found.trainable is not None
        trained = name in (found.trainable or ()) if known else twins[name].trainable
        there, size = counts[layer], prod(weight.shape)
        counts[layer] = (there[0] + size * trained, there[1] + size * (not trained))
    return counts


def _output_checks(
    graph: LayerGraph, expected: "keras.Model", found: Network, tolerance: float
) -> Iterator[Check]:
    rng = np.random.default_rng(int(graph.hash[:16], 16))
    inputs = random_inputs(graph, rng)
    sizes = {name: _entering(graph, expected, name, inputs) for name in graph.outputs}
    yield _difference("outputs", expected, found, inputs, sizes, tolerance)
    twins = named_weights(expected)
    for name, weight in twins.items():
        weight.assign(random_value(name.rpartition("/")[2], tuple(weight.shape), rng))
    for name in graph.outputs:
        _soften(graph, expected, name, _entering(graph, expected, name, inputs))
    found.put({name: np.asarray(weight) for name, weight in twins.items()})
    sizes = {name: _entering(graph, expected, name, inputs) for name in graph.outputs}
    yield _difference("outputs of random weights", expected, found, inputs, sizes, tolerance)


def _difference(
    name: str,
    expected: "keras.Model",
    found: Network,
    inputs: Values,
    sizes: Mapping[str, float],
    tolerance: float,
) -> Check:
    """Compare all outputs; a difference is a share of the largest value that Keras gives.

    A softmax makes the rounding of what enters it grow with its size, so that counts as well.
    """
    wanted = all_of(expected(one_or_all(inputs.values()), training=False))
    given = found.outputs(inputs)
    shares = []
    for (end, size), one in zip(sizes.items(), wanted, strict=True):
        value = np.asarray(one)
        shares.append(distance(value, given[end]) / ((float(np.abs(value).max()) or 1.0) * size))
    largest = max(shares)
    words = f"{len(shares)} compared, largest difference {largest:.2g} of the largest value"
    return Check(name, largest <= tolerance, largest, f"{words}; up to {tolerance:g} passes")


def _entering(graph: LayerGraph, model: "keras.Model", name: str, inputs: Values) -> float:
    """Return the size of what enters an output's activation; 1 where it is small or has none."""
    import keras

    squashes = graph[name].config.get("activation") not in STRAIGHT or graph[name].kind == "Softmax"
    if graph[name].shared or not squashes:
        return 1.0
    layer = model.get_layer(name)
    source = keras.Model(model.inputs, layer.input)(list(inputs.values()), training=False)
    entering = before_activation(layer, source) if layer.weights else np.asarray(source)
    return max(1.0, float(np.abs(entering).max()))


def _soften(graph: LayerGraph, model: "keras.Model", name: str, size: float) -> None:
    """Make the last weights so small that no softmax swallows a difference before it."""
    while not graph[name].weights and len(graph[name].inputs) == 1:
        (name,) = graph[name].inputs
    for weight in [] if graph[name].shared else model.get_layer(name).weights:
        if weight.path.rpartition("/")[2] in SCALING:
            weight.assign(weight / size)
