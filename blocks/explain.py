"""Numbers explained: the arithmetic behind parameters, multiply-adds, shape and memory."""

from collections.abc import Iterator
from typing import NamedTuple

from blocks.analysis import Report
from blocks.graph import Layer
from blocks.layers import ARITHMETIC, Words, counted, kept, shape_text, times
from blocks.layers.base import Outcome
from blocks.memory import BYTES_PER_VALUE

NAMES = {1: ("values",), 2: ("length", "channels"), 3: ("height", "width", "channels")}


class Arithmetic(NamedTuple):
    """One line of arithmetic: what it is of, the expression, and the number it comes to.

    An expression uses x - + / ( ), floor and ceil, numbers with thousands separators, and words
    that say what a number is. `value` is None along an axis of open length.
    """

    of: str
    text: str
    value: int | None


class Explanation(NamedTuple):
    """How the numbers of some layers come about; each line is of one layer, or one axis of it."""

    params: tuple[Arithmetic, ...]
    macs: tuple[Arithmetic, ...]
    shape: tuple[Arithmetic, ...]
    memory: tuple[Arithmetic, ...]


def explain(report: Report, node: str = "", layer: str = "") -> Explanation:
    """Return how the numbers of a block, of one layer, or of the whole design come about.

    Layers without parameters or multiply-adds have no line there. The lines of parameters and
    multiply-adds add up to the totals; the shape is explained for every layer that changes it.
    """
    layers = [
        one
        for one in report.layers
        if (not node or one.scope.node == node) and (not layer or one.name == layer)
    ]
    return Explanation(
        tuple(_params(one) for one in layers if one.params),
        tuple(_macs(report, one) for one in layers if one.macs),
        tuple(step for one in layers for step in _shape(report, one)),
        tuple(_memory(one) for one in layers),
    )


def _words(report: Report, layer: Layer) -> Words:
    shapes = [report.graph[name].shape for name in layer.inputs]
    outcome = Outcome(layer.shape, report.graph.weights_of(layer), layer.macs)
    return ARITHMETIC.get(layer.kind, kept)(layer.config, shapes, outcome)


def _shape(report: Report, layer: Layer) -> Iterator[Arithmetic]:
    """Yield how each axis comes about; equal ones, as height and width often are, as one."""
    shapes = [report.graph[name].shape for name in layer.inputs]
    if layer.shape in shapes or not layer.shape:
        return
    axes = _words(report, layer).axes
    names = NAMES.get(len(axes), tuple(f"axis {n}" for n in range(1, len(axes) + 1)))
    lines: dict[tuple[str, int | None], list[str]] = {}
    for name, text, value in zip(names, axes, layer.shape, strict=True):
        lines.setdefault((text, value), []).append(name)
    for (text, value), found in lines.items():
        yield Arithmetic(f"{layer.name}: {' and '.join(found)}", text, value)


def _params(layer: Layer) -> Arithmetic:
    return Arithmetic(layer.name, counted(layer.weights), layer.params)


def _macs(report: Report, layer: Layer) -> Arithmetic:
    return Arithmetic(layer.name, _words(report, layer).macs, layer.macs)


def _memory(layer: Layer) -> Arithmetic:
    of = f"{layer.name}: {shape_text(layer.shape, grouped=True)}"
    text = f"{times(layer.shape)} values x {BYTES_PER_VALUE} bytes"
    return Arithmetic(of, text, BYTES_PER_VALUE * layer.elements)
