"""Memory of a network, in bytes of float32 values.

The convention: every layer's output is a tensor of its own, the input included, even where a
back end might reuse one in place. Prediction holds a tensor until the last layer that reads it is
done. Training keeps every output for the way back and as much again for the gradients that pass
there; beside them stand the weights, one gradient for each trained weight, and the optimizer's
own copies of it. What convolution routines borrow for a moment is not counted.
"""

from collections.abc import Iterable
from typing import NamedTuple

from blocks.graph import Layer, LayerGraph

BYTES_PER_VALUE = 4
SLOTS = {"adam": 2, "adamw": 2, "rmsprop": 1, "momentum": 1, "sgd": 0}
"""Copies of every trained weight that each of Keras' optimizers keeps; momentum is SGD with one."""


class TrainingMemory(NamedTuple):
    """What training holds at one time, in bytes; `activations` with their gradients."""

    activations: int
    weights: int
    gradients: int
    optimizer: int

    @property
    def state(self) -> int:
        """What does not grow with the batch."""
        return self.weights + self.gradients + self.optimizer

    @property
    def total(self) -> int:
        return self.activations + self.state


def training_memory(
    layers: Iterable[Layer], batch_size: int = 32, optimizer: str = "adam"
) -> TrainingMemory:
    """Return what training these layers holds, for a batch of so many samples.

    Raises:
        KeyError: the optimizer is none of `SLOTS`.
    """
    elements = trainable = fixed = 0
    for layer in layers:
        elements += layer.elements
        for weight in layer.weights:
            if weight.trainable:
                trainable += weight.size
            else:
                fixed += weight.size
    return TrainingMemory(
        activations=2 * BYTES_PER_VALUE * batch_size * elements,
        weights=BYTES_PER_VALUE * (trainable + fixed),
        gradients=BYTES_PER_VALUE * trainable,
        optimizer=BYTES_PER_VALUE * SLOTS[optimizer] * trainable,
    )


def peak_activation_bytes(graph: LayerGraph) -> int:
    """Return the most that the tensors of one sample take at one time during prediction.

    Layers run in the order of the graph; weights come on top.
    """
    waiting: dict[str, int] = dict.fromkeys(graph.outputs, 1)
    for layer in graph:
        for name in layer.inputs:
            waiting[name] = waiting.get(name, 0) + 1
    live = peak = 0
    for layer in graph:
        live += layer.elements
        peak = max(peak, live)
        for name in layer.inputs:
            waiting[name] -= 1
            if not waiting[name]:
                live -= graph[name].elements
        if layer.name not in waiting:
            live -= layer.elements
    return BYTES_PER_VALUE * peak
