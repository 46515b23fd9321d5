"""Random designs from the whole catalogue: every layer equals the Keras model really built."""

import math
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from blocks import BLOCKS, Block, Design, analyze, to_keras
from blocks.analysis import MAX_DEPTH
from blocks.params import Choice, Flag, Integer, Number, Param, Text

pytestmark = pytest.mark.keras

SIZES = {"filters": 12, "units": 12, "classes": 12, "kernel_size": 5, "size": 3, "padding": 3}
INPUTS = [name for name, block in BLOCKS.items() if not block.inputs]
MERGES = [name for name, block in BLOCKS.items() if block.inputs and block.inputs[0].many]
JOINS = [name for name, block in BLOCKS.items() if len(block.inputs) > 1]
STEPS = [name for name in BLOCKS if name not in (*INPUTS, *MERGES, *JOINS)]


def values(name: str, param: Param) -> st.SearchStrategy[Any]:
    """Draw a value of a parameter, small enough to build quickly."""
    if isinstance(param, Integer):
        small = st.integers(param.min, min(param.max, max(param.min, SIZES.get(name, 4))))
        return st.one_of(st.none(), small) if param.optional else small
    if isinstance(param, Number):
        real = st.floats(param.min, param.max).map(lambda x: float(f"{x:.3g}"))
        real = real.filter(lambda x: param.min <= x <= param.max and math.isfinite(x))
        return st.one_of(st.none(), real) if param.optional else real
    if isinstance(param, Choice):
        return st.sampled_from(param.options)
    if isinstance(param, Text):
        return st.just(param.default)
    assert isinstance(param, Flag)
    return st.booleans()


@st.composite
def blocks_of(draw: st.DrawFn, kind: str) -> Block:
    block = BLOCKS[kind]
    return block(**{name: draw(values(name, param)) for name, param in block.params().items()})


@st.composite
def inputs(draw: st.DrawFn) -> Block:
    if draw(st.booleans()):
        sides = st.integers(1, 20)
        sizes = draw(sides), draw(sides), draw(st.integers(1, 6))
        return BLOCKS["Image"](*sizes, any_size=draw(st.sampled_from([False, False, True])))
    open_ended = draw(st.sampled_from([False, False, True]))
    length, channels = draw(st.integers(1, 64)), draw(st.integers(1, 6))
    return BLOCKS["Signal"](length, channels, any_length=open_ended)


@st.composite
def designs(draw: st.DrawFn) -> Design:
    """Draw a design block by block, keeping only blocks that fit where they were drawn."""
    design = Design("drawn").add("source", draw(inputs()))
    names = ["source"]
    for index in range(draw(st.integers(1, 7))):
        kind = draw(st.sampled_from([*STEPS, *MERGES * 4] if len(names) > 1 else STEPS))
        few, most = (2, 3) if kind in MERGES else (1, 1)
        sources = st.lists(st.sampled_from(names), min_size=few, max_size=most, unique=True)
        grown = design.add(
            f"block_{index}",
            draw(blocks_of(kind)),
            draw(sources),
            frozen=draw(st.booleans()),
            repeat=1 if kind in MERGES else draw(st.sampled_from([1, 1, 1, 2])),
        )
        report = analyze(grown)
        if not report.errors and report.total < 2_000_000:
            design, names = grown, [*names, f"block_{index}"]
    return design


@given(designs())
@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_every_layer_has_the_shape_and_the_parameters_that_keras_builds(design: Design) -> None:
    assume(analyze(design).graph.outputs)
    assert_equals_keras(design)


@pytest.mark.parametrize("kind", STEPS)
@pytest.mark.parametrize("source", [BLOCKS["Image"](12, 10, 4), BLOCKS["Signal"](24, 4)])
def test_every_block_type_fits_images_and_signals(kind: str, source: Block) -> None:
    design = Design("one").add("source", source).add("block", BLOCKS[kind](), "source")
    assert not analyze(design).problems
    assert_equals_keras(design)


@pytest.mark.parametrize("kind", JOINS)
@pytest.mark.parametrize("source", [BLOCKS["Image"](12, 8, 4), BLOCKS["Signal"](24, 4)])
def test_every_block_of_two_inputs_joins_two_sizes(kind: str, source: Block) -> None:
    design = (
        Design("two")
        .add("source", source)
        .add("half", BLOCKS["Pool"](), "source")
        .add("block", BLOCKS[kind](filters=6), ["half", "source"])
    )
    assert not analyze(design).problems
    assert_equals_keras(design)


def assert_equals_keras(design: Design) -> None:
    """Build the design with Keras and compare every layer."""
    report, model = analyze(design), to_keras(design)
    built = {layer.name: layer for layer in model.layers}
    assert set(built) == {layer.name for layer in report.layers}
    for layer in report.layers:
        made = built[layer.name]
        assert type(made).__name__ == layer.kind
        assert tuple(made.output.shape[1:]) == layer.shape
        assert [tuple(weight.shape) for weight in made.weights] == [w.shape for w in layer.weights]
        assert count(made.trainable_weights) == layer.trainable
        assert count(made.non_trainable_weights) == layer.non_trainable
    assert model.count_params() == report.total


def count(weights: list[Any]) -> int:
    return sum(math.prod(weight.shape) for weight in weights)


def test_the_longest_chain_that_is_allowed_is_one_that_keras_builds() -> None:
    repeat = MAX_DEPTH - 1
    design = Design("deep").add("source", BLOCKS["Image"](4, 4, 1))
    design = design.add("relu", BLOCKS["Activation"](), "source", repeat=repeat)
    assert analyze(design).depth == MAX_DEPTH
    assert_equals_keras(design)
