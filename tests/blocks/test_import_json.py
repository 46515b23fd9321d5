"""Architectures from anywhere: never executed, refused in a sentence that names the layer."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocks import BlockwrightError, ReadError, analyze, read
from tests.blocks.keras_files import CONV, KERAS_2, SMALL, layer, model, multiplying, source


def test_a_small_architecture_is_read_from_an_object_and_from_text() -> None:
    for design in (read(SMALL), read(json.dumps(SMALL))):
        assert [(row.name, row.kind, row.params) for row in analyze(design).layers] == [
            ("photo", "InputLayer", 0),
            ("conv", "Conv2D", 4 * (3 * 3 * 3 + 1)),
        ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (model(source(), layer("Lambda", "trick", "photo")), "trick: a Lambda layer holds Python"),
        (
            model(source(), layer("Sampling", "noise", "photo") | {"module": "my_code"}),
            "noise: the class 'my_code'.'Sampling' is not one of Keras' layers",
        ),
        (model(source(), layer("Sampling", "noise", "photo")), "noise: the class 'Sampling' cann"),
        (
            model(source(), layer("Conv2D", "c", "photo", filters=2, kernel_size=3, magic=1)),
            "c: Conv2D has no argument 'magic'",
        ),
        (model(source(), layer("Conv2D", "c", "photo", filters=2)), "c: Conv2D needs the argument"),
        (
            model(source(), layer("Conv2D", "c", "photo", filters=-2, kernel_size=3)),
            "c: filters must be an integer from 1, got -2",
        ),
        (
            model(source(), layer("Conv2D", "c", "photo", filters=True, kernel_size=3)),
            "c: filters must be an integer from 1, got True",
        ),
        (
            model(source(), layer("Conv2D", "c", "photo", filters=2, kernel_size=99)),
            "c: a convolution with a window of 99x99",
        ),
        (
            model(source(), layer("Conv2D", "c", "photo", filters=2, kernel_size=3, strides=None)),
            "c: strides must be an integer from 1, or one per axis, got None",
        ),
        (
            model(source(), layer("\x1b[0m", "odd", "photo") | {"module": "keras.ops"}),
            r"odd: 'keras.\\x1b\[0m' is an operation",
        ),
        (
            model(source(), layer("Sampling", "noise", "photo") | {"module": "\U0001f642" * 80}),
            r"noise: the class '(\\U0001f642){5}[^ ]{0,10}.'Sampling' is not one",
        ),
        (
            model(source(), layer("\x00", "odd") | {"inbound_nodes": [{"args": []}]}),
            r"odd: '\\x00' is called in a way",
        ),
        (
            model(source(), layer("Activation", "a", "photo", activation="evil")),
            "a: activation must be the name of a Keras activation, got 'evil'",
        ),
        (
            model(
                source(),
                layer("Dense", "d", "photo", units=2, kernel_initializer={"class_name": "Evil"}),
            ),
            "d: kernel_initializer must be a Keras initializer, got 'Evil'",
        ),
        (
            model(source(), layer("Softmax", "s", "photo", data_format="channels_first")),
            "s: data_format must be channels_last",
        ),
        (model(source(), layer("Add", "a", "photo", "photo")), "a: it reads photo twice"),
        (model(source(), layer("ReLU", "r", "gone")), "r: it reads 'gone', which is not in"),
        (
            model(source(), layer("ReLU", "a", "b"), layer("ReLU", "b", "a")),
            "it stands in a circle of layers",
        ),
        (model(source(), CONV, CONV), "the layer name 'conv' stands twice"),
        (model(source(shape=(None, -1, 8, 3)), CONV), "photo: its shape must be lengths from 1"),
        (
            {"class_name": "MyModel", "config": {}},
            "must be Functional or Sequential, got 'MyModel'",
        ),
        ({"class_name": "Functional", "config": {}}, "a model's config must have layers"),
        ({"class_name": "Sequential", "config": {"layers": []}}, "must have layers, got none"),
    ],
)
def test_what_cannot_be_held_is_refused_by_name(data: Any, sentence: str) -> None:
    with pytest.raises(ReadError, match=sentence):
        read(json.dumps(data))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999", "9" * 5_000])
def test_a_number_that_is_not_finite_is_refused(number: str) -> None:
    data = model(source(), layer("Rescaling", "scale", "photo", scale=7777))
    with pytest.raises(ReadError, match="scale: scale must be a number"):
        read(json.dumps(data).replace("7777", number))


def test_large_shared_object_ids_and_dtype_policies_are_no_reason_to_refuse() -> None:
    policy = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}}
    conv = copy.deepcopy(CONV)
    conv["shared_object_id"] = 140_234_567_890_123
    conv["config"]["dtype"] = {**policy, "shared_object_id": 140_234_567_890_124}
    assert analyze(read(model(source(), conv))).total == 112


def test_a_deep_file_is_refused() -> None:
    text = '{"class_name": "Functional", "config": ' + '{"a": ' * 600 + "1" + "}" * 601
    with pytest.raises(ReadError, match="nested at most 500 deep"):
        read(text)


def test_models_in_models_that_multiply_are_refused() -> None:
    with pytest.raises(ReadError, match=r"may have 20,000 layers|20 deep|500 deep"):
        read(json.dumps(multiplying()))


def test_files_of_keras_2_are_read_and_slashes_in_names_become_underscores() -> None:
    rows = {row.name: row for row in analyze(read(json.dumps(KERAS_2))).layers}
    assert list(rows) == ["input_1", "block1_sepconv", "bn", "leaky", "sum"]
    assert rows["block1_sepconv"].params == 3 * 9 + 3 * 8
    assert rows["leaky"].config == {"negative_slope": 0.1}
    assert rows["sum"].inputs == ("bn", "leaky")


def test_a_sequential_model_of_keras_2_takes_its_input_from_its_first_layer() -> None:
    first = {"class_name": "Dense", "config": {"name": "a", "units": 3}}
    first["config"]["batch_input_shape"] = [None, 4]  # type: ignore[index]
    layers = [first, {"class_name": "Dropout", "config": {"name": "b", "rate": 0.5}}]
    data = {"class_name": "Sequential", "config": {"name": "s", "layers": layers}}
    assert [row.kind for row in analyze(read(data)).layers] == ["InputLayer", "Dense", "Dropout"]
    del first["config"]["batch_input_shape"]  # type: ignore[attr-defined]
    with pytest.raises(ReadError, match="the model has no input shape; build it"):
        read(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if not isinstance(value, dict | list):
        return [path]
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    return [path, *(place for key, one in inner for place in places(one, (*path, key)))]


def changed(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    copied = copy.copy(data)
    copied[path[0]] = changed(data[path[0]], path[1:], value)
    return copied


WHOLE = model(
    source(),
    CONV,
    layer("BatchNormalization", "bn", "conv", axis=3, epsilon=1e-5),
    layer("ZeroPadding2D", "pad", "bn", padding=[[0, 1], [2, 3]]),
    layer("TimeDistributed", "each", "pad", layer=layer("Dense", "d", units=2)),
    layer("Reshape", "shape", "each", target_shape=[-1, 2]),
    layer("Concatenate", "both", "shape", "shape_2", axis=1),
    layer("Softmax", "shape_2", "shape"),
    output="both",
)


def test_the_file_that_is_damaged_below_is_a_good_one() -> None:
    assert len(analyze(read(WHOLE)).layers) == 8


@given(st.sampled_from([p for data in (WHOLE, KERAS_2) for p in places(data)]), JSON)
@settings(max_examples=800, deadline=None, derandomize=True)
def test_whatever_stands_in_a_file_is_a_design_or_a_sentence(
    path: tuple[Any, ...], value: Any
) -> None:
    for whole in (WHOLE, KERAS_2):
        try:
            text = json.dumps(changed(whole, path, value))
        except (KeyError, IndexError, TypeError):
            continue
        try:
            analyze(read(text))
        except BlockwrightError:
            continue
