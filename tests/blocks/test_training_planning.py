"""The training script and the measurement from the shell, without a run."""

import json
from pathlib import Path

import pytest

from blocks import Run, template
from blocks.__main__ import main
from blocks.training.folders import create
from blocks.training.script import training_script
from blocks.training.settings import TrainingSettings
from blocks.training.start import versions
from blocks.training.unstarted import unstarted


@pytest.fixture
def trained() -> Run:
    """The folder of a run as it is when it starts."""
    settings = TrainingSettings(epochs=3, seed=7)
    about = {"data": "digits", "settings": settings.values(), "versions": versions("auto")}
    return create(template("digits"), about, None)


def test_the_script_of_a_source_is_that_of_a_run_with_the_same_settings(
    trained: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "train.py"
    call = ["script", "digits", "--data", "digits", "--epochs", "3", "--seed", "7"]
    assert main([*call, "-o", str(path)]) == 0
    assert path.read_text("utf-8") == training_script(trained)
    assert "EPOCHS = 3" in path.read_text("utf-8")
    (trained.folder / "status.json").write_text('{"state": "finished"}')
    for source in (str(trained.folder), trained.id):
        capsys.readouterr()
        assert main(["script", source]) == 0
        assert capsys.readouterr().out == training_script(trained)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (["script", "digits"], "it needs --data NAME_OR_PATH; digits works anywhere"),
        (["script", "nothing", "--data", "digits"], "there is no file and no template"),
        (["script", "."], "holds no run; give the folder that --run named"),
        (["script", "vgg16", "--data", "digits"], "it takes an image of shape 224x224x3"),
        (["script", "digits", "--data", "digits", "--epochs", "0"], "epochs must be"),
        (["measure", "digits", "--data", "nowhere"], "data must be one of digits"),
        (["measure", "digits"], "it needs --data"),
        (["measure", "digits", "--data", "digits", "--device", "gpu:77"], "gpu:77"),
        (["measure"], "the following arguments are required: SOURCE"),
    ],
)
def test_a_wrong_call_is_a_sentence_and_exit_2(
    call: list[str],
    sentence: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    try:
        code = main(call)
    except SystemExit as ended:
        code = int(str(ended.code))
    said = capsys.readouterr()
    assert code == 2
    assert sentence in said.err
    assert "Traceback" not in said.err
    assert said.out == ""


@pytest.mark.keras
def test_what_a_run_will_take_is_measured_from_the_shell(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["measure", "digits", "--data", "digits", "--batch-size", "16", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["measured"] is True
    assert 0 < found["step_seconds"] < found["first_seconds"]
    assert found["bytes"] > 100_000_000


@pytest.mark.keras
def test_weights_that_a_script_starts_from_are_written_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import keras
    import numpy as np

    from blocks import to_keras, with_weights_of

    model = to_keras(template("digits"))
    model.save_weights(tmp_path / "own.weights.h5")
    carrying = with_weights_of(template("digits"), tmp_path / "own.weights.h5")
    source, path = tmp_path / "carrying.json", tmp_path / "train.py"
    source.write_text(json.dumps(carrying.to_json()))
    assert unstarted(carrying).starts_from_weights
    assert main(["script", str(source), "--data", "digits", "-o", str(path)]) == 0
    keras.utils.set_random_seed(99)
    other = to_keras(template("digits"))
    other.load_weights(tmp_path / "start.weights.h5")
    for one, same in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(one, same)
    assert main(["script", str(source), "--data", "digits"]) == 0
    assert "it starts from start.weights.h5; -o FILE writes both" in capsys.readouterr().err
