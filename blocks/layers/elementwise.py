"""Layers that keep the shape: batch normalisation, activation, dropout."""

from collections.abc import Mapping, Sequence
from typing import Any

from blocks.graph import Shape
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


RULES: dict[str, Rule] = {
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
