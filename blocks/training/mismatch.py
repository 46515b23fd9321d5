"""Where a design and a data set do not fit, said before anything starts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from blocks.analysis import Report, analyze
from blocks.design import Design
from blocks.errors import Problem, Repair
from blocks.expand import expand
from blocks.graph import Layer, LayerGraph
from blocks.layers.base import describe as describe_shape
from blocks.layers.base import shape_text
from blocks.node import Node
from blocks.training.data_settings import DataSettings
from blocks.training.datasets import DataInfo

PASSING = ("Dropout", "Flatten", "SpatialDropout1D", "SpatialDropout2D")
"""Layers that leave a prediction what it is."""

TRAINED = {
    "classes": ("softmax", "sigmoid", "linear"),
    "several labels": ("sigmoid", "linear"),
    "regression": ("linear", "sigmoid", "relu"),
}
"""Functions that a head may end with, by task, the most usual one first."""

LEARNED = {"classes": "classes", "several labels": "several labels", "regression": "numbers"}
LARGE_VALUES = 100


@dataclass(frozen=True)
class Head:
    """What an output predicts with: the layer, the function on its values, how many there are.

    softmax: one class of many; sigmoid: each class by itself, or one value for two classes;
    linear: raw scores (logits). `layer` gives the output, `predicts` names the layer that makes
    its values; `loss_weight` is what its loss counts beside the others'.
    """

    layer: Layer
    predicts: str
    activation: str
    units: int
    loss_weight: float


def heads_of(design: Design) -> tuple[Head, ...]:
    """Return what each output of a network predicts with, the one whose loss counts most first."""
    expansion = expand(design)
    weights = {
        tensor.layer: design.nodes[node_id].block.values()["loss_weight"]
        for (node_id, _), tensor in expansion.leaving.items()
        if "loss_weight" in design.nodes[node_id].block.params()
    }
    graph = expansion.graph
    heads = [_head(graph, name, weights.get(name, 1.0)) for name in graph.outputs]
    heads.reverse()  # of equal ones the last leads
    return tuple(sorted(heads, key=lambda head: -head.loss_weight))


def _head(graph: LayerGraph, name: str, loss_weight: float) -> Head:
    output = layer = graph[name]
    while layer.kind in PASSING:
        layer = graph[layer.inputs[0]]
    activation = layer.config.get("activation", "linear")
    if layer.kind == "Softmax":
        activation = "softmax"
    return Head(output, layer.name, str(activation), output.shape[-1] or 0, loss_weight)


def mismatch(design: Design, data: DataInfo, settings: DataSettings | None = None) -> list[Problem]:
    """Return where a design and a data set do not fit: a sentence each, repairs where simple.

    A repair is an edit of the design, or a change of the settings that bring the data to a size.
    Problems of the design itself are `analyze`'s to tell; while it has any, this says nothing.
    """
    report, settings = analyze(design), settings or DataSettings()
    if report.errors or not report.graph.outputs:
        return []
    fitted = data.fitted(settings)
    inputs = _inputs(design, report, fitted)
    normalised = settings.normalisation != "none"
    return [*inputs, *_outputs(design, fitted), *([] if normalised else _values(fitted))]


def _inputs(design: Design, report: Report, data: DataInfo) -> list[Problem]:
    names = [report.graph[name].scope.node for name in report.graph.inputs]
    if len(names) > 1:
        return [
            Problem(
                names[1],
                f"the design takes {len(names)} inputs ({', '.join(names)}), {data.label} give one "
                f"{data.sample} at a time; keep one input",
            )
        ]
    layer = report.graph[report.graph.inputs[0]]
    if layer.shape == data.shape:
        return [_of_many_sizes(data)] if data.sizes > 1 else []
    fields = _shape_fields(data.shape)
    known = design.node(names[0]).block.params()
    *first, last = (f"{name} to {value}" for name, value in fields.items())
    words = f"{', '.join(first)} and {last}"
    way = f"set {words}" if fields.keys() <= known.keys() else _other_input(data)
    message = (
        f"it takes {describe_shape(layer.shape)}, {data.label} are {data.sample}s of "
        f"{shape_text(data.shape)}; "
    )
    problem = _with_repair(design, names[0], fields, message, way)
    repairs = (*problem.repairs, *_refit(layer.shape, data))
    return [replace(problem, repairs=repairs)]


def _of_many_sizes(data: DataInfo) -> Problem:
    height, width, _ = data.shape
    message = f"{data.label} have pictures of {data.sizes} sizes; resize them to {height} x {width}"
    repair = Repair(message.partition("; ")[2].capitalize(), {}, settings=_size(height, width))
    return Problem("", message, repairs=(repair,))


def _refit(shape: tuple[int | None, ...], data: DataInfo) -> list[Repair]:
    """Return the settings that bring the data to the shape that a network takes."""
    if None in shape or len(shape) != len(data.shape):
        return []
    if len(shape) == 2 and shape[1] == data.shape[1]:
        return [Repair(f"Cut or pad the data to {shape[0]}", {}, settings={"length": shape[0]})]
    changes: dict[str, Any] = {}
    words = []
    if len(shape) == 3 and (shape[:2] != data.shape[:2] or data.sizes > 1):
        changes |= _size(shape[0], shape[1])
        words.append(f"to {shape[0]} x {shape[1]}")
    if shape[-1] != data.shape[-1]:
        if len(shape) == 2 or {shape[-1], data.shape[-1]} != {1, 3}:
            return []
        changes["channels"] = "grey" if shape[-1] == 1 else "colour"
        words.append("to grey" if shape[-1] == 1 else "to three channels")
    return [Repair(f"Bring the data {' and '.join(words)}", {}, settings=changes)]


def _size(height: int | None, width: int | None) -> dict[str, Any]:
    return {"height": height, "width": width}


def _shape_fields(shape: tuple[int, ...]) -> dict[str, int]:
    names = {2: ("length", "channels"), 3: ("height", "width", "channels")}[len(shape)]
    return dict(zip(names, shape, strict=True))


def _other_input(data: DataInfo) -> str:
    block = "a Signal" if len(data.shape) == 2 else "an Image"
    return f"put {block} block of {shape_text(data.shape)} in its place"


def _outputs(design: Design, data: DataInfo) -> list[Problem]:
    """Say of every output why it cannot learn the labels: all of them learn the same."""
    heads = heads_of(design)
    found = [problem for head in heads for problem in _output(design, head, data)]
    names = [head.layer.name for head in heads]
    twice = {name for name in names if names.count(name) > 1}
    for name in sorted(twice):
        message = f"{names.count(name)} outputs of the design give its values; keep one of them"
        found.append(Problem(heads[names.index(name)].layer.scope.node, message))
    if not any(head.loss_weight for head in heads):
        message = "no output's loss counts; set the loss weight of one of them above 0"
        found.append(Problem("", message))
    return found


def _output(design: Design, head: Head, data: DataInfo) -> list[Problem]:
    node = design.node(head.layer.scope.node)
    if len(head.layer.shape) > 1:
        return [_places(design, node, head, data)]
    trained = TRAINED[data.task]
    if head.activation not in trained:
        learned = LEARNED[data.task]
        message = (
            f"it ends with {head.activation}, {learned} are learned with {', '.join(trained)}; "
        )
        way = f"set activation to {trained[0]}"
        return [_with_repair(design, node.name, {"activation": trained[0]}, message, way)]
    return _classes(design, node, head, data)


def _places(design: Design, node: Node, head: Head, data: DataInfo) -> Problem:
    """Say that the network predicts for every place, or that nothing makes classes of it yet."""
    message = (
        f"{describe_shape(head.layer.shape)} leaves it, {data.label} have one label per "
        f"{data.sample}; "
    )
    if "pooling" in node.block.params():
        fields = {"pooling": "average"}
        return _with_repair(design, node.name, fields, message, "set pooling to average")
    return Problem(node.name, f"{message}put a Classifier of {data.classes} classes after it")


def _classes(design: Design, node: Node, head: Head, data: DataInfo) -> list[Problem]:
    one_for_two = head.units == 1 and data.classes == 2 and head.activation == "sigmoid"
    if head.units == data.classes or (one_for_two and data.task == "classes"):
        return []
    does = f"tells {head.units} classes apart"
    if data.task != "classes":
        does = f"gives {head.units} value{'s' * (head.units != 1)}"
    has = data.classes if data.task == "classes" else data.learned
    message = f"it {does}, {data.label} have {has}; "
    params = node.block.params()
    for name in ("classes", "units", "filters"):
        if name in params:
            way = f"set {name} to {data.classes}"
            return [_with_repair(design, node.name, {name: data.classes}, message, way)]
    return [Problem(node.name, f"{message}put a Classifier of {data.classes} classes after it")]


def _values(data: DataInfo) -> list[Problem]:
    low, high = data.range
    if max(abs(low), abs(high)) <= LARGE_VALUES:
        return []
    message = (
        f"the values of {data.label} go from {low:g} to {high:g}; networks learn better from "
        "values around -1 to 1: scale them, or put a batch norm after the input"
    )
    return [Problem("", message, severity="warning")]


def _with_repair(
    design: Design, name: str, fields: Mapping[str, Any], message: str, way: str
) -> Problem:
    """Return the problem with an edit that mends it, if the design still holds together then."""
    node = design.node(name)
    if not fields.keys() <= node.block.params().keys():
        return Problem(name, message + way)
    edit = {"nodes": {node.id: {"params": dict(fields)}}}
    mended = analyze(design.apply(edit)[0])
    if mended.errors:
        return Problem(name, f"{message}{way}; then also {mended.errors[0]}")
    change = mended.total - analyze(design).total
    repair = Repair(way[0].upper() + way[1:], edit, change)
    return Problem(name, message + way, repairs=(repair,))
