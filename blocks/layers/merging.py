"""Layers that join branches."""

from collections.abc import Mapping, Sequence
from typing import Any

from blocks.errors import LayerError
from blocks.graph import Shape
from blocks.layers.base import Builder, Outcome, Rule, Tensor, shape_text
from blocks.layers.words import Arithmetic, Words, lengths


def elementwise(kind: str) -> Rule:
    """Return the rule of a merge value by value.

    Axes of length 1 are spread over the others', and so are axes that shorter shapes lack in front.
    """

    def merge(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
        _at_least_two(kind, shapes)
        rank = max(len(shape) for shape in shapes)
        axes = zip(*((1,) * (rank - len(shape)) + shape for shape in shapes), strict=True)
        return Outcome(tuple(_spread(kind, lengths, shapes) for lengths in axes))

    return merge


def _spread(kind: str, lengths: Sequence[int | None], shapes: Sequence[Shape]) -> int | None:
    found = {length for length in lengths if length not in (1, None)}
    if len(found) > 1:
        raise _shapes_differ(kind, shapes)
    return None if None in lengths else found.pop() if found else 1


def _shapes_differ(kind: str, shapes: Sequence[Shape]) -> LayerError:
    return LayerError(
        f"{kind} needs inputs of one shape, got {_shapes(shapes)}; make them equal with a "
        "projection (a 1x1 convolution), a stride or a pooling on one branch"
    )


def subtract(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Take the second tensor from the first, value by value."""
    if len(shapes) != 2:
        raise LayerError(f"Subtract needs exactly 2 inputs, got {len(shapes)}")
    return elementwise("Subtract")(config, shapes)


def concatenate(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Lay tensors side by side along one axis, the channels where none is given.

    Raises:
        LayerError: the other axes differ, or there is no such axis.
    """
    _at_least_two("Concatenate", shapes)
    axis, rank = config.get("axis", -1), len(shapes[0])
    place = axis - 1 if axis > 0 else axis + rank
    if not 0 <= place < rank:
        raise LayerError(f"axis must be one of the {rank} axes after the batch, got {axis}")
    rest = {shape[:place] + shape[place + 1 :] for shape in shapes}
    if len(rest) > 1 or len({len(shape) for shape in shapes}) > 1:
        raise LayerError(
            f"Concatenate needs inputs that agree in all but {_named(place, rank)}, got "
            f"{_shapes(shapes)}; make them equal with a stride, a pooling or padding same on one "
            "branch"
        )
    lengths = [shape[place] for shape in shapes]
    total = None if None in lengths else sum(length for length in lengths if length is not None)
    return Outcome((*shapes[0][:place], total, *shapes[0][place + 1 :]))


def _named(place: int, rank: int) -> str:
    return "the channels" if place == rank - 1 else f"axis {place + 1}"


def _at_least_two(kind: str, shapes: Sequence[Shape]) -> None:
    if len(shapes) < 2:
        raise LayerError(f"{kind} needs 2 or more inputs, got {len(shapes)}; link another block")


def _shapes(shapes: Sequence[Shape]) -> str:
    return " and ".join(shape_text(shape) for shape in dict.fromkeys(shapes))


def concatenate_words(
    config: Mapping[str, Any], shapes: Sequence[Shape], outcome: Outcome
) -> Words:
    """Write out how lengths add up along the axis of the concatenation."""
    axis, axes = config.get("axis", -1), list(lengths(outcome.shape))
    place = axis - 1 if axis > 0 else axis + len(axes)
    if outcome.shape[place] is not None:
        axes[place] = " + ".join(f"{shape[place]:,}" for shape in shapes)
    return Words(tuple(axes))


ARITHMETIC: dict[str, Arithmetic] = {"Concatenate": concatenate_words}
RULES: dict[str, Rule] = {
    **{kind: elementwise(kind) for kind in ("Add", "Average", "Maximum", "Minimum", "Multiply")},
    "Concatenate": concatenate,
    "Subtract": subtract,
}


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
