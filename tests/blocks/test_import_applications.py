"""Networks of keras.applications become designs whose every row is the original's.

All of them with BLOCKWRIGHT_SOAK=1 in the environment; otherwise one of each family.
"""

import json
import math
import os
from collections import Counter
from typing import Any

import numpy as np
import pytest

from blocks import Design, analyze, read, to_keras

pytestmark = pytest.mark.keras

FAMILIES = (
    *("VGG16", "ResNet50", "ResNet50V2", "DenseNet121", "InceptionV3", "Xception", "NASNetMobile"),
    *("MobileNet", "MobileNetV2", "MobileNetV3Small", "EfficientNetB0", "EfficientNetV2B0"),
)
REST = (
    *("VGG19", "ResNet101", "ResNet152", "ResNet101V2", "ResNet152V2", "DenseNet169"),
    *("DenseNet201", "NASNetLarge", "MobileNetV3Large", "EfficientNetB1", "EfficientNetB2"),
    *("EfficientNetB3", "EfficientNetB4", "EfficientNetB5", "EfficientNetB6", "EfficientNetB7"),
    *("EfficientNetV2B1", "EfficientNetV2B2", "EfficientNetV2B3", "EfficientNetV2S"),
    *("EfficientNetV2M", "EfficientNetV2L"),
)
SOAK = bool(os.environ.get("BLOCKWRIGHT_SOAK"))
EXACT = FAMILIES + REST if SOAK else FAMILIES
WITH_OWN_CLASSES = (
    *("ConvNeXtTiny", "InceptionResNetV2"),
    *(("ConvNeXtSmall", "ConvNeXtBase", "ConvNeXtLarge", "ConvNeXtXLarge") if SOAK else ()),
)

DEEP = [("ResNet101", (3, 4, 23, 3)), ("ResNet152", (3, 8, 36, 3))] if SOAK else []
BLOCKS_FOUND = {
    "VGG16": {"VGGBlock": 5, "Classifier": 1},
    "ResNet50": {"Image": 1, "Stem": 1, "Residual": 16, "Classifier": 1},
    "DenseNet121": {"Stem": 1, "DenseBlock": 4, "Transition": 3, "Classifier": 1},
    "MobileNetV2": {"InvertedResidual": 17, "Classifier": 1},
    "Xception": {"XceptionModule": 12, "Classifier": 1},
}


def built(name: str) -> tuple[Any, str]:
    """Return a network without the memory for its weights, and its JSON."""
    import keras

    keras.backend.clear_session()
    with keras.StatelessScope(initialize_variables=False):
        model = getattr(keras.applications, name)(weights=None)
        return model, model.to_json()


def rows_of(model: Any) -> dict[str, Any]:
    """Return kind, shape, trained and other parameters, and inputs of every layer of a model."""
    return {
        layer.name: (
            type(layer).__name__,
            tuple(layer.output.shape[1:]),
            count(layer.trainable_weights),
            count(layer.non_trainable_weights),
            [tensor._keras_history.operation.name for tensor in tensors_into(layer)],
        )
        for layer in model.layers
    }


def tensors_into(layer: Any) -> list[Any]:
    (node,) = layer._inbound_nodes
    return list(node.input_tensors)


def count(weights: list[Any]) -> int:
    return sum(math.prod(weight.shape) for weight in weights)


def rows_drawn(design: Design) -> dict[str, Any]:
    return {
        layer.name: (
            layer.kind,
            layer.shape,
            layer.trainable,
            layer.non_trainable,
            list(layer.inputs),
        )
        for layer in analyze(design).layers
    }


@pytest.mark.parametrize("name", EXACT)
def test_every_row_of_the_network_is_a_row_of_the_design(name: str) -> None:
    model, text = built(name)
    design = read(text)
    report = analyze(design)
    drawn, expected = rows_drawn(design), rows_of(model)
    assert {row: drawn.get(row) for row in expected} == expected
    assert not report.problems
    assert report.total == model.count_params()
    # What is more are operations such as x + 3, which Keras does not list among its layers.
    operations = {op.name for op in model.operations} - set(expected)
    assert set(drawn) - set(expected) == operations


