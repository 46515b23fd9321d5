"""Layers that cut, repeat or rearrange what comes in, and the table look-up of whole numbers."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from blocks.errors import LayerError
from blocks.graph import Shape, Weight
from blocks.layers.axes import padding_pairs
from blocks.layers.base import Outcome, Rule, shape_text
from blocks.layers.words import Arithmetic, Words, lengths


def cropping(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Cut places off both ends of each spatial axis.

    Raises:
        LayerError: nothing would be left.
    """
    *spatial, channels = shapes[0]
    default = 0 if len(spatial) == 2 else 1
    amounts = padding_pairs(config.get("cropping", default), len(spatial))
    left = tuple(
        None if length is None else length - before - after
        for length, (before, after) in zip(spatial, amounts, strict=True)
    )
    if any(length is not None and length < 1 for length in left):
        raise LayerError(f"cropping must leave at least one place, got {shape_text(left)}")
    return Outcome((*left, channels))


def reshape(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Lay the same values out in another shape; -1 stands for what is left over.

    Raises:
        LayerError: the numbers of values differ.
    """
    target = config["target_shape"]
    if None in shapes[0]:
        return Outcome(tuple(None if length == -1 else length for length in target))
    count = prod(length for length in shapes[0] if length is not None)
    known = prod(length for length in target if length != -1)
    if count % known or (-1 not in target and count != known):
        raise LayerError(
            f"target_shape must hold {count} values as {shape_text(shapes[0])} does, "
            f"got {'x'.join(map(str, target))}"
        )
    return Outcome(tuple(count // known if length == -1 else length for length in target))


def repeat_vector(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Repeat a vector, which makes a signal.

    Raises:
        LayerError: what comes in is no vector.
    """
    if len(shapes[0]) != 1:
        raise LayerError(f"RepeatVector needs a vector, got shape {shape_text(shapes[0])}")
    return Outcome((config["n"], *shapes[0]))


def resizing(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Bring images to one height and width.

    Raises:
        LayerError: what comes in is no image.
    """
    if len(shapes[0]) != 3:
        raise LayerError(f"resizing needs an image, got shape {shape_text(shapes[0])}")
    return Outcome((config["height"], config["width"], shapes[0][-1]))


def embedding(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Look every whole number up in a table of trained vectors."""
    size = (config["input_dim"], config["output_dim"])
    return Outcome((*shapes[0], config["output_dim"]), (Weight("embeddings", size),))


def cropping_words(config: Mapping[str, Any], shapes: Sequence[Shape], outcome: Outcome) -> Words:
    """Write out what is cut off before and after each axis."""
    *spatial, channels = shapes[0]
    amounts = padding_pairs(config.get("cropping", 0 if len(spatial) == 2 else 1), len(spatial))
    axes = (
        "?" if n is None else f"{n:,} - {before:,} - {after:,}"
        for n, (before, after) in zip(spatial, amounts, strict=True)
    )
    return Words((*axes, *lengths((channels,))))


ARITHMETIC: dict[str, Arithmetic] = {f"Cropping{rank}D": cropping_words for rank in (1, 2, 3)}
RULES: dict[str, Rule] = {
    **dict.fromkeys(("Cropping1D", "Cropping2D", "Cropping3D"), cropping),
    **dict.fromkeys(("Resizing", "CenterCrop"), resizing),
    "Embedding": embedding,
    "RepeatVector": repeat_vector,
    "Reshape": reshape,
}
