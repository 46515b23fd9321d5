"""The numbers of a design, by pure rules, in milliseconds: no TensorFlow is imported."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf

from blocks.depth import depth, weighted_depth
from blocks.design import Design
from blocks.errors import DesignError, Problem
from blocks.expand import Expansion, expand
from blocks.graph import Layer, LayerGraph, Shape
from blocks.layers import Tensor
from blocks.memory import (
    BYTES_PER_VALUE,
    TrainingMemory,
    peak_activation_bytes,
    training_memory,
)
from blocks.receptive import Field, receptive_fields
from blocks.repairs import repairs

MAX_WEIGHT_BYTES = 8 * 1024**3
# Keras follows a model's layers by recursion; Python's usual limit stops it short of 1,000.
MAX_DEPTH = 900


@dataclass(frozen=True)
class NodeReport:
    """The numbers of one node: shape that leaves it, parameters, multiply-adds, layers.

    `output` is the layer whose output leaves it, at its first port.
    """

    shape: Shape
    params: int
    macs: int
    layers: int
    output: str = ""


@dataclass(frozen=True)
class Report:
    """All numbers of a design and its problems; `found` are these without repairs.

    Parameters are counts, `macs` multiply-adds per sample (convolutions and dense layers),
    bytes are of float32 values; activations are those of one sample. `sampling_rate` is that of
    the signal that comes in, in Hz, where it is given.
    """

    design: Design
    expansion: Expansion
    nodes: Mapping[str, NodeReport]
    found: tuple[Problem, ...]
    sampling_rate: float | None = None

    @property
    def name(self) -> str:
        return self.design.name

    @property
    def graph(self) -> LayerGraph:
        return self.expansion.graph

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """The problems with their repairs, which are worked out when they are first asked for."""
        return tuple(map(self.mended, self.found))

    def mended(self, problem: Problem) -> Problem:
        """Return one of the problems found with its repairs; each of these is tried out."""
        return replace(problem, repairs=repairs(self.design, self.expansion, problem))

    @property
    def layers(self) -> tuple[Layer, ...]:
        return self.graph.layers

    @cached_property
    def trainable(self) -> int:
        return sum(layer.trainable for layer in self.layers)

    @cached_property
    def non_trainable(self) -> int:
        return sum(layer.non_trainable for layer in self.layers)

    @property
    def total(self) -> int:
        return self.trainable + self.non_trainable

    @cached_property
    def macs(self) -> int:
        return sum(layer.macs for layer in self.layers)

    @cached_property
    def activation_bytes(self) -> int:
        return BYTES_PER_VALUE * sum(layer.elements for layer in self.layers)

    @property
    def weight_bytes(self) -> int:
        return BYTES_PER_VALUE * self.total

    @cached_property
    def inference_bytes(self) -> int:
        """The most that the tensors of one sample take at one time; weights come on top."""
        return peak_activation_bytes(self.graph)

    def training_memory(self, batch_size: int, optimizer: str = "adam") -> TrainingMemory:
        """Return what training holds at a batch size; `blocks.memory` states the convention."""
        return training_memory(self.layers, batch_size, optimizer)

    def training_bytes(self, batch_size: int, optimizer: str = "adam") -> int:
        """Return a safe first estimate of the memory of training, in bytes."""
        return self.training_memory(batch_size, optimizer).total

    @cached_property
    def fields(self) -> Mapping[str, tuple[Field, ...]]:
        """What one value of each layer's output sees of the input, axis by axis."""
        return receptive_fields(self.graph)

    @property
    def output_fields(self) -> tuple[Field, ...]:
        """What one value of the (first) output sees, axis by axis."""
        return self.fields[self.graph.outputs[0]] if self.graph.outputs else ()

    @property
    def receptive_field(self) -> int | None:
        """Input places along the first axis that one output value sees; None: all of them."""
        return self.output_fields[0].largest if self.output_fields else None

    @cached_property
    def depth(self) -> int:
        """Layers on the longest way from an input to an output."""
        return depth(self.graph)

    @cached_property
    def weighted_depth(self) -> int:
        """Convolutions and dense layers on the longest way, as ResNet-152 is named."""
        return weighted_depth(self.graph)

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.found if problem.severity == "error")


def analyze(design: Design) -> Report:
    """Return the numbers and the problems of a design; never raises."""
    expansion = expand(design)
    nodes = {
        node_id: _node_report(tensor, expansion.graph.of_node(design.nodes[node_id].name))
        for node_id, tensor in expansion.tensors.items()
    }
    report = Report(design, expansion, nodes, expansion.problems, _sampling_rate(design))
    return replace(report, found=(*expansion.problems, *_past_limits(report)))


def _node_report(tensor: Tensor, layers: Sequence[Layer]) -> NodeReport:
    params = sum(layer.params for layer in layers)
    macs = sum(layer.macs for layer in layers)
    return NodeReport(tensor.shape, params, macs, len(layers), tensor.layer)


def _sampling_rate(design: Design) -> float | None:
    """Return the one sampling rate that the design's inputs have, if there is one."""
    inputs = [node.block.values() for node in design.nodes.values() if not node.block.inputs]
    rates = [values.get("sampling_rate") for values in inputs]
    rate = rates[0] if rates and all(other == rates[0] for other in rates) else None
    return float(rate) if isinstance(rate, int | float) and 0 < rate < inf else None


def require_buildable(report: Report) -> None:
    """Refuse a design that cannot be built, exported or trained.

    Raises:
        DesignError: with every problem, or why the whole cannot be built.
    """
    if report.errors:
        raise DesignError(report.errors)
    if not report.graph.outputs:
        message = "the design is not a network yet; add an input block and link a block to it"
        raise DesignError([Problem("", message)])
    past = list(_past_limits(report))
    if past:
        raise DesignError(past)


def _past_limits(report: Report) -> Iterator[Problem]:
    """Yield why a design cannot be built though nothing in it is wrong; its numbers still show."""
    if report.depth > MAX_DEPTH:
        yield Problem(
            "",
            f"{report.depth:,} layers follow each other, and Keras builds at most {MAX_DEPTH}; "
            "use fewer blocks or repeats",
            severity="warning",
        )
    if report.weight_bytes > MAX_WEIGHT_BYTES:
        yield _too_large(report)


def _too_large(report: Report) -> Problem:
    largest = max(report.layers, key=lambda layer: layer.params)
    return Problem(
        largest.scope.node,
        f"the design has {report.total:,} parameters, {largest.params:,} of them here; their "
        f"{bytes_text(report.weight_bytes)} go past the {bytes_text(MAX_WEIGHT_BYTES)} that can "
        "be built; make it smaller",
        severity="warning",
    )


def bytes_text(count: int) -> str:
    """Return a number of bytes with the unit that suits it: 12.8 TB, 154.9 kB."""
    size, units = float(count), ["B", "kB", "MB", "GB", "TB", "PB"]
    while size >= 1000 and len(units) > 1:
        size, units = size / 1000, units[1:]
    return f"{size:.0f} {units[0]}" if units[0] == "B" else f"{size:.1f} {units[0]}"
