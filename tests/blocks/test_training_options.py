"""Options of a run: each against what Keras or arithmetic says, all of them inside exact resume."""

import math
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from blocks import Classifier, Conv, Dense, Design, Flatten, Image, Run, TrainingSettings, start_run
from blocks.training.augmenting import augmented, moved
from blocks.training.data import load
from blocks.training.schedule import learning_rate_at

NOTHING: dict[str, Any] = {"flip": False, "shift": 0, "rotate": 0, "noise": 0, "scale": 0}


def rates(**settings: Any) -> list[float]:
    usual = TrainingSettings().values() | settings
    names = ("schedule", "warmup_epochs", "step_epochs", "step_factor")
    chosen = {name: usual[name] for name in names}
    return [
        learning_rate_at(step, steps=40, per_epoch=10, rate=0.1, **chosen) for step in range(40)
    ]


@pytest.mark.keras
def test_the_cosine_is_that_of_keras() -> None:
    import keras

    theirs = keras.optimizers.schedules.CosineDecay(0.1, 40)
    np.testing.assert_allclose(rates(schedule="cosine"), [theirs(s) for s in range(40)], rtol=1e-4)


def test_steps_warm_up_and_a_constant_rate_are_what_they_say() -> None:
    assert rates() == [0.1] * 40
    stepped = rates(schedule="step", step_epochs=2, step_factor=0.5)
    assert stepped == [0.1] * 20 + [0.05] * 20
    warm = rates(warmup_epochs=0.5)
    assert warm[5:] == [0.1] * 35
    np.testing.assert_allclose(np.diff(warm[:6]), 0.1 / 6)


def test_samples_are_varied_as_the_settings_say() -> None:
    x = np.random.default_rng(1).random((40, 9, 9, 1), dtype=np.float32)
    generator = np.random.default_rng(2)
    assert (augmented(x, generator, **NOTHING) == x).all()
    flipped = augmented(x, generator, **NOTHING | {"flip": True})
    same = (flipped == x).all((1, 2, 3))
    mirrored = (flipped == x[:, :, ::-1]).all((1, 2, 3))
    assert (same | mirrored).all()
    assert 8 < mirrored.sum() < 32
    noisy = augmented(x, generator, **NOTHING | {"noise": 0.5})
    assert (noisy - x).std() == pytest.approx(0.5, rel=0.1)
    factors = (augmented(x, generator, **NOTHING | {"scale": 0.2}) / x).reshape(40, -1)
    assert np.ptp(factors, axis=1).max() < 1e-5
    assert (np.abs(factors[:, 0] - 1) <= 0.2).all()


def test_a_quarter_turn_and_whole_shifts_move_pixels_as_numpy_does() -> None:
    x = np.random.default_rng(1).random((2, 5, 5, 3), dtype=np.float32)
    still = np.zeros((2, 2))
    turned = moved(x, np.full(2, math.pi / 2), still)
    ways = [np.rot90(x, turns, axes=(1, 2)) for turns in (1, 3)]
    assert any(np.allclose(turned, way, atol=1e-5) for way in ways)
    down = moved(x, np.zeros(2), np.array([[0.2, 0.2], [0, 0]]))
    np.testing.assert_allclose(down[:, 1:], x[:, :-1], atol=1e-5)
    np.testing.assert_allclose(down[:, 0], x[:, 0], atol=1e-5)


def test_signals_are_moved_with_their_edges_repeated() -> None:
    x = np.arange(20, dtype=np.float32).reshape(1, 20, 1)
    seen = {
        tuple(augmented(x, np.random.default_rng(seed), **NOTHING | {"shift": 0.2})[0, :, 0])
        for seed in range(40)
    }
    expected = {tuple(np.clip(np.arange(20.0) - by, 0, 19)) for by in range(-4, 5)}
    assert seen <= expected
    assert len(seen) > 5


def test_values_are_normalised_by_the_training_part_alone() -> None:
    even = load("digits", TrainingSettings(normalisation="standardise", test_share=0.1))
    assert even.x.mean() == pytest.approx(0, abs=1e-4)
    assert even.x.std() == pytest.approx(1, abs=1e-4)
    plain = load("digits", TrainingSettings(test_share=0.1))
    expected = (plain.x_test - plain.x.mean()) / plain.x.std()
    np.testing.assert_allclose(even.x_test, expected, atol=1e-5)
    ecg = load("ecg", TrainingSettings(normalisation="0 to 1"))
    assert (ecg.x.min(), ecg.x.max()) == (0, pytest.approx(1))


def tiny(**head: Any) -> Design:
    return (
        Design("tiny")
        .add("photo", Image(8, 8, 1))
        .add("stem", Conv(filters=4, batch_norm=True), after="photo")
        .add("head", Classifier(**{"classes": 10, "pooling": "flatten", **head}), after="stem")
    )


