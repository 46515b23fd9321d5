"""Networks of keras.applications: ours give the same numbers and, with their weights, outputs."""

from typing import Any

import numpy as np
import pytest

from blocks import analyze, template, to_keras

pytestmark = pytest.mark.keras

# Built one at a time: each takes up to 2 GB while it lives.
NETWORKS = {
    "vgg16": "VGG16",
    "vgg19": "VGG19",
    "resnet50": "ResNet50",
    "resnet101": "ResNet101",
    "resnet152": "ResNet152",
    "densenet121": "DenseNet121",
    "mobilenet_v2": "MobileNetV2",
    "xception": "Xception",
}


def reference(name: str) -> Any:
    import keras

    keras.backend.clear_session()
    keras.utils.set_random_seed(7)
    options = {"weights": None, "classifier_activation": "softmax"}
    return getattr(keras.applications, name)(**options)


@pytest.mark.parametrize("template_id", NETWORKS)
def test_with_the_weights_of_keras_applications_the_outputs_are_the_same(template_id: str) -> None:
    theirs = reference(NETWORKS[template_id])
    ours = to_keras(template(template_id))
    report = analyze(template(template_id))
    assert report.total == theirs.count_params() == ours.count_params()
    rng = np.random.default_rng(3)
    values = [randomised(weight, rng) for weight in ordered_weights(theirs)]
    assert [value.shape for value in values] == [tuple(w.shape) for w in ordered_weights(ours)]
    for model in (theirs, ours):
        for weight, value in zip(ordered_weights(model), values, strict=True):
            weight.assign(value)
    photos = rng.normal(size=(2, *theirs.input_shape[1:])).astype("float32")
    difference = np.abs(logits(ours)(photos) - logits(theirs)(photos)).max()
    assert difference < 1e-5 * max(1, np.abs(logits(theirs)(photos)).max())


def randomised(weight: Any, rng: np.random.Generator) -> Any:
    """Keep kernels; draw means and variances, which a fresh model has at 0 and 1."""
    value = np.asarray(weight)
    if "variance" in weight.path or "gamma" in weight.path:
        return rng.uniform(0.5, 1.5, value.shape).astype("float32")
    if value.ndim == 1:
        return rng.normal(0, 0.1, value.shape).astype("float32")
    return value


def ordered_weights(model: Any) -> list[Any]:
    """Return the weights layer by layer, layers in the order the graph is walked from the end."""
    layers = {layer.name: layer for layer in model.layers}
    order: list[str] = []
    stack = [model.output._keras_history.operation]
    seen: set[str] = set()
    while stack:
        layer = stack.pop()
        if layer.name in seen:
            continue
        seen.add(layer.name)
        order.append(layer.name)
        parents = [t._keras_history.operation for t in flat(layer.input)] if inputs(layer) else []
        stack.extend(sorted(parents, key=lambda parent: bool(parent.weights)))
    return [weight for name in order for weight in layers[name].weights]


def inputs(layer: Any) -> bool:
    return type(layer).__name__ != "InputLayer"


def flat(tensors: Any) -> list[Any]:
    return list(tensors) if isinstance(tensors, list | tuple) else [tensors]


def logits(model: Any) -> Any:
    """Return a function that gives what enters the softmax."""
    import keras

    head = model.layers[-1]
    inner = keras.Model(model.input, head.input)
    kernel, bias = (np.asarray(weight) for weight in head.weights)
    return lambda photos: np.asarray(inner(photos, training=False)) @ kernel + bias


def test_convnext_tiny_has_the_parameters_of_keras_applications() -> None:
    """Its layer scale is a class of its own there, so weights are counted, not copied."""
    assert analyze(template("convnext_tiny")).total == reference("ConvNeXtTiny").count_params()
