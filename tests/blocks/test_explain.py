"""Every explanation, worked out by Python's own arithmetic, comes to the number that is shown."""

import math
import re

import pytest

from blocks import (
    Arithmetic,
    Conv,
    Design,
    Flatten,
    Image,
    KerasLayer,
    Pool,
    Residual,
    Signal,
    TransposedConv,
    ZeroPad,
    analyze,
    explain,
    template,
    templates,
)
from tests.blocks.example_designs import EXAMPLES


def worked_out(text: str) -> int:
    """Return what an expression comes to once its words and separators are gone."""
    bare = re.sub(r"\(open\)|,", "", text)
    bare = re.sub(r"\bx\b", "*", bare)
    bare = re.sub(r"(?!floor|ceil)\b[a-z]+\b", "", bare)
    assert re.fullmatch(r"(?:floor|ceil|[\d+*/() -])+", bare), text
    return int(eval(bare, {"floor": math.floor, "ceil": math.ceil}))


def check(steps: tuple[Arithmetic, ...]) -> None:
    for step in steps:
        if step.value is None:
            assert step.text == "?"
        else:
            assert worked_out(step.text) == step.value, step


@pytest.mark.parametrize("name", [*templates(), *EXAMPLES])
def test_the_arithmetic_of_every_layer_gives_its_numbers(name: str) -> None:
    design = EXAMPLES[name]() if name in EXAMPLES else template(name)
    report = analyze(design)
    explanation = explain(report)
    for steps in explanation:
        check(steps)
    assert sum(step.value or 0 for step in explanation.params) == report.total
    assert sum(step.value or 0 for step in explanation.macs) == report.macs
    assert sum(step.value or 0 for step in explanation.memory) == report.activation_bytes
    explained = {step.of.split(":")[0] for step in explanation.shape}
    for layer in report.layers:
        changes = layer.shape not in [report.graph[one].shape for one in layer.inputs]
        assert (layer.name in explained) == changes


def one(block: object, design: Design | None = None) -> list[tuple[str, str]]:
    design = design or Design().add("photo", Image(224, 224, 3))
    (source,) = design.names()
    explanation = explain(analyze(design.add("it", block, source)), "it")  # type: ignore[arg-type]
    return [(step.of, step.text) for steps in explanation[:3] for step in steps]


def test_a_convolution_is_written_as_people_write_it() -> None:
    assert one(Conv(64, 7, stride=2)) == [
        ("it", "7 x 7 x 3 x 64 kernel + 64 bias"),
        ("it", "112 x 112 places x 7 x 7 x 3 x 64"),
        ("it: height and width", "ceil(224 / 2)"),
        ("it: channels", "64"),
    ]


def test_a_valid_window_and_a_dilated_one_say_how_far_they_reach() -> None:
    assert ("it: height and width", "floor((224 - 7) / 2) + 1") in one(
        Conv(8, 7, stride=2, padding="valid")
    )
    assert ("it: height and width", "224 - (1 + (3 - 1) x 2) + 1") in one(
        Conv(8, 3, dilation=2, padding="valid")
    )


def test_padding_pooling_growing_and_flattening_are_explained() -> None:
    assert ("it: height and width", "3 + 224 + 3") in one(ZeroPad(3))
    assert ("it: height and width", "floor((224 - 2) / 2) + 1") in one(Pool())
    assert ("it: height and width", "224 x 2") in one(TransposedConv(8))
    assert ("it: values", "224 x 224 x 3") in one(Flatten())
    ecg = Design().add("ecg", Signal(1000, 2))
    assert ("it: length", "ceil(1,000 / 4)") in one(Conv(8, 16, stride=4), ecg)


def test_a_layer_wrapped_for_every_step_is_that_layer_so_many_times() -> None:
    inner = '{"layer": {"class_name": "Dense", "config": {"units": 8}}}'
    design = Design().add("ecg", Signal(100, 2))
    wrapped = KerasLayer(layer="TimeDistributed", config=inner)
    report = analyze(design.add("it", wrapped, "ecg"))
    assert report.macs == 100 * 2 * 8
    for steps in explain(report, "it"):
        check(steps)


def test_one_layer_of_a_block_can_be_asked_for() -> None:
    report = analyze(Design().add("photo", Image(8, 8, 3)).add("r", Residual(4), "photo"))
    explanation = explain(report, "r", "r_conv2")
    assert [step.text for step in explanation.params] == ["3 x 3 x 4 x 4 kernel + 4 bias"]
