"""Layers that join branches."""

from collections.abc import Mapping, Sequence
from typing import Any

from blocks.errors import LayerError
from blocks.graph import Shape
from blocks.layers.base import Builder, Outcome, Rule, Tensor, shape_text


def add(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Sum tensors of one shape, value by value."""
    _at_least_two("Add", shapes)
    if len(set(shapes)) > 1:
        raise LayerError(
            f"Add needs inputs of one shape, got {_shapes(shapes)}; make them equal with a "
            "projection (a 1x1 convolution), a stride or a pooling on one branch"
        )
    return Outcome(shapes[0])


def multiply(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Multiply tensors value by value; an axis of length 1 is spread over the other's."""
    _at_least_two("Multiply", shapes)
    axes = [set(lengths) - {1} for lengths in zip(*shapes, strict=False)]
    if len({len(shape) for shape in shapes}) > 1 or any(len(lengths) > 1 for lengths in axes):
        raise LayerError(f"Multiply needs inputs of one shape, got {_shapes(shapes)}")
    return Outcome(tuple(lengths.pop() if lengths else 1 for lengths in axes))


def concatenate(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Lay the channels of tensors of one spatial shape side by side."""
    _at_least_two("Concatenate", shapes)
    if len({shape[:-1] for shape in shapes}) > 1:
        raise LayerError(
            f"Concatenate needs inputs that agree in all but the channels, got {_shapes(shapes)}; "
            "make them equal with a stride, a pooling or padding same on one branch"
        )
    channels = [shape[-1] for shape in shapes]
    total = None if None in channels else sum(c for c in channels if c is not None)
    return Outcome((*shapes[0][:-1], total))


def _at_least_two(kind: str, shapes: Sequence[Shape]) -> None:
    if len(shapes) < 2:
        raise LayerError(f"{kind} needs 2 or more inputs, got {len(shapes)}; link another block")


def _shapes(shapes: Sequence[Shape]) -> str:
    return " and ".join(shape_text(shape) for shape in dict.fromkeys(shapes))


RULES: dict[str, Rule] = {"Add": add, "Concatenate": concatenate, "Multiply": multiply}


class MergeLayers(Builder):
    """The builder's methods for joining branches."""

    def add(self, *tensors: Tensor, name: str = "add") -> Tensor:
        """Add a sum of tensors of one shape.

        Raises:
            LayerError: the shapes differ, or fewer than two tensors come in.
        """
        return self.layer("Add", tensors, {}, name)

    def multiply(self, *tensors: Tensor, name: str = "multiply") -> Tensor:
        """Add a product, value by value; axes of length 1 are spread.

        Raises:
            LayerError: the shapes do not agree, or fewer than two tensors come in.
        """
        return self.layer("Multiply", tensors, {}, name)

    def concatenate(self, *tensors: Tensor, name: str = "concat") -> Tensor:
        """Add a concatenation along the channels.

        Raises:
            LayerError: the other axes differ, or fewer than two tensors come in.
        """
        return self.layer("Concatenate", tensors, {}, name)
