"""Convolutions with their normalisation and activation, and VGG blocks."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from blocks.block import Block
from blocks.imports.calls import Call
from blocks.imports.matching import Index
from blocks.imports.proposals.walk import family, line, made

WORDS = {"strides": "stride", "dilation_rate": "dilation"}


class Unit(NamedTuple):
    """A convolution with what follows it; `length` counts its layers."""

    conv: Call
    activation: str
    epsilon: float | None
    length: int


def unit_at(calls: list[Call], place: int) -> Unit | None:
    """Return the unit that ends at a place of a line of calls, upwards."""
    activation, norm, start = "linear", None, place
    if family(calls[place]) == "Activation":
        activation, place = calls[place].config["activation"], place + 1
    if place < len(calls) and family(calls[place]) == "BatchNormalization":
        norm, place = calls[place].config.get("epsilon", 1e-3), place + 1
    if place >= len(calls) or family(calls[place]) not in ("Conv", "SeparableConv"):
        return None
    conv = calls[place]
    if norm is None:
        if activation != "linear":
            return None
        activation = conv.config.get("activation", "linear")
    return Unit(conv, activation, norm, place - start + 1)


def convolution(index: Index, head: Call) -> Iterator[tuple[Block, str]]:
    """A convolution, its batch normalisation and its activation."""
    calls = line(index, head.name)
    unit = unit_at(calls, 0)
    if unit is None or unit.epsilon is None:
        return
    values: dict[str, Any] = {WORDS.get(k, k): v for k, v in unit.conv.config.items()}
    values = {"padding": "valid", **values, "batch_norm": True, "activation": unit.activation}
    if family(unit.conv) == "Conv":
        values["epsilon"] = unit.epsilon
    block = made(family(unit.conv), **values)
    if values.keys() <= block.params().keys():
        yield block, unit.conv.inputs[0]


def vgg_block(index: Index, head: Call) -> Iterator[tuple[Block, str]]:
    """Two or more equal convolutions, then a max pooling, or none beside a U-Net's way across.

    Where the layers are named as those of the block are, one convolution is enough, and any
    line of them.
    """
    pooled = family(head) == "MaxPooling" and len(head.inputs) == 1
    told = pooled or _goes_across(index, head)
    calls = line(index, head.inputs[0] if pooled else head.name)
    units = list(_equal_units(calls))
    for convolutions in range(len(units), 0, -1):
        first = units[0]
        length = convolutions * first.length
        block = made(
            "VGGBlock",
            filters=first.conv.config["filters"],
            convolutions=convolutions,
            kernel_size=first.conv.config["kernel_size"],
            activation=first.activation,
            batch_norm=first.epsilon is not None,
            pool=pooled,
        )
        names = [head.name] * pooled + [call.name for call in calls[:length]]
        if _named_as(block, names) or (told and convolutions > 1):
            yield block, units[convolutions - 1].conv.inputs[0]


def _equal_units(calls: list[Call]) -> Iterator[Unit]:
    """Yield the equal units that follow each other at the start of a line of calls, upwards."""
    first = unit = unit_at(calls, 0)
    place = 0
    while first and unit and _alike(unit, first):
        yield unit
        place += unit.length
        unit = unit_at(calls, place) if place < len(calls) else None


def _named_as(block: Block, names: Sequence[str]) -> bool:
    """Tell whether several names, from the last, are those of a VGG block: low_pool, low_conv1."""
    values = block.values()
    each = ("act", "bn", "conv") if values["batch_norm"] else ("conv",)
    own = ["pool"] * values["pool"]
    own += [f"{local}{turn}" for turn in range(values["convolutions"], 0, -1) for local in each]
    stem = names[0].removesuffix(own[0])
    return len(names) > 1 and stem.endswith("_") and names == [stem + local for local in own]


def _goes_across(index: Index, head: Call) -> bool:
    """Tell whether a call is read from afar too, or by the first step up."""
    readers = [index.calls[name].kind for name in index.readers[head.name]]
    upwards = any(kind.endswith("Transpose") for kind in readers)
    return upwards or ("Concatenate" in readers and len(readers) > 1)


def _alike(one: Unit, other: Unit) -> bool:
    return (one.conv.config, *one[1:]) == (other.conv.config, *other[1:])
