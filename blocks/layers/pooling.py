"""Pooling over windows and over all places."""

from collections.abc import Mapping, Sequence
from typing import Any

from blocks.graph import Shape
from blocks.layers.base import Builder, Outcome, Rule, Tensor, require_spatial, trimmed
from blocks.layers.windows import pair, slide, slide_words
from blocks.layers.words import Arithmetic, Words, lengths

KINDS = {"max": "MaxPooling", "average": "AveragePooling"}
GLOBAL_KINDS = {"max": "GlobalMaxPooling", "average": "GlobalAveragePooling"}


def pooling(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Shape a pooling; the stride is the pool size where none is given."""
    shape = shapes[0]
    rank = len(shape) - 1
    size = pair(config.get("pool_size", 2), rank)
    stride = pair(config.get("strides") or config.get("pool_size", 2), rank)
    spatial = slide("pooling", shape[:-1], size, stride, config.get("padding", "valid"))
    return Outcome((*spatial, shape[-1]))


def global_pooling(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Leave one value per channel; with keepdims the spatial axes stay, of length 1."""
    ones = (1,) * (len(shapes[0]) - 1) if config.get("keepdims") else ()
    return Outcome((*ones, shapes[0][-1]))


def pooling_words(config: Mapping[str, Any], shapes: Sequence[Shape], outcome: Outcome) -> Words:
    """Write out how far a window slides along each axis."""
    rank = len(shapes[0]) - 1
    size = pair(config.get("pool_size", 2), rank)
    stride = pair(config.get("strides") or config.get("pool_size", 2), rank)
    axes = slide_words(shapes[0][:-1], size, stride, config.get("padding", "valid"))
    return Words((*axes, *lengths(shapes[0][-1:])))


ARITHMETIC: dict[str, Arithmetic] = {
    f"{kind}{rank}D": pooling_words for kind in KINDS.values() for rank in (1, 2, 3)
}
RULES: dict[str, Rule] = {
    f"{kind}{rank}D": rule
    for kinds, rule in ((KINDS, pooling), (GLOBAL_KINDS, global_pooling))
    for kind in kinds.values()
    for rank in (1, 2, 3)
}


class Poolings(Builder):
    """The builder's methods for pooling."""

    def pool(
        self,
        x: Tensor,
        size: int,
        *,
        strides: int | None = None,
        padding: str = "valid",
        kind: str = "max",
        name: str = "pool",
    ) -> Tensor:
        """Add a max or average pooling; the stride is the size where none is given.

        Raises:
            LayerError: a vector comes in, or the window does not fit.
        """
        require_spatial("pooling", x.shape)
        config = {"pool_size": size, "strides": strides, "padding": padding}
        defaults = {"strides": None, "padding": "valid"}
        return self.layer(f"{KINDS[kind]}{len(x.spatial)}D", [x], trimmed(config, defaults), name)

    def global_pool(
        self, x: Tensor, *, kind: str = "average", keepdims: bool = False, name: str = "pool"
    ) -> Tensor:
        """Add a pooling over all places, one value per channel.

        Raises:
            LayerError: a vector comes in.
        """
        require_spatial("global pooling", x.shape)
        config = {"keepdims": True} if keepdims else {}
        return self.layer(f"{GLOBAL_KINDS[kind]}{len(x.spatial)}D", [x], config, name)
