"""Layers that keep the shape: batch normalisation, activation, dropout."""

from collections.abc import Mapping, Sequence
from typing import Any

from blocks.errors import LayerError
from blocks.graph import Shape, Weight
from blocks.layers.base import Builder, Outcome, Rule, Tensor, trimmed

ACTIVATIONS = (
    "relu",
    "linear",
    "sigmoid",
    "tanh",
    "elu",
    "selu",
    "gelu",
    "silu",
    "leaky_relu",
    "relu6",
    "softplus",
    "softmax",
)
BATCH_NORM_DEFAULTS = {"momentum": 0.99, "epsilon": 1e-3}


def keep(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Keep the shape; no weights."""
    return Outcome(shapes[0])


def batch_norm(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Count a batch normalisation: scale and shift are trained, mean and variance are not."""
    channels = shapes[0][-1]
    if channels is None:
        raise LayerError("batch normalisation needs a known number of channels, got an open axis")
    trained = tuple(Weight(role, (channels,)) for role in ("gamma", "beta"))
    running = tuple(
        Weight(role, (channels,), trainable=False) for role in ("moving_mean", "moving_variance")
    )
    return Outcome(shapes[0], trained + running)


def layer_norm(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Count a layer normalisation over the last axis: scale and shift are trained."""
    channels = shapes[0][-1]
    if channels is None:
        raise LayerError("layer normalisation needs a known last axis, got an open one")
    return Outcome(shapes[0], tuple(Weight(role, (channels,)) for role in ("gamma", "beta")))


RULES: dict[str, Rule] = {
    "LayerNormalization": layer_norm,
    "BatchNormalization": batch_norm,
    "Activation": keep,
    "Dropout": keep,
    "SpatialDropout1D": keep,
    "SpatialDropout2D": keep,
}


class ElementwiseLayers(Builder):
    """The builder's methods for layers that keep the shape."""

    def batch_norm(
        self, x: Tensor, *, momentum: float = 0.99, epsilon: float = 1e-3, name: str = "bn"
    ) -> Tensor:
        """Add a batch normalisation over the channels."""
        config = {"momentum": momentum, "epsilon": epsilon}
        return self.layer("BatchNormalization", [x], trimmed(config, BATCH_NORM_DEFAULTS), name)

    def layer_norm(self, x: Tensor, *, epsilon: float = 1e-3, name: str = "ln") -> Tensor:
        """Add a normalisation of every place over its channels."""
        config = trimmed({"epsilon": epsilon}, {"epsilon": 1e-3})
        return self.layer("LayerNormalization", [x], config, name)

    def activation(self, x: Tensor, activation: str = "relu", name: str = "relu") -> Tensor:
        """Add an activation function as a layer of its own."""
        return self.layer("Activation", [x], {"activation": activation}, name)

    def dropout(self, x: Tensor, rate: float, name: str = "dropout") -> Tensor:
        """Add a dropout of single values."""
        return self.layer("Dropout", [x], {"rate": rate}, name)
