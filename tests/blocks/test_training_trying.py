"""Trying a trained network: judged, asked about a sample, looked into, as Keras would answer."""

from pathlib import Path

import numpy as np
import pytest

from blocks import (
    Classifier,
    Conv,
    Design,
    Image,
    JobError,
    Run,
    RunError,
    TrainingSettings,
    ask,
    evaluate,
    start_run,
)
from blocks.training.data import load
from blocks.training.own_sample import SampleError, own_sample


@pytest.fixture(scope="module")
def home_of_all(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("trying") / "home"


@pytest.fixture(autouse=True)
def own_home(home_of_all: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One home for all: a child that stays belongs to one."""
    monkeypatch.setenv("BLOCKWRIGHT_HOME", str(home_of_all))
    return home_of_all


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, home_of_all: Path) -> Run:
    folder = tmp_path_factory.mktemp("trained")
    design = Design("small").add("photo", Image(8, 8, 1)).add("stem", Conv(filters=4), "photo")
    design = design.add("head", Classifier(classes=10), "stem")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BLOCKWRIGHT_HOME", str(home_of_all))
        run = start_run(
            design,
            "digits",
            epochs=2,
            folder=folder / "run",
            test_share=0.2,
            normalisation="standardise",
        )
        assert run.wait().state == "finished"
    return run


@pytest.mark.keras
def test_the_test_part_is_judged_as_keras_does(trained: Run) -> None:
    import keras

    samples = load("digits", trained.settings)
    model = keras.models.load_model(trained.model_path)
    expected = model.evaluate(samples.x_test, samples.y_test, verbose=0, return_dict=True)
    found = evaluate(trained, "test")
    assert found.count == len(samples.x_test)
    assert found.loss == pytest.approx(expected["loss"], rel=1e-4)
    assert found.accuracy == pytest.approx(expected["accuracy"])
    assert found.confusion
    assert sum(map(sum, found.confusion.counts)) == found.count


@pytest.mark.keras
def test_a_sample_of_the_data_is_answered_and_looked_into(trained: Run) -> None:
    import keras

    samples = load("digits", trained.settings)
    model = keras.models.load_model(trained.model_path)
    answer = ask(trained, row=5, layer="stem")
    x = samples.x_validation[5:6]
    np.testing.assert_allclose(answer.probabilities, model.predict(x, verbose=0)[0], atol=1e-5)
    assert answer.label == samples.y_validation[5]
    stem = model.get_layer("stem")
    assert answer.values is not None
    assert answer.kernels is not None
    np.testing.assert_allclose(answer.values, np.asarray(stem(x))[0], atol=1e-5)
    np.testing.assert_array_equal(answer.kernels[2], stem.kernel.numpy()[..., 2])


@pytest.mark.keras
def test_a_picture_of_ones_own_is_answered_as_the_same_sample_of_the_data(
    trained: Run, tmp_path: Path
) -> None:
    from PIL import Image as Pillow

    plain = load("digits", TrainingSettings(test_share=0.2)).x_validation[7]
    path = tmp_path / "digit.png"
    Pillow.fromarray(np.round(255 * (1 - plain[..., 0])).astype(np.uint8)).save(path)
    own = ask(trained, file=path, invert=True)
    same = ask(trained, row=7)
    assert own.label is None
    np.testing.assert_allclose(own.probabilities, same.probabilities, atol=0.02)


@pytest.mark.keras
def test_what_cannot_be_tried_is_told_in_a_sentence(trained: Run, tmp_path: Path) -> None:
    with pytest.raises(JobError, match="number must be from 1 to"):
        ask(trained, row=100_000)
    with pytest.raises(RunError, match="the part must be one of"):
        evaluate(trained, "training")
    wrong = tmp_path / "letter.png"
    wrong.write_text("no picture")
    with pytest.raises(JobError, match="cannot be read"):
        ask(trained, file=wrong)


def saved(path: Path, *size: int) -> Path:
    from PIL import Image as Pillow

    Pillow.new("RGB", size, (255, 255, 255)).save(path)
    return path


def test_a_picture_is_brought_to_the_networks_size_and_channels(tmp_path: Path) -> None:
    path = saved(tmp_path / "white.png", 30, 20)
    assert own_sample(path, (8, 8, 1)).tolist() == np.ones((8, 8, 1)).tolist()
    assert not own_sample(path, (8, 8, 3), invert=True).any()
    with pytest.raises(SampleError, match="2 channels"):
        own_sample(path, (8, 8, 2))


def test_a_picture_that_is_too_large_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = saved(tmp_path / "wide.png", 10_000, 4_001)
    with pytest.raises(SampleError, match="may have 40,000,000 pixels, got 40,010,000"):
        own_sample(path, (8, 8, 1))


@pytest.mark.parametrize("text", ["1, 2, 3", "1\n2\n3\n", "1;2;3"])
def test_a_signal_is_read_from_text(tmp_path: Path, text: str) -> None:
    path = tmp_path / "signal.csv"
    path.write_text(text)
    assert own_sample(path, (5, 1)).ravel().tolist() == [1, 2, 3, 0, 0]
    assert own_sample(path, (2, 1)).ravel().tolist() == [1, 2]


@pytest.mark.parametrize("text", ["one two", "1 2\n3", "nan", ""])
def test_what_is_no_signal_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "signal.txt"
    path.write_text(text)
    with pytest.raises(SampleError, match="the signal"):
        own_sample(path, (5, 1))


def test_a_picture_of_sixteen_bits_is_refused(tmp_path: Path) -> None:
    from PIL import Image as Pillow

    path = tmp_path / "deep.png"
    Pillow.fromarray(np.full((8, 8), 300, np.uint16)).save(path)
    with pytest.raises(SampleError, match=r"more than 8 bits a value \(I;16\); save 8"):
        own_sample(path, (8, 8, 1))
