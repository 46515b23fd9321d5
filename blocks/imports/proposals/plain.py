"""Convolutions with their normalisation and activation, and VGG blocks."""

from collections.abc import Iterator
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
    """Two or more equal convolutions, then a max pooling, or none beside a U-Net's way across."""
    pooled = family(head) == "MaxPooling" and len(head.inputs) == 1
    if not pooled and not _goes_across(index, head):
        return
    calls = line(index, head.inputs[0] if pooled else head.name)
    first, place = unit_at(calls, 0), 0
    count, unit = 0, first
    sources = []
    while first and unit and _alike(unit, first):
        count, place = count + 1, place + unit.length
        sources.append(unit.conv.inputs[0])
        unit = unit_at(calls, place) if place < len(calls) else None
    for convolutions in range(count, 1, -1):
        if first:
            block = made(
                "VGGBlock",
                filters=first.conv.config["filters"],
                convolutions=convolutions,
                kernel_size=first.conv.config["kernel_size"],
                activation=first.activation,
                batch_norm=first.epsilon is not None,
                pool=pooled,
            )
            yield block, sources[convolutions - 1]


def _goes_across(index: Index, head: Call) -> bool:
    """Tell whether a call is read from afar too, or by the first step up."""
    readers = [index.calls[name].kind for name in index.readers[head.name]]
    upwards = any(kind.endswith("Transpose") for kind in readers)
    return upwards or ("Concatenate" in readers and len(readers) > 1)


def _alike(one: Unit, other: Unit) -> bool:
    return (one.conv.config, *one[1:]) == (other.conv.config, *other[1:])
