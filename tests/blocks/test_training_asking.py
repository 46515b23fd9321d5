"""Asking without waiting and without a run: children that stay, files of weights, own batches."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from blocks import (
    Classifier,
    Conv,
    Design,
    DesignError,
    Image,
    JobError,
    ReadError,
    Run,
    RunError,
    ask,
    ask_all,
    evaluate,
    export,
    given,
    start_run,
    to_keras,
)
from blocks.training.data import load
from blocks.training.own_batch import own_batch
from blocks.training.own_sample import SampleError, own_sample
from blocks.training.settings import TrainingSettings
from blocks.training.spans import Span, brought, brought_batch, span_of
from blocks.training.trying import CHILDREN

keras = pytest.mark.keras


@pytest.fixture(scope="module")
def home_of_all(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("asking") / "home"


@pytest.fixture(autouse=True)
def own_home(home_of_all: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One home for all: a child that stays belongs to one."""
    monkeypatch.setenv("BLOCKWRIGHT_HOME", str(home_of_all))
    return home_of_all


def small(filters: int = 4, **head: Any) -> Design:
    design = (
        Design("small").add("photo", Image(8, 8, 1)).add("stem", Conv(filters=filters), "photo")
    )
    return design.add("head", Classifier(**{"classes": 10, **head}), "stem")


# --- the span of one's own pictures ---


@pytest.mark.parametrize(
    ("values", "span"),
    [
        ((0, 1), (0, 1)),
        ((0.1, 0.7), (0, 1)),
        ((-1, 1), (-1, 1)),
        ((-0.3, 0.9), (-1, 1)),
        ((0, 255), (0, 255)),
        ((3, 240), (0, 255)),
        ((0, 16), (0, 16)),
        ((-2.1, 2.6), (-2.1, 2.6)),
    ],
)
def test_the_span_of_data_is_the_usual_one_they_lie_in_or_their_own(
    values: tuple[float, float], span: tuple[float, float]
) -> None:
    assert span_of(*values) == span


def test_black_and_white_stay_black_and_white() -> None:
    x = np.array([0.0, 0.5, 1.0])
    assert brought(x, Span(), Span(0, 255)).tolist() == [0, 127.5, 255]
    assert brought(x, Span(), Span(-1, 1)).tolist() == [-1, 0, 1]
    assert brought_batch(np.array([0, 255], np.uint8), Span()).tolist() == [0, 1]
    assert brought_batch(np.array([0, 255], np.uint8), Span(0, 16)).tolist() == [0, 16]
    assert brought_batch(np.array([0.0, 255.0]), Span()).tolist() == [0, 1]
    assert brought_batch(np.array([0.0, 1.0]), Span(0, 255)).tolist() == [0, 255]
    assert brought_batch(np.array([0.0, 15.0]), Span(0, 16)).tolist() == [0, 15]


def test_a_picture_is_brought_to_the_span_of_the_data(tmp_path: Path) -> None:
    from PIL import Image as Pillow

    path = tmp_path / "grey.png"
    Pillow.new("L", (8, 8), 51).save(path)
    np.testing.assert_allclose(own_sample(path, (8, 8, 1)), 0.2)
    np.testing.assert_allclose(own_sample(path, (8, 8, 1), span=Span(0, 255)), 51)
    np.testing.assert_allclose(own_sample(path, (8, 8, 1), invert=True, span=Span(0, 255)), 204)


def saved(path: Path, **arrays: Any) -> Path:
    np.savez(path, **arrays)
    return path


