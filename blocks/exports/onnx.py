"""The model as ONNX, which most runtimes read; tf2onnx converts TensorFlow's operations."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from blocks.analysis import Report, analyze, bytes_text
from blocks.design import Design
from blocks.exports.format import Format
from blocks.exports.scopes import unscoped
from blocks.keras_model import all_of, model_name, one_or_all, to_keras
from blocks.proof import TOLERANCES

OPSET = 18  # the newest that tf2onnx writes
MAX_BYTES = 2_000_000_000  # of weights: one protocol buffer holds 2 GiB


def write(design: Design, path: Path) -> str:
    """Convert the model with its weights as inputs, then turn those into the file's constants.

    So nothing is folded into them: every weight stands in the file under the name of its layer,
    and a batch normalisation keeps its four.
    """
    import onnx

    from blocks.exports.onnx_file import finished
    from blocks.proof.network import named_weights
    from blocks.proof.numbers import weights_digest

    graph, model = analyze(design).graph, to_keras(design)
    weights = named_weights(model)
    converted = _converted(model, list(weights.values()))
    proto = finished(converted, graph, weights)
    proto.graph.name = model_name(design.name)
    onnx.save(proto, path)
    return weights_digest(model)


def _converted(model: Any, weights: Sequence[Any]) -> Any:
    """Return an ONNX model whose inputs are those of a Keras model, then its weights."""
    import keras
    import tensorflow as tf
    import tf2onnx.convert

    from blocks.exports.onnx_file import fill_in
    from blocks.exports.onnx_operations import register

    register()
    count = len(model.inputs)

    def run(*values):  # type: ignore[no-untyped-def]  # TensorFlow reads the signature from it
        given = list(zip(weights, values[count:], strict=True))
        with keras.StatelessScope(state_mapping=given):
            outputs = model(one_or_all(values[:count]), training=False)
        return {f"found_{index}": tf.identity(end) for index, end in enumerate(all_of(outputs))}

    ends = [*model.inputs, *weights]
    specs = [
        tf.TensorSpec(end.shape, end.dtype, name=f"given_{index}") for index, end in enumerate(ends)
    ]
    tf.config.run_functions_eagerly(True)  # a grouped convolution is a function, which stays opaque
    try:
        function = tf.function(run)
        converted, _ = tf2onnx.convert.from_function(function, specs, opset=OPSET)
        traced = function.get_concrete_function(*specs)
    finally:
        tf.config.run_functions_eagerly(False)
    # What a layer keeps outside of its weights, as Normalization does, is an input to tf2onnx.
    names = [tensor.name for tensor in traced.inputs[len(specs) :]]
    fill_in(converted.graph, dict(zip(names, traced.captured_inputs, strict=True)))
    return converted


def hindrance(report: Report) -> str:
    """Say which block has a layer that ONNX cannot hold, or nothing."""
    if report.weight_bytes > MAX_BYTES:
        return (
            f"an ONNX file holds {bytes_text(MAX_BYTES)} of weights, "
            f"the design has {bytes_text(report.weight_bytes)}; export a SavedModel instead"
        )
    for layer in report.graph:
        inner = layer.config.get("layer", {"class_name": layer.kind, "config": layer.config})
        if inner["class_name"] == "Conv3D" and inner["config"].get("groups", 1) > 1:
            return (
                f"{layer.scope.node}: {layer.name} is a Conv3D in groups, which cannot be "
                "converted to ONNX; set groups to 1, or choose another format"
            )
    return unscoped(report)


FORMAT = Format(
    id="onnx",
    title="ONNX",
    suffix=".onnx",
    mime="application/octet-stream",
    write=write,
    heavy=True,
    text=False,
    model=True,
    tolerance=TOLERANCES["onnx"],
    hindrance=hindrance,
)
