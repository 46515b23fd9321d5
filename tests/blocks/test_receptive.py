"""The receptive field, against perturbed Keras models and against published figures.

A model with positive weights and inputs lets no change vanish: a place whose value jumps moves
every output value that can see it, through maxima and rectifiers too. Probing one place after the
other shows what each output value really sees, borders included.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from blocks import (
    BLOCKS,
    Block,
    Concatenate,
    Conv,
    Design,
    Image,
    KerasLayer,
    MaxPoolFork,
    Residual,
    Signal,
    SqueezeExcite,
    analyze,
    template,
    to_keras,
)
from blocks.graph import Layer
from blocks.receptive import Track, Tracks, milliseconds, tracked

SIDE = 40
JUMP = 1e6


def test_fields_grow_by_windows_and_jumps() -> None:
    design = (
        Design().add("photo", Image()).add("a", Conv(), "photo").add("b", BLOCKS["Pool"](), "a")
    )
    report = analyze(design.add("c", Conv(), "b"))
    assert [report.fields[name][0].largest for name in ("photo", "a", "b", "c")] == [1, 3, 4, 8]
    assert [report.fields[name][0].jump for name in ("photo", "a", "b", "c")] == [1, 1, 2, 2]


@pytest.mark.parametrize(
    ("template_id", "last", "field"),
    [
        ("alexnet", "MaxPooling2D", 195),
        ("vgg16", "MaxPooling2D", 212),
        ("resnet18", "Add", 435),
        ("resnet50", "Add", 483),
        ("resnet101", "Add", 1027),
        ("resnet152", "Add", 1507),
        ("mobilenet_v2", "Conv2D", 491),
    ],
)
def test_networks_have_the_published_fields(template_id: str, last: str, field: int) -> None:
    """Araujo, Norris & Sim 2019, Computing receptive fields, table of the appendix."""
    report = analyze(template(template_id))
    layer = [layer for layer in report.layers if layer.kind == last][-1]
    assert [one.largest for one in report.fields[layer.name]] == [field, field]


def test_a_shortcut_keeps_the_smallest_field_small() -> None:
    design = Design().add("photo", Image())
    design = design.add("stage", Residual(filters=3), "photo", repeat=5)
    (field, _) = analyze(design).output_fields
    assert (field.smallest, field.largest) == (1, 21)


def test_a_global_layer_sees_the_whole_input_and_its_gate_does_so_beside_what_it_scales() -> None:
    design = Design().add("photo", Image()).add("conv", Conv(), "photo")
    gated = analyze(design.add("gate", SqueezeExcite(), "conv"))
    assert gated.output_fields[0] == (None, 3, 1)
    assert gated.receptive_field is None


def test_axes_have_fields_of_their_own() -> None:
    layer = KerasLayer("Conv2D", '{"filters": 2, "kernel_size": [1, 5], "strides": [1, 2]}')
    report = analyze(Design().add("photo", Image()).add("wide", layer, "photo"))
    assert [(field.largest, field.jump) for field in report.output_fields] == [(1, 1), (5, 2)]


def test_a_sampling_rate_turns_places_into_milliseconds() -> None:
    design = Design().add("ecg", Signal(512, 1, sampling_rate=200)).add("a", Conv(), "ecg")
    report = analyze(design)
    assert report.sampling_rate == 200
    assert milliseconds(report.receptive_field or 0, report.sampling_rate) == 15
    assert analyze(Design().add("ecg", Signal(512, 1))).sampling_rate is None


def test_an_enormous_enlargement_is_no_answer_rather_than_a_wrong_one() -> None:
    layer = KerasLayer("UpSampling1D", '{"size": 100000}')
    design = Design().add("ecg", Signal(8, 1)).add("up", layer, "ecg")
    assert analyze(design).output_fields[0].largest is None


def values(**options: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(options)


def stock(kind: str, **options: st.SearchStrategy[Any]) -> st.SearchStrategy[Block]:
    import json

    return values(**options).map(lambda config: KerasLayer(kind, json.dumps(config)))


def steps(rank: int) -> st.SearchStrategy[Block]:
    """Draw a block that mixes, drops, pads or adds places."""
    size, stride = st.integers(1, 5), st.integers(1, 3)
    padding = st.sampled_from(["same", "valid"])
    sizes = st.lists(size, min_size=rank, max_size=rank)
    return st.one_of(
        values(filters=st.just(2), kernel_size=size, stride=stride, padding=padding).map(
            lambda v: Conv(**v)
        ),
        values(filters=st.just(2), kernel_size=size, dilation=st.integers(1, 3)).map(
            lambda v: Conv(**v)
        ),
        values(size=size, stride=stride, padding=padding).map(lambda v: BLOCKS["Pool"](**v)),
        values(stride=stride, shortcut=st.sampled_from(["auto", "zero_pad"])).map(
            lambda v: Residual(filters=4, **v)
        ),
        st.just(MaxPoolFork(filters=4, subsample=2)),
        st.integers(2, 3).map(lambda factor: BLOCKS["Upsample"](size=factor)),
        stock(f"UpSampling{rank}D", size=st.integers(1, 3))
        if rank == 1
        else stock("UpSampling2D", size=sizes, interpolation=st.just("bilinear")),
        # A kernel shorter than its stride leaves holes, and the field told is an upper bound.
        stock(
            f"Conv{rank}DTranspose",
            filters=st.just(2),
            kernel_size=st.lists(st.integers(3, 5), min_size=rank, max_size=rank),
            strides=stride,
            padding=padding,
        ),
        stock(f"Cropping{rank}D", cropping=st.lists(st.integers(0, 2), min_size=2, max_size=2)),
        st.integers(1, 3).map(lambda amount: BLOCKS["ZeroPad"](amount)),
    )


@st.composite
def nets(draw: st.DrawFn) -> Design:
    """Draw a chain, or branches of one shape beside each other, of up to five steps in a row."""
    rank = draw(st.sampled_from([1, 2]))
    source = Signal(SIDE + draw(st.integers(0, 8)), 2) if rank == 1 else Image(SIDE, SIDE - 3, 2)
    design, names = Design("drawn").add("source", source), ["source"]
    for index in range(draw(st.integers(1, 5))):
        name = f"step_{index}"
        merge = Concatenate() if len(names) > 1 and draw(st.booleans()) else None
        start = names[-2:] if merge else [draw(st.sampled_from(names[-2:]))]
        grown = design.add(name, merge or draw(steps(rank)), start)
        report = analyze(grown)
        places = report.nodes[name].shape[:-1] if name in report.nodes else ()
        if not report.errors and max((n or 0 for n in places), default=0) <= 3 * SIDE:
            design, names = grown, [*names, name]
    return design


@pytest.fixture(scope="module")
def float64() -> Iterator[None]:
    """Let no change drown in rounding."""
    import keras

    usual = keras.config.floatx()
    keras.config.set_floatx("float64")
    yield
    keras.config.set_floatx(usual)


@pytest.mark.keras
@pytest.mark.usefixtures("float64")
@given(nets())
@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
def test_every_value_sees_what_probing_finds(design: Design) -> None:
    report = analyze(design)
    assume(report.graph.outputs and len(report.nodes) > 1)
    everything = list(tracked(report.graph))
    ends = {layer.name: tracks for layer, tracks in everything}
    for output, seen in zip(report.graph.outputs, probed(design), strict=True):
        for track in ends[output]:
            if track:
                compare(track, seen[track.axis], inner(everything, track.axis))


def inner(everything: list[tuple[Layer, Tracks]], axis: int) -> tuple[int, int]:
    """Return between which input places no value of any layer reaches over a border."""
    known = [
        (track.largest.at(0)[0], track.largest.at((length or 0) - 1)[1])
        for layer, tracks in everything
        for length, track in zip(layer.shape, tracks, strict=True)
        if track and track.axis == axis and track.largest
    ]
    return max(first for first, _ in known), min(last for _, last in known)


def compare(track: Track, seen: np.ndarray, inner: tuple[int, int]) -> None:
    """Compare what each place sees; `seen` is (input places, places, channels) of truth values."""
    assert track.largest is not None
    for place in range(seen.shape[1]):
        first, last = track.largest.at(place)
        touched = np.flatnonzero(seen[:, place].any(axis=-1))
        if inner[0] < first and last < inner[1] and len(touched):
            assert (touched[0], touched[-1]) == (first, last)
        elif len(touched):
            assert first <= touched[0]
            assert touched[-1] <= last


def probed(design: Design) -> list[list[np.ndarray]]:
    """Return, per output and axis, which place there sees which input place, by channel."""
    model = to_keras(design)
    draws = np.random.default_rng(1)
    for weight in model.weights:
        weight.assign(draws.uniform(0.5, 1.5, weight.shape))
    for layer in model.layers:
        if hasattr(layer, "bias") and layer.bias is not None:
            layer.bias.assign(np.zeros(layer.bias.shape))
    shape = model.input_shape[1:]
    plain = draws.uniform(1, 2, shape)
    found: list[list[np.ndarray]] = [[] for _ in model.outputs]
    for axis in range(len(shape) - 1):
        batch = np.stack([plain] * (shape[axis] + 1))
        for place in range(shape[axis]):
            np.moveaxis(batch[place], axis, 0)[place] += JUMP
        made = model(batch, training=False)
        for index, values in enumerate(made if isinstance(made, list) else [made]):
            result = np.asarray(values)
            changed = np.abs(result[:-1] - result[-1]) > 1e-9 * np.abs(result[-1])
            others = tuple(a + 1 for a in range(len(shape) - 1) if a != axis)
            found[index].append(changed.any(axis=others))
    return found


@st.composite
def forks(draw: st.DrawFn) -> Design:
    """Draw branches that keep the size and meet in a concatenation, two deep."""
    design = Design("fork").add("source", Signal(SIDE, 1))
    ends = []
    for branch in range(draw(st.integers(2, 3))):
        last = "source"
        for index in range(draw(st.integers(1, 3))):
            name, size = f"branch_{branch}_{index}", draw(st.integers(1, 5))
            design = design.add(name, Conv(filters=1, kernel_size=size), last)
            last = name
        ends.append(last)
    design = design.add("inner", Concatenate(), ends[:2])
    return design.add("outer", Concatenate(), ["inner", *ends[2:], "source"])


@pytest.mark.keras
@pytest.mark.usefixtures("float64")
@given(forks())
@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_narrowest_branch_sees_the_smallest_and_all_together_the_largest_field(
    design: Design,
) -> None:
    (field,) = analyze(design).output_fields
    ((seen,),) = probed(design)
    middle = seen[:, SIDE // 2]
    together = np.flatnonzero(middle.any(axis=-1))
    assert field.smallest == middle.sum(axis=0).min()
    assert field.largest == together[-1] - together[0] + 1
