"""Layers that pad or reorder axes, and the inputs every graph starts from."""

from collections.abc import Mapping, Sequence
from typing import Any

from blocks.errors import LayerError
from blocks.graph import Shape
from blocks.layers.base import Builder, Outcome, Rule, Tensor, require_spatial
from blocks.layers.words import Arithmetic, Words, lengths


def input_layer(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Take the shape as given."""
    return Outcome(tuple(config["shape"]))


def permute(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Reorder the axes; the first after the batch is called 1.

    Raises:
        LayerError: the axes are not named once each.
    """
    if sorted(config["dims"]) != list(range(1, len(shapes[0]) + 1)):
        raise LayerError(
            f"dims must name the axes 1 to {len(shapes[0])} once each, got {config['dims']}"
        )
    return Outcome(tuple(shapes[0][axis - 1] for axis in config["dims"]))


def zero_padding(config: Mapping[str, Any], shapes: Sequence[Shape]) -> Outcome:
    """Add zeros before and after each spatial axis."""
    *spatial, channels = shapes[0]
    amounts = padding_pairs(config.get("padding", 1), len(spatial))
    padded = tuple(
        None if length is None else length + before + after
        for length, (before, after) in zip(spatial, amounts, strict=True)
    )
    return Outcome((*padded, channels))


def padding_pairs(padding: Any, rank: int) -> tuple[tuple[int, int], ...]:
    """Return Keras' forms of a padding as one (before, after) pair per axis.

    A number pads both sides of every axis; 1-D takes (before, after); 2-D takes a number per
    axis or a pair per axis.
    """
    if isinstance(padding, int):
        return ((padding, padding),) * rank
    if rank == 1:
        before, after = padding
        return ((before, after),)
    return tuple((p, p) if isinstance(p, int) else (p[0], p[1]) for p in padding)


def zero_padding_words(
    config: Mapping[str, Any], shapes: Sequence[Shape], outcome: Outcome
) -> Words:
    """Write out what is added before and after each axis."""
    *spatial, channels = shapes[0]
    amounts = padding_pairs(config.get("padding", 1), len(spatial))
    axes = (
        "?" if n is None else f"{before:,} + {n:,} + {after:,}"
        for n, (before, after) in zip(spatial, amounts, strict=True)
    )
    return Words((*axes, *lengths((channels,))))


ARITHMETIC: dict[str, Arithmetic] = {
    f"ZeroPadding{rank}D": zero_padding_words for rank in (1, 2, 3)
}
RULES: dict[str, Rule] = {
    "InputLayer": input_layer,
    "Permute": permute,
    **dict.fromkeys(("ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D"), zero_padding),
}


class AxisLayers(Builder):
    """The builder's methods for inputs, paddings and permutations."""

    def input(self, shape: Shape, name: str = "") -> Tensor:
        """Add an input; `shape` has no batch axis."""
        return self.layer("InputLayer", [], {"shape": shape}, name)

    def zero_pad(
        self, x: Tensor, padding: int | Sequence[tuple[int, int]], name: str = "pad"
    ) -> Tensor:
        """Add zeros around a signal or an image: as many everywhere, or (before, after) an axis.

        Raises:
            LayerError: a vector comes in.
        """
        require_spatial("zero padding", x.shape)
        amount: Any = padding if isinstance(padding, int) else tuple(padding)
        if not isinstance(amount, int):
            everywhere = amount[0][0]
            if all(pair == (everywhere, everywhere) for pair in amount):
                amount = everywhere
            elif len(amount) == 1:
                amount = amount[0]
        return self.layer(f"ZeroPadding{len(x.spatial)}D", [x], {"padding": amount}, name)

    def pad_channels(self, x: Tensor, amount: int, name: str = "widen") -> Tensor:
        """Append `amount` channels of zeros, with stock layers that every Keras file can hold.

        The channels are turned into the first axis, padded there and turned back, which is exact.

        Raises:
            LayerError: the amount is negative, or a vector comes in.
        """
        require_spatial("padding of channels", x.shape)
        if amount < 0:
            raise LayerError(f"zero padding cannot take channels away, got {amount}")
        rank = len(x.shape)
        first = (rank, *range(1, rank))
        back = (*range(2, rank + 1), 1)
        after = (0, amount) if rank == 2 else ((0, amount), (0, 0))
        x = self.layer("Permute", [x], {"dims": first}, f"{name}_channels_first")
        x = self.layer(f"ZeroPadding{rank - 1}D", [x], {"padding": after}, name)
        return self.layer("Permute", [x], {"dims": back}, f"{name}_channels_last")
