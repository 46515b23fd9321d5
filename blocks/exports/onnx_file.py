"""What becomes of tf2onnx's model: names from the design, weights as constants, no leftovers."""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from blocks.exports.format import ExportError
from blocks.graph import LayerGraph
from blocks.proof.onnx import LAYOUT, Step, Steps, laid_out

NONE: Mapping[str, Steps] = {}


def finished(model: Any, graph: LayerGraph, weights: Mapping[str, Any]) -> Any:
    """Return a converted model with the design's names and its weights inside, checked by ONNX.

    Its inputs are those of the design, then the weights, under the names that `called` gives them.

    Raises:
        ExportError: an operation of a layer has no counterpart in ONNX.
    """
    import onnx

    _refuse_others(model.graph, graph)
    _rename(model.graph, called([*graph.inputs, *weights], graph.outputs))
    _in_order(model.graph.output, graph.outputs)
    _name_nodes(model.graph, [layer.name for layer in graph])
    _shape_ends(model.graph, graph)
    layout = _lay_out(model.graph, weights)
    del model.graph.value_info[:]
    model.CopyFrom(onnx.shape_inference.infer_shapes(model))  # while the weights are not in it
    _drop_unused(model.graph, weights)
    fill_in(model.graph, weights, layout)
    told = {
        name: {"shape": list(weights[name].shape), "steps": steps} for name, steps in layout.items()
    }
    onnx.helper.set_model_props(model, {LAYOUT: json.dumps(told)})
    model.graph.doc_string = ""
    return model


def called(inputs: Sequence[str], outputs: Sequence[str]) -> dict[str, str]:
    """Return what inputs and outputs are called while they are converted, and their own names."""
    given = {f"given_{index}": name for index, name in enumerate(inputs)}
    return given | {f"found_{index}": name for index, name in enumerate(outputs)}


def _refuse_others(graph: Any, layers: LayerGraph) -> None:
    import onnx

    for node in _nodes(graph):
        if not node.domain and not onnx.defs.has(node.op_type):
            kinds = {part: layers[part].kind for part in _segments(node.name, layers)}
            name, kind = next(iter(kinds.items()), (node.name, "layer"))
            raise ExportError(
                f"{name}: ONNX has nothing for a {kind} like this ({node.op_type}); "
                "choose another format, or replace the layer"
            )


def _segments(name: str, layers: LayerGraph) -> list[str]:
    """Return the layers in a path of TensorFlow's, which numbers them once more."""
    known = {layer.name for layer in layers}
    parts = [re.sub(r"_\d+$", "", part) for part in name.split("/")]
    return [part for part in parts if part in known]


def _nodes(graph: Any) -> Iterator[Any]:
    """Yield the nodes of a graph and of the graphs inside them."""
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield from _nodes(attribute.g)


def _rename(graph: Any, names: Mapping[str, str]) -> None:
    for end in (*graph.input, *graph.output):
        end.name = names.get(end.name, end.name)
    for node in _nodes(graph):
        node.input[:] = [names.get(name, name) for name in node.input]
        node.output[:] = [names.get(name, name) for name in node.output]


def _in_order(ends: Any, names: Sequence[str]) -> None:
    found = {end.name: type(end)() for end in ends}
    for end in ends:
        found[end.name].CopyFrom(end)
    del ends[:]
    ends.extend(found[name] for name in names)


def _name_nodes(graph: Any, layers: Sequence[str]) -> None:
    """Call nodes by their layer, without the model's name and the numbers TensorFlow adds."""
    known, taken = set(layers), set()
    for node in _nodes(graph):
        parts = [re.sub(r"_\d+$", "", part) for part in node.name.split("/")]
        first = next((index for index, part in enumerate(parts) if part in known), None)
        if first is None:
            continue
        name = "/".join([*parts[first:-1], node.name.rpartition("/")[2]][-len(parts) + first :])
        node.name = name if name not in taken else node.name
        taken.add(node.name)


