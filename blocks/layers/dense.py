"""Flattening and fully connected layers."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from blocks.errors import LayerError
from blocks.graph import Shape, Weight
from blocks.layers.base import Builder, Outcome, Rule, Tensor, shape_text, trimmed
from blocks.layers.windows import positions
from blocks.layers.words import Arithmetic, Words, lengths, times, weighed

DENSE_DEFAULTS = {
    "activation": "linear",
    "use_bias": True,
    "kernel_initializer": "glorot_uniform",
}


def dense(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Count a fully connected layer: inputs x units weights, plus a bias each, at every place."""
    *places, inputs = shapes[0]
    units = int(config["units"])
    if inputs is None:
        raise LayerError("a dense layer needs inputs of a known number, got an open axis")
    weights = [Weight("kernel", (inputs, units))]
    if config.get("use_bias", True):
        weights.append(Weight("bias", (units,)))
    macs = positions(tuple(places)) * inputs * units
    return Outcome((*places, units), tuple(weights), macs)


def flatten(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Lay all values out in one axis."""
    if None in shapes[0]:
        return Outcome((None,))
    return Outcome((prod(axis for axis in shapes[0] if axis is not None),))


def dense_words(config: Mapping[str, Any], shapes: Sequence[Shape], outcome: Outcome) -> Words:
    """Write a fully connected layer out."""
    return Words(lengths(outcome.shape), weighed(outcome.shape[:-1], outcome.weights))


def flatten_words(config: Mapping[str, Any], shapes: Sequence[Shape], outcome: Outcome) -> Words:
    """Write out how many values a tensor holds."""
    return Words(("?",) if None in shapes[0] else (times(shapes[0]),))


ARITHMETIC: dict[str, Arithmetic] = {"Dense": dense_words, "Flatten": flatten_words}
RULES: dict[str, Rule] = {"Dense": dense, "Flatten": flatten}


class DenseLayers(Builder):
    """The builder's methods for vectors."""

    def dense(
        self,
        x: Tensor,
        units: int,
        *,
        activation: str = "linear",
        use_bias: bool = True,
        kernel_initializer: str = "glorot_uniform",
        name: str = "dense",
    ) -> Tensor:
        """Add a fully connected layer over the last axis.

        Raises:
            LayerError: the last axis is open.
        """
        if x.shape and x.shape[-1] is None:
            raise LayerError(
                f"a dense layer needs inputs of a known number, got {shape_text(x.shape)}"
            )
        config = {
            "units": units,
            "activation": activation,
            "use_bias": use_bias,
            "kernel_initializer": kernel_initializer,
        }
        return self.layer("Dense", [x], trimmed(config, DENSE_DEFAULTS), name)

    def flatten(self, x: Tensor, name: str = "flatten") -> Tensor:
        """Add a layer that lays all values out in one axis."""
        return self.layer("Flatten", [x], {}, name)