def finished(run: Run) -> Run:
    assert run.wait().state == "finished", run.status().message
    return run


@pytest.mark.keras
def test_a_run_with_every_option_goes_on_as_if_it_had_not_been_stopped() -> None:
    options: dict[str, Any] = {
        "epochs": 3,
        "schedule": "cosine",
        "warmup_epochs": 0.5,
        "weight_decay": 0.01,
        "label_smoothing": 0.1,
        "normalisation": "standardise",
        "flip": True,
        "shift": 0.1,
        "rotate": 10.0,
        "noise": 0.1,
        "patience": 3,
    }
    whole = finished(start_run(tiny(), "digits", **options))
    broken = start_run(tiny(), "digits", **options)
    while not broken.metrics().steps and broken.status().alive:
        time.sleep(0.01)
    broken.stop()
    broken.wait()
    if broken.can_resume:
        broken.resume()
    finished(broken)
    losses = [[step.loss for step in run.metrics().steps] for run in (whole, broken)]
    assert losses[0] == losses[1]
    assert whole.metrics().epochs[-1].val_loss == broken.metrics().epochs[-1].val_loss
    assert whole.best_epoch == broken.best_epoch


@pytest.mark.keras
def test_training_stops_early_and_keeps_the_best_epoch(tmp_path: Path) -> None:
    import keras

    run = finished(
        start_run(
            tiny(), "digits", epochs=200, learning_rate=0.05, patience=2, folder=tmp_path / "r"
        )
    )
    losses = [epoch.val_loss for epoch in run.metrics().epochs]
    best = int(np.argmin(losses)) + 1
    assert len(losses) == best + 2 < 200
    assert run.best_epoch == best
    assert run.status().message == (
        f"stopped early after epoch {best + 2}: validation was best after epoch {best}"
    )
    model = keras.models.load_model(run.model_as(".keras", best=True))
    samples = load("digits", run.settings)
    figures = model.evaluate(
        samples.x_validation, samples.y_validation, verbose=0, return_dict=True
    )
    assert figures["loss"] == pytest.approx(losses[best - 1], rel=1e-4)


@pytest.mark.keras
def test_a_time_budget_ends_a_run_with_figures_and_a_model() -> None:
    run = finished(start_run(tiny(), "digits", epochs=100_000, minutes=0.05))
    assert "the time budget of 0.05 min was used up in epoch" in run.status().message
    assert run.metrics().epochs
    assert run.model_path.exists()


@pytest.mark.keras
@pytest.mark.parametrize("task", ["regression", "several labels"])
def test_numbers_and_several_labels_are_learned(task: str, tmp_path: Path) -> None:
    generator = np.random.default_rng(1)
    x = generator.normal(size=(400, 4, 1)).astype(np.float32)
    y = x[:, :2, 0] * 2 if task == "regression" else (x[:, :2, 0] > 0).astype(np.int64)
    np.savez(tmp_path / "own.npz", x=x, y=y)
    from blocks import Signal

    activation = "linear" if task == "regression" else "sigmoid"
    design = Design().add("wave", Signal(4, 1)).add("flat", Flatten(), after="wave")
    design = design.add("head", Dense(units=2, activation=activation), after="flat")
    data = str(tmp_path / "own.npz")
    run = finished(start_run(design, data, task=task, epochs=30, learning_rate=0.05))
    last = run.metrics().epochs[-1]
    if task == "regression":
        assert run.metrics().facts["measure"] == "mean absolute error"
        assert last.val_accuracy < 0.1  # the mean absolute error of numbers about 2
        assert last.val_loss < 0.02
    else:
        assert last.val_accuracy > 0.9


@pytest.mark.keras
def test_bfloat16_learns_with_weights_and_predictions_in_float32() -> None:
    import keras

    run = finished(start_run(tiny(), "digits", epochs=2, precision="bfloat16"))
    assert run.metrics().epochs[-1].val_accuracy > 0.4
    model = keras.models.load_model(run.model_path)
    assert model.get_layer("stem").compute_dtype == "bfloat16"
    assert {weight.dtype for weight in model.trainable_weights} == {"float32"}
    assert model.get_layer("head").compute_dtype == "float32"


def test_settings_that_break_a_rule_are_all_named() -> None:
    settings = TrainingSettings(schedule="zigzag", patience=0, height=8, task="art", flip=1)  # type: ignore[arg-type]
    assert list(settings.problems()) == [
        "task must be one of classes, several labels, regression, got 'art'",
        "flip must be true or false, got 1",
        "schedule must be one of constant, cosine, step, got 'zigzag'",
        "patience must be an integer from 1 to 100000 or none, got 0",
        "height and width must be given together to resize pictures, got only one",
    ]