def _shape_ends(graph: Any, layers: LayerGraph) -> None:
    """Give inputs and outputs the shapes of the design; open axes have names, the first's batch."""
    for end in (*graph.input, *graph.output):
        if end.name not in (*layers.inputs, *layers.outputs):
            continue
        shape = end.type.tensor_type.shape
        shape.Clear()
        shape.dim.add().dim_param = "batch"
        for index, length in enumerate(layers[end.name].shape, 1):
            if length is None:
                shape.dim.add().dim_param = f"{end.name}_{index}"
            else:
                shape.dim.add().dim_value = length


def _lay_out(graph: Any, weights: Mapping[str, Any]) -> dict[str, Steps]:
    """Take the nodes out that only lay a weight out anew; return what they did, by weight.

    ONNX has a kernel's channels first, and other tools look for constants there, not for nodes.
    """
    readers: dict[str, list[Any]] = defaultdict(list)
    for node in _nodes(graph):
        for name in node.input:
            readers[name].append(node)
    constants = {tensor.name: tensor for tensor in graph.initializer}
    ends = {end.name for end in graph.output}
    found: dict[str, Steps] = {}
    renamed: dict[str, str] = {}
    for name, weight in weights.items():
        place = np.empty(tuple(weight.shape), np.int8)
        steps: list[Step] = []
        last = name
        while step := _step(place.shape, readers[last], constants, ends):
            place = laid_out(place, [step])
            steps.append((step[0], list(step[1] if step[0] == "transpose" else place.shape)))
            last = readers[last][0].output[0]
            renamed[last] = name
        if steps:
            found[name] = steps
            _reshape(graph, name, place.shape)
    kept = [node for node in graph.node if node.output[0] not in renamed]
    del graph.node[:]
    graph.node.extend(kept)
    _rename(graph, renamed)
    return found


def _step(
    shape: Sequence[int], readers: Sequence[Any], constants: Mapping[str, Any], ends: set[str]
) -> Step | None:
    """Return what the one node that reads a weight does, if all it does is to lay it out anew."""
    from onnx import numpy_helper

    if len(readers) != 1 or readers[0].output[0] in ends:
        return None
    (node,) = readers
    if node.op_type == "Transpose":
        return "transpose", list(node.attribute[0].ints)
    given = [constants[name] for name in node.input[1:] if name in constants]
    if node.op_type not in ("Reshape", "Squeeze", "Unsqueeze") or not given:
        return None
    numbers = numpy_helper.to_array(given[0]).tolist()
    if node.op_type == "Reshape":
        return None if 0 in numbers else ("reshape", numbers)
    place = np.broadcast_to(np.int8(0), shape)
    change = np.squeeze if node.op_type == "Squeeze" else np.expand_dims
    return "reshape", list(change(place, tuple(numbers)).shape)


def _reshape(graph: Any, name: str, shape: Sequence[int]) -> None:
    (dimensions,) = (end.type.tensor_type.shape for end in graph.input if end.name == name)
    del dimensions.dim[:]
    for length in shape:
        dimensions.dim.add().dim_value = length


def fill_in(graph: Any, constants: Mapping[str, Any], layout: Mapping[str, Steps] = NONE) -> None:
    """Turn inputs of a graph into constants, laid out anew where there are steps for it."""
    from onnx import numpy_helper

    kept = [end for end in graph.input if end.name not in constants]
    del graph.input[:]
    graph.input.extend(kept)
    for name, constant in constants.items():
        value = laid_out(np.asarray(constant), layout.get(name, []))
        graph.initializer.append(numpy_helper.from_array(value, name))


def _drop_unused(graph: Any, kept: Collection[str]) -> None:
    """Drop the constants that nothing reads any more."""
    used = {name for node in _nodes(graph) for name in node.input} | set(kept)
    for tensor in [tensor for tensor in graph.initializer if tensor.name not in used]:
        graph.initializer.remove(tensor)
