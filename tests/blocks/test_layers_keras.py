"""Every kind of layer: the rule agrees with Keras on shapes and weights, and on what is allowed."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blocks import BlockwrightError
from blocks.imports.keras_layers import entry_of
from blocks.layers import ARGUMENTS, Layers, Tensor, canonical
from blocks.layers.arguments import MERGES, REQUIRED

pytestmark = pytest.mark.keras

SMALLEST: dict[str, Any] = {
    "activation": "relu",
    "cropping": 1,
    "dims": (2, 1),
    "factor": (0.1, 0.2),
    "filters": 4,
    "height": 3,
    "height_factor": 0.1,
    "input_dim": 5,
    "kernel_size": 3,
    "layer": {"class_name": "Dense", "config": {"units": 3}},
    "n": 3,
    "output_dim": 2,
    "pool_size": 2,
    "rate": 0.5,
    "scale": 2.0,
    "stddev": 0.5,
    "target_shape": (2, 2),
    "units": 3,
    "width": 3,
    "width_factor": 0.1,
}


def smallest(kind: str) -> dict[str, Any]:
    """Return the fewest arguments a kind can be made with."""
    return {name: SMALLEST[name] for name, value in ARGUMENTS[kind].items() if value is REQUIRED}


def keras_layer(kind: str, config: dict[str, Any]) -> Any:
    import keras

    arguments = dict(config)
    if "layer" in arguments:
        arguments["layer"] = keras_layer(
            arguments["layer"]["class_name"], arguments["layer"]["config"]
        )
    return getattr(keras.layers, kind)(**arguments)


@pytest.mark.parametrize("kind", ARGUMENTS)
def test_an_argument_left_out_is_what_keras_takes_for_it(kind: str) -> None:
    saved = json.loads(json.dumps(keras_layer(kind, smallest(kind)).get_config(), default=written))
    entry = entry_of({"class_name": kind, "config": saved})
    inner = entry.config.get("layer")
    if inner:
        del inner["config"]["name"]
    shapes = [(4,) * (rank_of(kind) or 2)]
    assert canonical(kind, entry.config, shapes) == canonical(kind, smallest(kind), shapes)


def rank_of(kind: str) -> int:
    """Return how many axes a kind takes, the batch aside; 0 where any number will do."""
    return next((int(digit) + 1 for digit in "123" if f"{digit}D" in kind), 0)


def written(value: Any) -> Any:
    """Return an object of a config as Keras writes it to files."""
    import keras

    return keras.saving.serialize_keras_object(value)


SHAPES = st.one_of(
    st.tuples(st.integers(1, 9)),
    st.tuples(st.integers(1, 12), st.integers(1, 6)),
    st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(1, 4)),
    st.tuples(st.none(), st.none(), st.integers(1, 4)),
    st.tuples(st.integers(3, 6), st.integers(3, 6), st.integers(3, 6), st.integers(1, 3)),
)
SIZE = st.one_of(st.integers(1, 3), st.lists(st.integers(1, 3), min_size=1, max_size=3))
PAIR = st.tuples(st.integers(0, 2), st.integers(0, 2))
AMOUNT = st.one_of(
    st.integers(0, 3), PAIR, st.tuples(PAIR, PAIR), st.tuples(PAIR, PAIR, PAIR), st.just((1, 0, 2))
)
AXIS = st.integers(-3, 3)
DRAWN: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("filters", "units", "n", "depth_multiplier"), st.integers(1, 4)),
    **dict.fromkeys(("input_dim", "output_dim", "height", "width"), st.integers(1, 4)),
    **dict.fromkeys(("kernel_size", "pool_size", "dilation_rate", "size"), SIZE),
    "strides": st.one_of(st.none(), SIZE),
    "output_padding": st.one_of(st.none(), st.integers(0, 2)),
    "groups": st.sampled_from([1, 1, 2, 3]),
    "padding": st.sampled_from(["valid", "same"]),
    "cropping": AMOUNT,
    "axis": st.one_of(AXIS, st.lists(AXIS, min_size=1, max_size=2, unique=True)),
    "dims": st.permutations([1, 2, 3]).map(lambda axes: tuple(axes)),
    "shared_axes": st.one_of(st.none(), st.lists(st.integers(1, 3), min_size=1, unique=True)),
    "target_shape": st.lists(st.sampled_from([-1, 1, 2, 3, 4, 6]), min_size=1, max_size=3),
    **dict.fromkeys(("use_bias", "center", "keepdims"), st.booleans()),
    "layer": st.sampled_from(
        [
            {"class_name": "Dense", "config": {"units": 3}},
            {"class_name": "Conv2D", "config": {"filters": 2, "kernel_size": 2}},
            {"class_name": "BatchNormalization", "config": {}},
            {"class_name": "Flatten", "config": {}},
            {"class_name": "TimeDistributed", "config": {"layer": SMALLEST["layer"]}},
        ]
    ),
}
NORMS = ("BatchNormalization", "LayerNormalization", "GroupNormalization")

# Where a design is stricter than Keras, on purpose: what Keras lets through here fails later,
# when the layer is called, or is no layer of a convolutional network.
STRICTER = {
    "CenterCrop",  # Keras takes a signal for one image of the batch
    "Concatenate",  # Keras drops axes of length 1 before it compares shapes
    "Embedding",
    "LayerNormalization",
    "Normalization",
    "Permute",
    "Reshape",
    "Resizing",
    "Softmax",
    "TimeDistributed",
    "UnitNormalization",
}


@st.composite
def layers(draw: st.DrawFn, kind: str) -> tuple[dict[str, Any], list[Any]]:
    """Draw a config of a kind, and shapes for it, that fit more often than not."""
    config = smallest(kind)
    known = ARGUMENTS[kind]
    names = st.lists(st.sampled_from(sorted(known) or ["none"]), max_size=3, unique=True)
    for name in draw(names):
        values = DRAWN.get(name)
        if name == "padding" and kind.startswith("ZeroPadding"):
            values = AMOUNT
        if name == "scale" and kind in NORMS:
            values = st.booleans()
        if values is not None:
            config[name] = draw(values)
    wanted = rank_of(kind)
    shape = draw(SHAPES.filter(lambda shape: not wanted or len(shape) == wanted))
    if kind not in MERGES:
        return config, [shape]
    ones = tuple(1 for _ in shape[:-1])
    other = draw(st.sampled_from([shape, shape, (*ones, shape[-1]), (*shape[:-1], 5), (7,)]))
    return config, [shape, other]


def ours(kind: str, config: dict[str, Any], shapes: list[Any]) -> Any:
    """Return (shape, weights) by the rules, or the sentence that refuses the layer."""
    nn = Layers()
    try:
        nn.stock(kind, [Tensor(f"in_{i}", shape) for i, shape in enumerate(shapes)], config)
    except BlockwrightError as error:
        return str(error)
    layer = nn.layers[0]
    weights = sorted((tuple(weight.shape), weight.trainable) for weight in layer.weights)
    return layer.shape, weights


def theirs(kind: str, config: dict[str, Any], shapes: list[Any]) -> Any:
    """Return (shape, weights) as Keras builds the layer, or its refusal."""
    import keras

    with keras.StatelessScope(initialize_variables=False):
        try:
            made = keras_layer(kind, config)
            tensors = [keras.Input(shape) for shape in shapes]
            leaving = made(tensors if len(tensors) > 1 else tensors[0])
        except Exception as error:  # whatever a backend raises for a layer that does not fit
            return f"{type(error).__name__}: {error}"
    trained = {id(weight) for weight in made.trainable_weights}
    weights = sorted((tuple(weight.shape), id(weight) in trained) for weight in made.weights)
    return tuple(leaving.shape[1:]), weights


@pytest.mark.parametrize("kind", ARGUMENTS)
def test_the_rule_says_what_keras_builds(kind: str) -> None:
    @given(layers(kind))
    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    def agree(drawn: tuple[dict[str, Any], list[Any]]) -> None:
        config, shapes = drawn
        one, other = ours(kind, config, shapes), theirs(kind, config, shapes)
        if isinstance(other, str):
            assert isinstance(one, str), f"{config} on {shapes}: Keras refuses it: {other}"
        elif isinstance(one, str):
            assert kind in STRICTER, f"{config} on {shapes}: refused ({one}), Keras gives {other}"
        else:
            assert one == other

    agree()
