"""Budgets: what a design uses of one, and the width at which it keeps it."""

import json

import pytest

from blocks import (
    Budget,
    Classifier,
    Conv,
    Design,
    EditError,
    Image,
    ReadError,
    analyze,
    fitted,
    pack,
    read,
    template,
    to_keras,
    uses,
    widened,
)
from blocks.fitting import WIDEST


def limited(name: str, **limits: int) -> Design:
    return template(name).apply({"budget": limits})[0]


def test_a_budget_says_how_much_of_each_limit_is_used() -> None:
    design = limited("resnet18", params=20_000_000, training_bytes=10**9, batch_size=16)
    report = analyze(design)
    used = {use.name: (use.used, use.limit) for use in uses(report)}
    assert used == {
        "params": (report.total, 20_000_000),
        "training_bytes": (report.training_bytes(16), 10**9),
    }


@pytest.mark.parametrize(
    ("name", "limits"),
    [
        ("resnet18", {"params": 3_000_000}),
        ("resnet50", {"macs": 1_000_000_000}),
        ("mobilenet_v2", {"params": 5_000_000}),
        ("densenet121", {"weight_bytes": 10_000_000}),
        ("googlenet", {"params": 3_000_000, "macs": 700_000_000}),
        ("vgg16", {"training_bytes": 2_000_000_000, "batch_size": 8}),
        ("unet", {"params": 1_000_000}),
        ("ecg_rajpurkar", {"params": 1_000_000}),
        ("lenet5", {"params": 20_000}),
    ],
)
def test_the_fitted_width_keeps_the_budget_and_the_next_one_breaks_it(
    name: str, limits: dict[str, int]
) -> None:
    design = limited(name, **limits)
    fit = fitted(design)
    assert not fit.report.errors
    assert all(use.used <= use.limit for use in uses(fit.report))
    assert analyze(design.apply(fit.edit)[0]).total == fit.report.total
    if round(100 * fit.width) < WIDEST:
        wider = analyze(design.apply(widened(design, fit.width + 0.01))[0])
        assert any(use.used > use.limit for use in uses(wider))


def test_inputs_and_classes_stay_and_widths_are_multiples_of_eight() -> None:
    design = limited("resnet18", params=3_000_000)
    after = analyze(design.apply(fitted(design).edit)[0])
    assert after.layers[0].shape == (224, 224, 3)
    assert after.layers[-1].shape == (1000,)
    convolutions = [layer for layer in after.layers if layer.kind == "Conv2D"]
    assert all((layer.shape[-1] or 0) % 8 == 0 for layer in convolutions)


def test_keras_counts_the_fitted_network_alike() -> None:
    design = limited("tutorial_residual", params=200_000)
    fit = fitted(design)
    assert to_keras(design.apply(fit.edit)[0]).count_params() == fit.report.total


def test_a_network_may_grow_into_its_budget() -> None:
    assert fitted(limited("lenet5_seed", params=10_000_000)).width > 1


def test_the_inside_of_own_blocks_is_scaled_too() -> None:
    design = Design().add("photo", Image(16, 16, 3)).add("a", Conv(64), "photo")
    design = design.add("b", Conv(64), "a").add("c", Conv(32), "b").add("head", Classifier(), "c")
    shared = [{"name": "filters", "targets": [{"node": "a", "param": "filters"}]}]
    design, _ = design.apply(pack(design, ["a", "b"], "Pair", shared, instance_id="pair"))
    half = analyze(design.apply(widened(design, 0.5))[0])
    assert [layer.shape[-1] for layer in half.layers if layer.kind == "Conv2D"] == [32, 32, 16]


def test_what_no_width_can_keep_is_said_in_a_sentence() -> None:
    with pytest.raises(EditError, match=r"even the narrowest form takes [\d,]+ of parameters"):
        fitted(limited("vgg16", params=1_000))
    with pytest.raises(EditError, match="has no budget; set a limit first"):
        fitted(template("lenet5"))
    broken = Design().add("a", Conv()).apply({"budget": {"params": 10}})[0]
    with pytest.raises(EditError, match="mend the design first: a: nothing comes in"):
        fitted(broken)


def test_a_budget_travels_in_the_file_and_undo_takes_it_back() -> None:
    design = template("lenet5")
    limited, inverse = design.apply({"budget": {"params": 50_000}})
    assert read(json.dumps(limited.to_json())).budget == Budget(params=50_000)
    assert limited.to_json()["version"] == 2
    assert limited.apply(inverse)[0] == design
    assert "budget" not in design.to_json()


@pytest.mark.parametrize(
    "budget", [{"params": 0}, {"params": True}, {"macs": 2**60}, {"speed": 1}, [], {"params": "1"}]
)
def test_a_budget_that_is_none_is_refused(budget: object) -> None:
    with pytest.raises(EditError, match="budget"):
        Design().apply({"budget": budget})
    data = Design().to_json() | {"budget": budget}
    with pytest.raises(ReadError, match="budget"):
        read(json.dumps(data))
