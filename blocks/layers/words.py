"""What a rule counts, written out as arithmetic that a person can follow.

Each family of layers states it beside its counting. An expression uses x - + / ( ), floor and
ceil, numbers with thousands separators, and words, which say what a number is; without the words
it is the number that was counted.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from blocks.graph import Shape, Weight
from blocks.layers.base import Outcome


class Words(NamedTuple):
    """The arithmetic of one layer: an expression for each axis that leaves it, and its MACs."""

    axes: tuple[str, ...]
    macs: str = ""


Arithmetic = Callable[[Mapping[str, Any], Sequence[Shape], Outcome], Words]
"""From a layer's config, the shapes of its inputs and its outcome to the words for it."""


def times(numbers: Iterable[int | None]) -> str:
    """Return numbers as a product: 3 x 3 x 64; an open axis counts as one and says so."""
    return " x ".join("1 (open)" if n is None else f"{n:,}" for n in numbers) or "1"


def kept(config: Mapping[str, Any], shapes: Sequence[Shape], outcome: Outcome) -> Words:
    """Say of a layer that what leaves it has the lengths it has."""
    return Words(lengths(outcome.shape))


def lengths(shape: Shape) -> tuple[str, ...]:
    """Return the lengths of a shape as expressions."""
    return tuple("?" if length is None else f"{length:,}" for length in shape)


def weighed(places: Shape, weights: Iterable[Weight]) -> str:
    """Return the multiply-adds of weights used at every place."""
    kernels = [times(weight.shape) for weight in weights if "kernel" in weight.role]
    each = f"({' + '.join(kernels)})" if len(kernels) > 1 else kernels[0]
    return f"{times(places)} places x {each}" if places else each


def counted(weights: Iterable[Weight]) -> str:
    """Return the parameters of a layer: 3 x 3 x 64 x 128 kernel + 128 bias."""
    return " + ".join(f"{times(w.shape)} {w.role.replace('_', ' ')}" for w in weights)