def test_a_batch_is_brought_to_size_channels_and_span(tmp_path: Path) -> None:
    x = np.full((5, 16, 12, 3), 255, np.uint8)
    found, labels = own_batch(saved(tmp_path / "a.npz", x=x), (8, 8, 1), Span())
    np.testing.assert_allclose(found, np.ones((5, 8, 8, 1)), rtol=1e-5)
    assert labels is None
    x, y = np.zeros((3, 8, 8), np.uint8), np.arange(3.0)
    found, labels = own_batch(saved(tmp_path / "b.npz", x=x, y=y), (8, 8, 3), Span())
    assert found.shape == (3, 8, 8, 3)
    assert labels is not None
    assert labels.tolist() == [0, 1, 2]
    x = np.ones((2, 5))
    found, _ = own_batch(saved(tmp_path / "c.npz", x=x), (7, 1), Span())
    assert found[0].ravel().tolist() == [1, 1, 1, 1, 1, 0, 0]


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        ({"z": np.zeros(3)}, r"it must hold the array x \(samples\), got 'z'"),
        ({"x": np.zeros((3, 8, 8, 2))}, "pictures must have 1 channels, got 2"),
        ({"x": np.zeros((3, 8))}, "x must be samples of 8x8x1"),
        ({"x": np.full((3, 8, 8, 1), np.nan)}, "finite numbers"),
        ({"x": np.zeros((1_001, 8, 8, 1), np.uint8)}, "up to 1,000 samples .* got 1,001"),
        ({"x": np.array([[{}]])}, "plain numbers"),
    ],
)
def test_what_is_no_batch_is_refused(tmp_path: Path, arrays: dict[str, Any], sentence: str) -> None:
    path = tmp_path / "batch.npz"
    np.savez(path, allow_pickle=True, **arrays)
    with pytest.raises(SampleError, match=sentence):
        own_batch(path, (8, 8, 1), Span())


def test_a_text_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "batch.npz"
    path.write_text("no archive")
    with pytest.raises(SampleError, match="the samples cannot be read"):
        own_batch(path, (8, 8, 1), Span())


# --- a run's network, in a child that stays ---


@pytest.fixture(scope="module")
def of_bytes(tmp_path_factory: pytest.TempPathFactory, home_of_all: Path) -> Run:
    """A run on digits saved as floats from 0 to 255."""
    folder = tmp_path_factory.mktemp("bytes")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BLOCKWRIGHT_HOME", str(home_of_all))
        plain = load("digits", TrainingSettings())
        data = saved(folder / "digits.npz", x=np.round(255 * plain.x), y=plain.y)
        run = start_run(small(), str(data), epochs=2, folder=folder / "run")
        assert run.wait().state == "finished"
    return run


@keras
def test_own_pictures_are_judged_on_the_scale_of_the_training_data(
    of_bytes: Run, tmp_path: Path
) -> None:
    from PIL import Image as Pillow

    samples = load(of_bytes.data, of_bytes.settings)
    assert samples.x.max() == 255
    path = tmp_path / "digit.png"
    Pillow.fromarray(samples.x_validation[3][..., 0].astype(np.uint8)).save(path)
    expected = ask(of_bytes, row=3).probabilities
    np.testing.assert_allclose(ask(of_bytes, file=path).probabilities, expected, atol=1e-5)
    raw = samples.x_validation[:9]
    for x in (raw, raw.astype(np.uint8), raw / 255):
        path = saved(tmp_path / "batch.npz", x=x, y=samples.y_validation[:9])
        answers = ask_all(of_bytes, path)
        assert [one.label for one in answers] == samples.y_validation[:9].tolist()
        np.testing.assert_allclose(answers[3].probabilities, expected, atol=1e-5)


@keras
def test_the_second_question_is_answered_by_the_child_of_the_first(of_bytes: Run) -> None:
    ask(of_bytes, row=0)
    pids = {child.pid for child in CHILDREN.alive}
    last, best = ask(of_bytes, row=0), ask(of_bytes, row=0, best=True)
    again = ask(of_bytes, row=0)
    evaluate(of_bytes, "validation")
    assert {child.pid for child in CHILDREN.alive} == pids
    assert again.probabilities == last.probabilities
    if of_bytes.best_epoch != 2:
        assert best.probabilities != last.probabilities


