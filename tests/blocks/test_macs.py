"""Multiply-adds, against TensorFlow's profiler: two floating-point operations are one of ours.

The profiler counts what the graph's convolutions and matrix products do; grouped convolutions it
misses on a CPU, so none is asked of it.
"""

from typing import Any

import pytest

from blocks import BLOCKS, Design, Image, Signal, analyze, template, to_keras

pytestmark = pytest.mark.keras

COUNTED = ("Conv2D", "DepthwiseConv2dNative", "Conv2DBackpropInput", "MatMul")
PLAIN = (
    "lenet5",
    "tutorial_inception",
    "resnet18",
    "googlenet_aux",
    "mobilenet_v2",
    "ecg_rajpurkar",
)
KINDS = ("Conv", "VGGBlock", "Inception", "Residual", "MaxPoolFork", "SeparableConv", "DenseBlock")


@pytest.mark.parametrize("template_id", PLAIN)
def test_templates_have_half_the_profilers_operations(template_id: str) -> None:
    design = template(template_id)
    assert analyze(design).macs == profiled(design) / 2


@pytest.mark.parametrize("kind", [*KINDS, "TransposedConv", "SqueezeExcite", "InvertedResidual"])
def test_blocks_have_half_the_profilers_operations_on_images(kind: str) -> None:
    design = Design().add("photo", Image(12, 10, 4)).add("block", BLOCKS[kind](), "photo")
    assert analyze(design).macs == profiled(design) / 2


@pytest.mark.parametrize("kind", KINDS)
def test_blocks_have_half_the_profilers_operations_on_signals(kind: str) -> None:
    design = Design().add("ecg", Signal(24, 4)).add("block", BLOCKS[kind](), "ecg")
    assert analyze(design).macs == profiled(design) / 2


def profiled(design: Design) -> int:
    """Return the floating-point operations of one sample that TensorFlow's profiler finds."""
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import (
        convert_variables_to_constants_v2,
    )

    model = to_keras(design)
    sample = tf.TensorSpec((1, *model.input_shape[1:]), model.inputs[0].dtype)
    call = tf.function(lambda values: model(values, training=False))
    graph = convert_variables_to_constants_v2(call.get_concrete_function(sample)).graph
    options = tf.compat.v1.profiler.ProfileOptionBuilder.float_operation()
    options = {**options, "output": "none", "account_type_regexes": ["|".join(COUNTED)]}
    found: Any = tf.compat.v1.profiler.profile(graph, cmd="op", options=options)
    return sum(int(op.total_float_ops) for op in found.children if op.name in COUNTED)
