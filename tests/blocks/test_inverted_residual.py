"""Inverted residuals: as the paper draws them and as keras.applications writes them."""

import numpy as np
import pytest

from blocks import Design, Image, InvertedResidual, Signal, analyze, to_keras

pytestmark = pytest.mark.keras


@pytest.mark.parametrize("kernel_size", [3, 5])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("source", [Image(8, 9, 4), Signal(8, 4), Signal(9, 4)])
def test_the_layers_of_keras_applications_compute_the_same(
    source: Image | Signal, stride: int, kernel_size: int
) -> None:
    models = []
    for as_in_keras in (False, True):
        block = InvertedResidual(4, stride=stride, kernel_size=kernel_size, as_in_keras=as_in_keras)
        design = Design("tiny").add("x", source).add("block", block, after="x")
        models.append(to_keras(design))
    plain, other = models
    other.set_weights(plain.get_weights())
    batch = np.random.default_rng(3).normal(size=(2, *plain.input_shape[1:])).astype("float32")
    np.testing.assert_allclose(plain(batch), other(batch), atol=1e-5)


def test_an_open_size_is_padded_as_keras_applications_does() -> None:
    block = InvertedResidual(4, stride=2, as_in_keras=True)
    design = (
        Design("open").add("x", Image(channels=4, any_size=True)).add("block", block, after="x")
    )
    report = analyze(design)
    assert not report.problems
    assert report.graph["block_pad"].config["padding"] == ((0, 1), (0, 1))
    assert to_keras(design).get_layer("block_pad").padding == ((0, 1), (0, 1))