@pytest.mark.parametrize("name", BLOCKS_FOUND)
def test_known_runs_of_layers_are_blocks(name: str) -> None:
    _, text = built(name)
    kinds: Counter[str] = Counter()
    for node in read(text).nodes.values():
        kinds[node.block.type_name] += node.repeat
    assert {kind: kinds[kind] for kind in BLOCKS_FOUND[name]} == BLOCKS_FOUND[name]


@pytest.mark.parametrize(("name", "repeats"), [("ResNet50", (3, 4, 6, 3)), *DEEP])
def test_the_stages_of_a_residual_network_are_one_block_each(
    name: str, repeats: tuple[int, ...]
) -> None:
    _, text = built(name)
    design = read(text)
    stages = [node for node in design.nodes.values() if node.block.type_name == "Residual"]
    assert tuple(node.repeat for node in stages) == repeats
    assert [dict(node.first) for node in stages] == [{}, *[{"stride": 2}] * 3]
    assert len(design.nodes) == 7


@pytest.mark.parametrize("name", WITH_OWN_CLASSES)
def test_classes_of_keras_applications_own_become_stock_layers_and_a_note_says_so(
    name: str,
) -> None:
    model, text = built(name)
    design = read(text)
    stand_ins = {"LayerScale", "CustomScaleLayer", "Sequential"}
    expected = {
        row: (kind, shape, *numbers)
        for row, (kind, shape, *numbers, _) in rows_of(model).items()
        if kind not in stand_ins
    }
    drawn = {row: tuple(values[:-1]) for row, values in rows_drawn(design).items()}
    assert {row: drawn.get(row) for row in expected} == expected
    assert analyze(design).total == model.count_params()
    assert any("of keras.applications in the file" in node.note for node in design.nodes.values())


def test_an_imported_network_can_be_saved_and_read_again() -> None:
    """The largest there is, with more than a thousand nodes."""
    design = read(built("NASNetLarge" if SOAK else "EfficientNetB0")[1])
    again = read(json.dumps(design.to_json()))
    assert analyze(again).graph.hash == analyze(design).graph.hash
    assert rows_drawn(again) == rows_drawn(design)


@pytest.mark.parametrize(("name", "size"), [("ConvNeXtTiny", 64), ("InceptionResNetV2", 96)])
def test_the_stock_layers_in_place_of_own_classes_give_the_same_outputs(
    name: str, size: int
) -> None:
    import keras

    keras.utils.set_random_seed(7)
    words = {"weights": None, "input_shape": (size, size, 3), "classifier_activation": None}
    original = getattr(keras.applications, name)(**words)
    for weight in original.weights:
        if weight.path.endswith(("gamma", "moving_variance")):  # layer scale starts at 1e-6
            weight.assign(keras.random.uniform(weight.shape, 0.5, 1.5))
    ours = to_keras(read(original.to_json()))
    theirs = {layer.name: layer for layer in flattened(original)}
    for layer in ours.layers:
        if layer.weights:
            values = theirs[layer.name].get_weights()
            pairs = zip(values, layer.weights, strict=True)
            layer.set_weights([value.reshape(weight.shape) for value, weight in pairs])
    photos = keras.random.uniform((2, size, size, 3), 0, 255, seed=1)
    expected, found = np.asarray(original(photos)), np.asarray(ours(photos))
    assert np.abs(expected).max() > 0.01
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5 * np.abs(expected).max())


def flattened(model: Any) -> list[Any]:
    """Return the layers of a model and of the models inside it."""
    return [
        inner
        for layer in model.layers
        for inner in (flattened(layer) if hasattr(layer, "layers") else [layer])
    ]
