"""The published totals are those of the reference file and of keras.applications."""

import math
from typing import Any

import pytest

from blocks import PUBLISHED, analyze, template, templates
from tests.blocks.test_reference import REFERENCE, TEMPLATE_OF

WITHOUT = {"digits", "lesson_plain", "lesson_residual", "max_pool_fork", "plain34", "unet"}
"""Networks of our own or counted nowhere to the unit."""

APPLICATIONS = {
    "mobilenet_v2": "MobileNetV2",
    "densenet121": "DenseNet121",
    "xception": "Xception",
    "convnext_tiny": "ConvNeXtTiny",
}


def test_every_template_but_a_few_has_published_totals() -> None:
    assert templates().keys() - PUBLISHED.keys() == WITHOUT
    assert PUBLISHED.keys() <= templates().keys()
    assert set(TEMPLATE_OF.values()) | set(APPLICATIONS) == PUBLISHED.keys()


@pytest.mark.parametrize("key", TEMPLATE_OF)
def test_the_totals_are_those_of_the_reference_file(key: str) -> None:
    published, measured = PUBLISHED[TEMPLATE_OF[key]], REFERENCE[key]
    assert published.total == measured["total"]
    assert published.trainable == measured["trainable"]
    assert published.non_trainable == measured["non_trainable"]
    assert published.macs == measured["macs_per_sample"]
    assert published.layers == measured["layers"]


@pytest.mark.keras
@pytest.mark.parametrize("template_id", APPLICATIONS)
def test_the_totals_are_those_of_keras_applications(template_id: str) -> None:
    import keras

    with keras.StatelessScope(initialize_variables=False):
        model = getattr(keras.applications, APPLICATIONS[template_id])(weights=None)
    published = PUBLISHED[template_id]
    assert published.total == model.count_params()
    assert published.trainable == sum(math.prod(w.shape) for w in model.trainable_weights)
    assert published.macs in (None, sum(multiply_adds(layer) for layer in model.layers))
    assert published.layers in (None, len(model.layers))


def multiply_adds(layer: Any) -> int:
    """Every weight of a kernel is used once at every place of the output."""
    if hasattr(layer, "layers"):
        return sum(multiply_adds(inner) for inner in layer.layers)
    kernels = [w for w in layer.weights if w.path.endswith("kernel")]
    places = math.prod(layer.output.shape[1:-1]) if kernels else 0
    return sum(places * math.prod(kernel.shape) for kernel in kernels)


@pytest.mark.parametrize("template_id", PUBLISHED)
def test_every_template_opens_with_its_published_totals(template_id: str) -> None:
    published, report = PUBLISHED[template_id], analyze(template(template_id))
    assert (published.total, published.trainable) == (report.total, report.trainable)
    assert published.trainable + published.non_trainable == published.total
    assert published.macs in (None, report.macs)
    assert published.layers in (None, len(report.layers))
