"""The block for any Keras layer: what is typed into it is a layer or a sentence."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocks import Block, Design, Image, KerasInput, KerasLayer, Signal, analyze, read
from blocks.layers import ARGUMENTS

SOURCES = [Image(8, 8, 4), Image(channels=3, any_size=True), Signal(16, 2), KerasInput("6")]


def drawn(source: Block, layer: Block) -> Design:
    return Design("one").add("source", source).add("layer", layer, "source")


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ("", "config must be a JSON object"),
        ("[]", "config must be a JSON object"),
        ('{"units": NaN}', "config must be a JSON object"),
        ("{" * 1_500, "config must be a JSON object"),
        ('{"units": 0}', "units must be an integer from 1, got 0"),
        ('{"units": 1e999}', "units must be an integer from 1, got inf"),
        ('{"units": 2, "magic": 1}', "Dense has no argument 'magic'"),
        ("{}", "Dense needs the argument units"),
        ('{"units": 2, "activation": "x"}', "activation must be the name of a Keras activation"),
        ('{"units": 2, "bias_constraint": "evil"}', "bias_constraint must be a Keras constraint"),
    ],
)
def test_a_config_that_makes_no_layer_is_a_problem(config: str, sentence: str) -> None:
    (problem,) = analyze(drawn(Image(8, 8, 3), KerasLayer("Dense", config))).errors
    assert sentence in problem.message


def test_a_layer_that_does_not_fit_names_what_it_needs() -> None:
    design = drawn(Signal(16, 2), KerasLayer("Cropping2D", '{"cropping": 1}'))
    (problem,) = analyze(design).errors
    assert problem.message == "Cropping2D needs an image as input, got a signal of shape 16x2"


@pytest.mark.parametrize("shape", ["", "x", "0", "-1", "3x", "9" * 90, "1.5", "²"])
def test_an_input_without_a_shape_is_a_problem(shape: str) -> None:
    (problem,) = analyze(Design("one").add("source", KerasInput(shape))).errors
    assert "shape must be lengths" in problem.message


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 9)
    | st.sampled_from([10**12, -(10**12), 0.5, -1.5, 1e300])
    | st.sampled_from(["same", "valid", "relu", "zeros", "l2", "HeNormal", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.fixed_dictionaries({"class_name": st.sampled_from(["L2", "Dense"]), "config": inner})
        | st.dictionaries(st.sampled_from(["l2", "units", "layer"]), inner, max_size=2)
    ),
    max_leaves=5,
)


@given(st.data(), st.sampled_from(sorted(ARGUMENTS)), st.sampled_from(SOURCES))
@settings(max_examples=1_000, deadline=None, derandomize=True)
def test_whatever_is_typed_is_a_layer_or_a_problem(
    data: st.DataObject, kind: str, source: Block
) -> None:
    known = sorted(ARGUMENTS[kind]) or ["none"]
    config = data.draw(st.dictionaries(st.sampled_from(known), VALUES, max_size=4))
    design = drawn(source, KerasLayer(kind, json.dumps(config)))
    report = analyze(design)
    assert report.errors or report.graph["layer"].kind == kind
    assert analyze(read(json.dumps(design.to_json()))).graph.hash == report.graph.hash