def test_asking_imports_no_tensorflow_here() -> None:
    code = "import sys; from blocks import ask, ask_all, given; sys.exit('keras' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


# --- weights without a run ---


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same weights as .keras, .h5 and .weights.h5, and under Keras' own layer names."""
    import keras as k

    folder = tmp_path_factory.mktemp("files")
    k.utils.set_random_seed(5)
    model = to_keras(small())
    for suffix in ("keras", "h5", "weights.h5"):
        save = model.save_weights if suffix == "weights.h5" else model.save
        save(folder / f"small.{suffix}")
    inputs = k.Input((8, 8, 1))
    x = inputs
    for layer in model.layers[1:]:
        config = {name: v for name, v in layer.get_config().items() if name != "name"}
        x = type(layer).from_config(config)(x)
    plain = k.Model(inputs, x)
    plain.set_weights(model.get_weights())
    plain.save(folder / "plain.keras")
    return folder


@keras
@pytest.mark.parametrize("name", ["small.keras", "small.h5", "small.weights.h5", "plain.keras"])
def test_weights_of_a_file_are_judged_and_asked_as_keras_does(files: Path, name: str) -> None:
    import keras as k

    model = k.models.load_model(files / "small.keras")
    network = given(small(), files / name, "digits", test_share=0.2)
    samples = load("digits", network.settings)
    told = model.predict(samples.x_validation, verbose=0)
    answer = ask(network, row=4)
    np.testing.assert_allclose(answer.probabilities, told[4], atol=1e-5)
    assert answer.label == samples.y_validation[4]
    found = evaluate(network, "validation")
    assert found.count == len(told)
    assert found.accuracy == pytest.approx(
        float((told.argmax(axis=1) == samples.y_validation).mean())
    )
    assert evaluate(network, "all").count == 1797


@keras
@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        (small(filters=8), r"stem \(Conv2D\) has filters 8 in the design and 4 in the file"),
        (small(classes=4), r"head \(Dense\) has units 4 in the design and 10 in the file"),
        (
            small().add("more", Conv(filters=4), "photo"),
            r"the design goes on with more \(Conv2D\), the file ends before",
        ),
    ],
)
def test_another_structure_is_refused_with_its_first_difference(
    files: Path, other: Design, sentence: str
) -> None:
    for name in ("small.keras", "small.h5"):
        with pytest.raises(ReadError, match=f"^{name}: it is another network: {sentence}$"):
            given(other, files / name)


@keras
def test_weights_alone_of_another_network_are_refused_by_name_and_shape(
    files: Path, tmp_path: Path
) -> None:
    path = files / "small.weights.h5"
    with pytest.raises(ReadError, match=r"stem: its kernel has the shape .*8\) in the design"):
        given(small(filters=8), path)
    renamed, _ = small().apply({"nodes": {small().node("stem").id: {"name": "other"}}})
    with pytest.raises(ReadError, match=r"has no weights for other \(Conv2D\)"):
        given(renamed, path)
    larger = small().add("more", Conv(filters=4), "photo")
    to_keras(larger).save_weights(tmp_path / "larger.weights.h5")
    with pytest.raises(ReadError, match="it has weights for 'more', which the design does not"):
        given(small(), tmp_path / "larger.weights.h5")


@keras
def test_weights_and_data_that_do_not_fit_are_refused_before_anything_is_built(
    files: Path, tmp_path: Path
) -> None:
    with pytest.raises(DesignError, match="it takes an image of shape 8x8x1"):
        given(small(), files / "small.h5", "ecg")
    with pytest.raises(RunError, match="the part must be one of validation, test, all"):
        evaluate(given(small(), files / "small.h5"), "some")
    with pytest.raises(JobError, match="the data have no test part"):
        evaluate(given(small(), files / "small.h5"), "test")
    drawn = tmp_path / "small.json"
    export(small(), "json", drawn)
    with pytest.raises(ReadError):
        given(small(), drawn)
