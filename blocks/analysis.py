"""The numbers of a design, by pure rules, in milliseconds: no TensorFlow is imported."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from blocks.design import Design
from blocks.errors import DesignError, Problem, Repair
from blocks.expand import expand
from blocks.graph import Layer, LayerGraph, Shape

BYTES_PER_VALUE = 4
MAX_WEIGHT_BYTES = 8 * 1024**3
# Keras follows a model's layers by recursion; Python's usual limit stops it short of 1,000.
MAX_DEPTH = 900


@dataclass(frozen=True)
class NodeReport:
    """The numbers of one node: shape that leaves it, parameters, multiply-adds, layers."""

    shape: Shape
    params: int
    macs: int
    layers: int


@dataclass(frozen=True)
class Report:
    """All numbers of a design and its problems.

    Parameters are counts, `macs` multiply-adds per sample (convolutions and dense layers),
    bytes are of float32 values; activations are those of one sample.
    """

    name: str
    graph: LayerGraph
    nodes: Mapping[str, NodeReport]
    problems: tuple[Problem, ...]

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

    def training_bytes(self, batch_size: int) -> int:
        """Return a safe first estimate of the memory of training with Adam.

        Twice the activations of a batch, and weights, gradients and two optimizer slots.
        """
        state = BYTES_PER_VALUE * (self.total + 3 * self.trainable)
        return 2 * batch_size * self.activation_bytes + state

    @cached_property
    def receptive_field(self) -> int | None:
        """Input places along the first axis that one output value sees; None: all of them."""
        return receptive_field(self.graph)

    @cached_property
    def depth(self) -> int:
        """Layers on the longest way from an input to an output."""
        depth: dict[str, int] = {}
        for layer in self.graph:
            depth[layer.name] = 1 + max((depth[name] for name in layer.inputs), default=0)
        return max(depth.values(), default=0)

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "error")


def analyze(design: Design) -> Report:
    """Return the numbers and the problems of a design; never raises."""
    expansion = expand(design)
    layers: dict[str, list[Layer]] = {}
    for layer in expansion.graph:
        layers.setdefault(layer.scope.node, []).append(layer)
    nodes = {
        node_id: NodeReport(
            tensor.shape,
            sum(layer.params for layer in layers.get(design.nodes[node_id].name, ())),
            sum(layer.macs for layer in layers.get(design.nodes[node_id].name, ())),
            len(layers.get(design.nodes[node_id].name, ())),
        )
        for node_id, tensor in expansion.tensors.items()
    }
    problems = tuple(_with_change(design, expansion.graph, p) for p in expansion.problems)
    return Report(design.name, expansion.graph, nodes, problems)


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
    if report.depth > MAX_DEPTH:
        message = (
            f"{report.depth:,} layers follow each other, and Keras builds at most {MAX_DEPTH}; "
            "use fewer blocks or repeats"
        )
        raise DesignError([Problem("", message)])
    if report.weight_bytes > MAX_WEIGHT_BYTES:
        raise DesignError([_too_large(report)])


def _too_large(report: Report) -> Problem:
    largest = max(report.layers, key=lambda layer: layer.params)
    return Problem(
        largest.scope.node,
        f"the design has {report.total:,} parameters, {largest.params:,} of them here; their "
        f"{bytes_text(report.weight_bytes)} go past the {bytes_text(MAX_WEIGHT_BYTES)} that can "
        "be built; make it smaller",
    )


def bytes_text(count: int) -> str:
    """Return a number of bytes with the unit that suits it: 12.8 TB, 154.9 kB."""
    size, units = float(count), ["B", "kB", "MB", "GB", "TB", "PB"]
    while size >= 1000 and len(units) > 1:
        size, units = size / 1000, units[1:]
    return f"{size:.0f} {units[0]}" if units[0] == "B" else f"{size:.1f} {units[0]}"


def receptive_field(graph: LayerGraph) -> int | None:
    """Return how many input places one value of the (first) output sees, along the first axis.

    Branches count by their farthest reach. None where a layer sees every place at once.
    """
    if not graph.outputs:
        return None
    seen: dict[str, tuple[int, int] | None] = {}
    for layer in graph:
        seen[layer.name] = _reach(layer, [seen[name] for name in layer.inputs])
    reach = seen[graph.outputs[0]]
    return reach[0] if reach else None


def _reach(layer: Layer, inputs: list[tuple[int, int] | None]) -> tuple[int, int] | None:
    if layer.kind.startswith("Global") or layer.kind == "Flatten" or None in inputs:
        return None
    known = [reach for reach in inputs if reach]
    field = max((reach[0] for reach in known), default=1)
    jump = max((reach[1] for reach in known), default=1)
    size, stride = layer.window
    return field + (size - 1) * jump, jump * stride


def _with_change(design: Design, graph: LayerGraph, problem: Problem) -> Problem:
    """Say what a repair would add in parameters, where that can be known."""
    if problem.repair is None:
        return problem
    node = design.node(problem.node)
    mended, _ = design.apply(problem.repair.edit)
    expansion = expand(mended)
    added = sum(layer.params for layer in expansion.graph if layer.scope.node == node.name)
    if node.id not in expansion.tensors:
        return problem
    repair: Repair = replace(problem.repair, params_change=added)
    return replace(problem, repair=repair)
