"""Comparing two Keras models by their numbers: the same weights in, the same values out."""

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from blocks.graph import LayerGraph, Shape
from blocks.proof.receipt import BATCH, Check

if TYPE_CHECKING:
    import keras

Array = np.ndarray[Any, np.dtype[np.float32]]

MAX_ACTIVATION_BYTES = 2_000_000_000
OPEN_AXIS = {2: 256}  # samples that stand for an open length of a signal; pixels of an image: 64
FURTHEST = float(np.finfo(np.float32).max)


def weights_digest(model: "keras.Model") -> str:
    """Return one hash of all weights of a model, by layer."""
    digest = hashlib.sha256()
    for layer in sorted(model.layers, key=lambda layer: str(layer.name)):
        for weight in layer.weights:
            digest.update(f"{layer.name} {tuple(weight.shape)}".encode())
            digest.update(np.ascontiguousarray(weight.numpy()).data)
    return digest.hexdigest()


def finite_check(model: "keras.Model") -> Check:
    """Check that every weight is a number."""
    wrong = [
        layer.name
        for layer in model.layers
        if not all(np.isfinite(weight.numpy()).all() for weight in layer.weights)
    ]
    detail = f"{', '.join(wrong[:3])} hold values that are no numbers" if wrong else "all finite"
    return Check("finite weights", not wrong, detail=detail)


def output_checks(
    graph: LayerGraph, expected: "keras.Model", found: "keras.Model", tolerance: float = 0.0
) -> Iterator[Check]:
    """Give both models the same random weights and inputs, and compare what comes out.

    Two samples of standard normal values go in; batch normalisation has random statistics too.
    Every layer's output is compared where memory allows, else the models' outputs; and the
    values that enter the outputs' last activations, as softmax hides differences.
    """
    rng = np.random.default_rng(int(graph.hash[:16], 16))
    _share_weights(expected, found, rng)
    inputs = list(random_inputs(graph, rng).values())
    names = _compared(graph)
    sides = [_values(graph, model, names, inputs) for model in (expected, found)]
    pairs = list(zip(*sides, strict=True))
    outputs = [pair for name, pair in zip(names, pairs, strict=True) if name in graph.outputs]
    yield _difference("outputs", outputs, tolerance)
    yield _difference("layer outputs", pairs, tolerance)
    entering = dict(zip(names, pairs, strict=True))
    yield _difference(
        "before the last activation",
        [_before_activation(graph, name, expected, found, entering) for name in graph.outputs],
        tolerance,
    )


def random_inputs(graph: LayerGraph, rng: np.random.Generator) -> dict[str, Array]:
    """Draw standard normal values for every input; open axes get a length that all layers take."""
    return {
        name: rng.standard_normal((BATCH, *_closed(graph[name].shape)), dtype=np.float32)
        for name in graph.inputs
    }


def _share_weights(expected: "keras.Model", found: "keras.Model", rng: np.random.Generator) -> None:
    for layer in expected.layers:
        twins = found.get_layer(layer.name).weights
        for weight, twin in zip(layer.weights, twins, strict=True):
            value = random_value(weight.path.rpartition("/")[2], tuple(weight.shape), rng)
            weight.assign(value)
            twin.assign(value)


def random_value(role: str, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Draw values of a size that keeps signals neither dying out nor growing through the net."""
    if role in ("gamma", "moving_variance"):
        return rng.uniform(0.5, 1.5, shape).astype(np.float32)
    value = rng.standard_normal(shape, dtype=np.float32)
    value *= np.float32((2 / np.prod(shape[:-1])) ** 0.5 if len(shape) > 1 else 0.1)
    return value


def _closed(shape: Shape) -> tuple[int, ...]:
    return tuple(OPEN_AXIS.get(len(shape), 64) if axis is None else axis for axis in shape)


def _compared(graph: LayerGraph) -> list[str]:
    """Return the layers to compare: all, or those at the end when all would take too much."""
    if 4 * BATCH * sum(layer.elements for layer in graph) <= MAX_ACTIVATION_BYTES:
        return [layer.name for layer in graph]
    ends = {name: None for output in graph.outputs for name in (*graph[output].inputs, output)}
    return list(ends)


def _values(
    graph: LayerGraph, model: "keras.Model", names: list[str], inputs: list[Array]
) -> list[Array]:
    import keras

    probe = keras.Model(model.inputs, [_tensor(graph, model, name) for name in names])
    return [np.asarray(value) for value in probe(inputs, training=False)]


def _tensor(graph: LayerGraph, model: "keras.Model", name: str) -> "keras.KerasTensor":
    """Return what a layer gives, or what one call of a shared layer gives."""
    shared = graph[name].shared
    if not shared:
        return model.get_layer(name).output
    calls = [layer.name for layer in graph if layer.shared == shared]
    return model.get_layer(shared)._inbound_nodes[calls.index(name)].output_tensors[0]


def _before_activation(
    graph: LayerGraph,
    name: str,
    expected: "keras.Model",
    found: "keras.Model",
    entering: dict[str, tuple[Array, Array]],
) -> tuple[Array, Array]:
    """Return what both models' layer of this name gives when its activation is taken off."""
    if graph[name].shared or not hasattr(expected.get_layer(name), "activation"):
        return entering[name]
    first, second = entering[graph[name].inputs[0]]
    return (
        before_activation(expected.get_layer(name), first),
        before_activation(found.get_layer(name), second),
    )


def before_activation(layer: Any, source: Any) -> Array:
    """Return what a layer gives when its activation is taken off."""
    import keras

    activation, layer.activation = layer.activation, keras.activations.linear
    try:
        return np.asarray(layer(source))
    finally:
        layer.activation = activation


def _difference(name: str, pairs: list[tuple[Array, Array]], tolerance: float) -> Check:
    largest = max((distance(one, other) for one, other in pairs), default=0.0)
    detail = f"{len(pairs)} compared, largest difference {largest:g}"
    return Check(name, largest <= tolerance, largest, detail)


def distance(one: Array, other: Array) -> float:
    """Return the largest difference of two arrays; 0.0 only where they are equal everywhere."""
    if one.shape != other.shape:
        return FURTHEST
    apart = one != other
    if not apart.any():
        return 0.0
    left, right = one[apart].astype(np.float64), other[apart].astype(np.float64)
    apart_too = ~(np.isnan(left) & np.isnan(right))
    distance = np.abs(left - right)[apart_too]
    return float(
        min(np.nan_to_num(distance, nan=FURTHEST, posinf=FURTHEST).max(initial=0.0), FURTHEST)
    )
