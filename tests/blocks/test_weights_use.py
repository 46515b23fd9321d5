"""Carried weights reach every file and every run; frozen blocks keep them to the last bit."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from blocks import (
    Classifier,
    Conv,
    Design,
    EditError,
    Image,
    analyze,
    export,
    export_proven,
    prove,
    python_code,
    read,
    start_run,
    to_keras,
    training_problems,
    weights_fit,
    with_weights_of,
)
from blocks.__main__ import main
from blocks.training.settings import TrainingSettings

pytestmark = pytest.mark.keras


def drawn() -> Design:
    return (
        Design("tiny")
        .add("photo", Image(8, 8, 1))
        .add("stem", Conv(filters=8, batch_norm=True), after="photo")
        .add("mid", Conv(filters=6), after="stem")
        .add("head", Classifier(classes=10, pooling="flatten"), after="mid")
    )


def carrying(folder: Path) -> Design:
    """A design with weights that no initialiser would give."""
    model, rng = to_keras(drawn()), np.random.default_rng(2)
    for weight in model.weights:
        weight.assign(rng.uniform(0.2, 0.9, weight.shape))
    model.save(folder / "trained.keras")
    return with_weights_of(drawn(), folder / "trained.keras")


def values(model: Any, name: str) -> list[np.ndarray]:
    return [np.asarray(weight) for weight in model.get_layer(name).weights]


def assert_equal_weights(model: Any, other: Any, *names: str) -> None:
    for name in names or [layer.name for layer in model.layers]:
        for mine, theirs in zip(values(model, name), values(other, name), strict=True):
            np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("format_id", ["keras", "h5", "weights"])
def test_an_export_holds_the_weights_and_its_receipt_says_so(
    format_id: str, tmp_path: Path
) -> None:
    import keras

    design = carrying(tmp_path)
    suffix = ".weights.h5" if format_id == "weights" else f".{format_id}"
    receipt = export_proven(design, format_id, tmp_path / f"export{suffix}")
    (check,) = [check for check in receipt.checks if check.name == "weights"]
    assert check.passed
    assert check.largest_difference == 0.0
    assert "weights from trained.keras for 4 of 4 layers; equal bit for bit" in check.detail
    found = to_keras(drawn())
    if format_id == "weights":
        found.load_weights(tmp_path / f"export{suffix}")
    else:
        found = keras.models.load_model(tmp_path / f"export{suffix}")
    assert_equal_weights(found, keras.models.load_model(tmp_path / "trained.keras"))


def test_a_file_with_other_weights_is_not_what_was_drawn(tmp_path: Path) -> None:
    design = carrying(tmp_path)
    export(drawn(), "keras", tmp_path / "fresh.keras")
    receipt = prove(design, tmp_path / "fresh.keras")
    assert [check.name for check in receipt.checks if not check.passed] == ["weights"]


def test_exported_code_says_how_to_load_the_weights(tmp_path: Path) -> None:
    code = python_code(carrying(tmp_path))
    assert 'model.load_weights("tiny.weights.h5")' in code
    compile(code, "exported.py", "exec")
    assert "load_weights" not in python_code(drawn())


def test_training_starts_from_the_weights_and_frozen_blocks_keep_every_bit(tmp_path: Path) -> None:
    import keras

    design = carrying(tmp_path)
    design, _ = design.apply({"nodes": {design.node("stem").id: {"frozen": True}}})
    run = start_run(design, "digits", epochs=1, batch_size=64, folder=tmp_path / "run")
    assert run.wait().state == "finished"
    before, after = to_keras(design), keras.models.load_model(run.model_path)
    assert_equal_weights(before, after, "stem", "stem_bn")
    assert np.abs(values(before, "head")[0] - values(after, "head")[0]).max() > 0
    assert np.abs(values(before, "head")[0] - values(after, "head")[0]).mean() < 0.2


def test_training_may_start_fresh_instead(tmp_path: Path) -> None:
    import keras

    design, _ = carrying(tmp_path).apply({"nodes": {"mid": {"frozen": True}}})
    run = start_run(design, "digits", epochs=1, start_from_weights=False, folder=tmp_path / "run")
    assert run.wait().state == "finished"
    after = keras.models.load_model(run.model_path)
    assert values(after, "mid")[0].min() < 0  # the carried ones are all above 0.2


def test_the_weights_of_a_run_can_be_carried_on(tmp_path: Path) -> None:
    import keras

    run = start_run(drawn(), "digits", epochs=1, folder=tmp_path / "run")
    run.wait()
    design = with_weights_of(drawn(), run.model_as(".keras"), source="a run")
    assert_equal_weights(to_keras(design), keras.models.load_model(run.model_path))


def test_before_a_start_one_is_told_which_layers_start_fresh(tmp_path: Path) -> None:
    design, _ = carrying(tmp_path).apply({"nodes": {"mid": {"params": {"filters": 7}}}})
    fresh = TrainingSettings(start_from_weights=False)
    told = [str(p) for p in training_problems(design, "digits", TrainingSettings(), "cpu")]
    assert any("2 of 4 layers still fit" in sentence for sentence in told)
    told = [str(p) for p in training_problems(design, "digits", fresh, "cpu")]
    assert not any("still fit" in sentence for sentence in told)


def test_an_import_on_the_command_line_brings_the_weights(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    carrying(tmp_path)
    target = tmp_path / "design.json"
    source = str(tmp_path / "trained.keras")
    assert main(["import", source, "-o", str(target), "--weights"]) == 0
    assert "weights from trained.keras for 4 of 4 layers" in capsys.readouterr().out
    data = json.loads(target.read_text())
    assert data["version"] == 2
    assert data["weights"]["layers"] == 4
    assert main(["summary", str(target)]) == 0
    assert "weights from trained.keras for 4 of 4 layers" in capsys.readouterr().out


def test_a_template_takes_the_weights_of_a_file_named_after_weights(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "design.json"
    assert main(["import", "lenet5", "-o", str(target), "--weights"]) == 2
    assert "name a file of them" in capsys.readouterr().err
    export(Design.from_json(drawn().to_json()), "weights", tmp_path / "tiny.weights.h5")
    assert main(["import", "lenet5", "-o", str(target), "--weights", str(tmp_path)]) == 2
    assert "there is no such file" in capsys.readouterr().err
    weights = str(tmp_path / "tiny.weights.h5")
    (tmp_path / "drawn.json").write_text(json.dumps(drawn().to_json()))
    source = str(tmp_path / "drawn.json")
    assert main(["import", source, "-o", str(target), "--weights", weights]) == 0
    assert "weights from tiny.weights.h5 for 4 of 4 layers" in capsys.readouterr().out
    assert main(["import", "lenet5", "-o", str(target), "--weights", source]) == 2
    assert "weights are read from .keras" in capsys.readouterr().err


def test_weights_are_set_and_taken_back_by_an_edit(tmp_path: Path) -> None:
    design = carrying(tmp_path)
    without, inverse = design.apply({"weights": None})
    assert without.weights is None
    assert without.to_json()["version"] == 1
    assert without.apply(inverse)[0] == design
    assert analyze(without).graph.hash == analyze(design).graph.hash


def renamed(design: Design, before: str, after: str) -> Design:
    return design.apply({"nodes": {design.node(before).id: {"name": after}}})[0]


def test_a_renamed_block_keeps_its_weights_in_a_design_file_too(tmp_path: Path) -> None:
    design = renamed(renamed(carrying(tmp_path), "stem", "entry"), "entry", "first")
    design = read(json.dumps(design.to_json()))
    fit = weights_fit(design, analyze(design).graph)
    assert fit
    assert fit.sentence() == "weights from trained.keras for 4 of 4 layers"
    model, trained = to_keras(design), to_keras(carrying(tmp_path))
    for mine, theirs in zip(model.weights, trained.weights, strict=True):
        np.testing.assert_array_equal(np.asarray(mine), np.asarray(theirs))


def test_another_block_under_the_name_of_before_starts_fresh(tmp_path: Path) -> None:
    design = renamed(carrying(tmp_path), "mid", "second").add("mid", Conv(6), after="second")
    fit = weights_fit(design, analyze(design).graph)
    assert fit
    assert fit.layers["second"] == "mid"
    assert "mid" not in fit.layers


def test_two_blocks_that_swap_their_names_keep_their_weights(tmp_path: Path) -> None:
    design = carrying(tmp_path)
    for before, after in (("stem", "other"), ("mid", "stem"), ("other", "mid")):
        design = renamed(design, before, after)
    fit = weights_fit(design, analyze(design).graph)
    assert fit
    assert (fit.layers["stem"], fit.layers["mid"]) == ("mid", "stem")


def test_a_block_renamed_to_what_the_file_calls_it_takes_the_weights(tmp_path: Path) -> None:
    carried = carrying(tmp_path).weights
    assert carried
    design = renamed(drawn(), "mid", "waiting").apply({"weights": carried.to_json()})[0]
    design = renamed(design, "waiting", "mid")
    fit = weights_fit(design, analyze(design).graph)
    assert fit
    assert len(fit.layers) == fit.wanted


@pytest.mark.parametrize("wrong", [[], {"n": 1}, {"n": "x" * 201}])
def test_renamed_blocks_that_are_none_are_refused(wrong: object) -> None:
    said = {"id": "a" * 64, "source": "a", "layers": 1, "renamed": wrong}
    with pytest.raises(EditError, match="the renamed blocks of weights must"):
        drawn().apply({"weights": said})
