"""A template opens for another input and other classes, whatever its ends are made of."""

import pytest

from blocks import (
    BLOCKS,
    Design,
    EditError,
    Image,
    adaptable,
    adapted,
    analyze,
    template,
    templates,
)


def test_vgg16_for_small_images_and_ten_classes() -> None:
    design = template("vgg16", height=64, width=64, classes=10)
    convolutions = 14_714_688  # VGG-16 without its head, whatever the size
    head = (2 * 2 * 512 + 1) * 4_096 + (4_096 + 1) * 4_096 + (4_096 + 1) * 10
    assert analyze(design).total == convolutions + head
    assert analyze(design).layers[-1].shape == (10,)


@pytest.mark.parametrize("template_id", templates())
def test_every_template_says_what_its_ends_are(template_id: str) -> None:
    design = template(template_id)
    ends = adaptable(design)
    assert {"channels"} < ends.keys()
    assert adapted(design, **{name: end.value for name, end in ends.items()}) == design
    if not template_id.startswith("tutorial"):
        report = analyze(adapted(design, classes=7))
        assert {report.graph[name].shape[-1] for name in report.graph.outputs} == {7}


def test_a_signal_has_a_length() -> None:
    ends = adaptable(template("ecg_rajpurkar"))
    assert list(ends) == ["length", "channels", "classes"]
    assert analyze(template("ecg_rajpurkar", length=2_560)).layers[-1].shape == (10, 14)


def test_all_heads_get_the_classes() -> None:
    report = analyze(template("googlenet_aux", classes=5))
    assert [report.graph[name].shape for name in report.graph.outputs] == [(5,)] * 3


def test_an_input_that_is_too_small_is_told_by_the_analysis() -> None:
    assert analyze(template("vgg16", height=16, width=16)).errors[0].node == "block5"


def test_an_input_of_open_size_has_no_height_to_change() -> None:
    assert list(adaptable(Design().add("photo", Image(any_size=True)))) == ["channels"]


def test_what_a_design_has_not_is_refused() -> None:
    with pytest.raises(EditError, match="tutorial_vgg has no classes to change; it has height"):
        template("tutorial_vgg", classes=10)
    with pytest.raises(EditError, match="tiny has no length to change; it has height, width"):
        adapted(Design("tiny").add("photo", Image()), length=5)
    assert adaptable(Design()) == {}


def test_a_circle_before_an_output_is_no_end_that_could_be_adapted() -> None:
    activation, output = BLOCKS["Activation"], BLOCKS["Output"]
    design = Design().add("a", activation()).add("b", activation(), "a").connect("b", "a")
    assert adaptable(design.add("end", output(), "b")) == {}
