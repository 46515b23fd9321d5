"""Runs as processes and folders: what they learn, how they stop, and what survives a kill."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from blocks import (
    Classifier,
    Conv,
    Dense,
    Design,
    Dropout,
    Flatten,
    Image,
    Run,
    RunError,
    TrainingSettings,
    runs,
    start_run,
)
from blocks.training import queue
from blocks.training.data import load
from blocks.training.runner import how_it_ended

pytestmark = pytest.mark.keras

ROOT = Path(__file__).parent.parent.parent
FOREVER = 100_000


def tiny(**head: Any) -> Design:
    """A network with everything that carries state: dropout's random numbers, batch norm."""
    return (
        Design("tiny")
        .add("photo", Image(8, 8, 1))
        .add("stem", Conv(filters=8, batch_norm=True), after="photo")
        .add("drop", Dropout(rate=0.2), after="stem")
        .add("head", Classifier(**{"classes": 10, "pooling": "flatten", **head}), after="drop")
    )


def until(condition: Callable[[], object]) -> None:
    """Wait for something that is bound to happen."""
    while not condition():
        time.sleep(0.01)


def ended(run: Run) -> str:
    """Wait for a run's end and return its state."""
    return run.wait().state


def state_of(run: Run) -> list[np.ndarray]:
    """Every variable of a run's model and optimizer at its last checkpoint."""
    with np.load(run.checkpoint_path) as data:
        return [data[name] for name in data.files if name != "about"]


def assert_same_state(run: Run, other: Run) -> None:
    pairs = list(zip(state_of(run), state_of(other), strict=True))
    assert len(pairs) > 10
    for mine, theirs in pairs:
        np.testing.assert_array_equal(mine, theirs)


def assert_model_is_of_the_checkpoint(run: Run) -> None:
    import keras

    model = keras.models.load_model(run.model_as(".keras"))
    kernel = model.get_layer("head").kernel.numpy()
    assert any(np.array_equal(kernel, value) for value in state_of(run))


def processes(run: Run, module: str) -> list[psutil.Process]:
    """The processes of a run, by what they run."""
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if {f"blocks.training.{module}", str(run.folder)} <= set(process.info["cmdline"] or ())
    ]


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Three epochs without a break, for the others to be compared with."""
    folder = tmp_path_factory.mktemp("uninterrupted")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BLOCKWRIGHT_HOME", str(folder / "home"))
        run = start_run(tiny(), "digits", epochs=3, folder=folder / "run")
        assert ended(run) == "finished"
    return run


def test_two_epochs_on_digits_learn(uninterrupted: Run) -> None:
    first, second, _ = uninterrupted.metrics().epochs
    assert second.loss < first.loss
    assert second.val_accuracy > max(first.val_accuracy, 0.5)


def test_the_saved_model_is_as_good_as_the_record_says(uninterrupted: Run) -> None:
    import keras

    model = keras.models.load_model(uninterrupted.model_path)
    samples = load("digits", TrainingSettings())
    figures = model.evaluate(
        samples.x_validation, samples.y_validation, verbose=0, return_dict=True
    )
    last = uninterrupted.metrics().epochs[-1]
    assert figures["accuracy"] == pytest.approx(last.val_accuracy)
    assert figures["loss"] == pytest.approx(last.val_loss, rel=1e-4)


def test_every_step_is_recorded_and_an_epoch_is_their_mean(uninterrupted: Run) -> None:
    metrics = uninterrupted.metrics()
    assert [step.step for step in metrics.steps] == list(range(1, 3 * 44 + 1))
    for epoch in metrics.epochs:
        losses = [step.loss for step in metrics.steps if step.epoch == epoch.epoch]
        assert epoch.loss == pytest.approx(np.mean(losses))
    progress = uninterrupted.progress()
    assert (progress.fraction, progress.epochs_done) == (1.0, 3)


def test_the_same_training_written_by_hand_gives_the_same_losses(uninterrupted: Run) -> None:
    import keras

    from blocks import to_keras
    from blocks.training.splitting import sample_order

    keras.utils.set_random_seed(1)
    model = to_keras(tiny())
    model.compile(keras.optimizers.Adam(0.001), "sparse_categorical_crossentropy")
    samples = load("digits", TrainingSettings())
    order = sample_order(1, 0, len(samples.x))
    losses = [
        float(model.train_on_batch(samples.x[rows], samples.y[rows]))
        for rows in np.split(order[: 44 * 32], 44)
    ]
    recorded = [step.loss for step in uninterrupted.metrics().steps[:44]]
    np.testing.assert_allclose(recorded, losses, rtol=1e-5)


def test_a_run_that_was_stopped_goes_on_as_if_it_had_not_been(uninterrupted: Run) -> None:
    run = start_run(tiny(), "digits", epochs=3)
    until(lambda: run.metrics().steps)
    run.stop()
    assert ended(run) == "stopped"
    assert run.model_path.exists()
    assert len(run.metrics().steps) < 3 * 44
    assert ended(run.resume()) == "finished"
    assert_same_state(run, uninterrupted)
    assert [s.loss for s in run.metrics().steps] == [s.loss for s in uninterrupted.metrics().steps]


def test_stop_ends_training_within_one_step_and_keeps_the_weights_of_it() -> None:
    run = start_run(tiny(), "digits", epochs=FOREVER)
    until(lambda: len(run.metrics().steps) > 10)
    run.stop()
    assert ended(run) == "stopped"
    last = run.metrics().steps[-1].step
    assert f"stopped after step {last:,} of" in run.status().message
    with np.load(run.checkpoint_path) as data:
        assert f'"epoch": {last // 44}, "step": {last % 44}' in str(data["about"]) or last % 44 == 0


def test_a_run_that_was_stopped_before_it_began_starts_anew(uninterrupted: Run) -> None:
    run = start_run(tiny(), "digits", epochs=3)
    run.stop()
    assert ended(run) == "stopped"
    assert not run.metrics().steps
    assert ended(run.resume()) == "finished"
    assert_same_state(run, uninterrupted)


def test_a_stopped_run_says_whether_it_left_a_checkpoint(tmp_path: Path) -> None:
    run = Run(tmp_path)
    (tmp_path / "stop").touch()
    assert how_it_ended(run, -15) == (
        "stopped",
        "it was stopped before its first epoch ended; there is nothing to keep",
    )
    run.checkpoint_path.touch()
    assert how_it_ended(run, -9)[1].endswith("the last checkpoint is kept")


def test_stop_while_the_first_step_is_prepared_keeps_the_first_weights() -> None:
    run = start_run(tiny(), "digits", epochs=FOREVER)
    until(lambda: run.progress().phase == "preparing the first step" or run.metrics().steps)
    run.stop()
    assert ended(run) == "stopped"
    assert run.model_path.exists()
    assert run.can_resume


def test_a_run_outlives_a_kill_of_whoever_started_it(uninterrupted: Run, tmp_path: Path) -> None:
    code = (
        "import sys, time\n"
        "from blocks import read, start_run\n"
        "run = start_run(read(sys.argv[1]), 'digits', epochs=3)\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)\n"
        "print(run.folder, flush=True)\n"
        "time.sleep(1000)\n"
    )
    design = tmp_path / "design.json"
    design.write_text((uninterrupted.folder / "design.json").read_text())
    starter = subprocess.Popen(
        [sys.executable, "-c", code, str(design)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert starter.stdout
    run = Run(Path(starter.stdout.readline().strip()))
    starter.kill()
    starter.communicate()
    assert run.status().alive
    assert ended(run) == "finished"
    assert_same_state(run, uninterrupted)
    assert runs() == [run]


def test_a_kill_of_the_training_process_is_told_with_its_last_words(uninterrupted: Run) -> None:
    run = start_run(tiny(), "digits", epochs=FOREVER)
    until(lambda: len(run.metrics().epochs) >= 3)
    (worker,) = processes(run, "worker")
    seen = run.metrics().steps
    worker.kill()
    assert ended(run) == "failed"
    assert "was killed" in run.status().message
    assert "its last words: epoch " in run.status().message
    assert run.metrics().steps[: len(seen)] == seen
    until(lambda: not processes(run, "runner"))
    assert_model_is_of_the_checkpoint(run)
    assert ended(run.resume(epochs=run.metrics().epochs[-1].epoch + 1)) == "finished"
    losses = [step.loss for step in run.metrics().steps]
    assert losses[: 3 * 44] == [step.loss for step in uninterrupted.metrics().steps]
    assert len(losses) == 44 * run.metrics().epochs[-1].epoch


def test_a_kill_of_the_runner_ends_training_and_frees_the_device() -> None:
    run = start_run(tiny(), "digits", epochs=FOREVER)
    until(lambda: run.metrics().steps)
    (runner,) = processes(run, "runner")
    runner.kill()
    until(lambda: not queue.is_claimed(queue.line_of("cpu") / "device.lock"))
    assert not processes(run, "worker")
    assert run.status().state == "stopped"
    assert run.can_resume
    assert queue.waiting("cpu") == []


def test_runs_on_one_device_wait_for_each_other() -> None:
    first = start_run(tiny(), "digits", epochs=FOREVER)
    until(lambda: first.metrics().steps)
    second, third = (start_run(tiny(), "digits", epochs=1) for _ in range(2))
    until(lambda: third.status().place == 2)
    assert (second.status().state, second.status().place) == ("queued", 1)
    third.stop()
    assert ended(third) == "stopped"
    assert not third.metrics().steps
    with pytest.raises(RunError, match="is queued; stop it before deleting it"):
        second.delete()
    with pytest.raises(RunError, match="is running; stop it to take its model"):
        first.model_as(".h5")
    first.stop()
    assert ended(first) == "stopped"
    assert ended(second) == "finished"
    second.delete()
    assert set(runs()) == {first, third}


def test_a_loss_that_is_no_number_ends_with_a_sentence_and_good_weights() -> None:
    design = (
        Design("wild")
        .add("photo", Image(8, 8, 1))
        .add("flat", Flatten(), after="photo")
        .add("wide", Dense(units=64, activation="linear"), after="flat")
        .add("head", Dense(units=10, activation="linear"), after="wide")
    )
    run = start_run(design, "digits", epochs=50, learning_rate=10, optimizer="sgd")
    assert ended(run) == "failed"
    assert "lower the learning rate (it was 10)" in run.status().message
    assert all(np.isfinite(value).all() for value in state_of(run))
    assert run.model_path.exists()


@pytest.mark.parametrize(("activation", "optimizer"), [("sigmoid", "adamw"), ("linear", "rmsprop")])
def test_sigmoid_and_raw_scores_learn_too(activation: str, optimizer: str) -> None:
    run = start_run(tiny(activation=activation), "digits", epochs=2, optimizer=optimizer)
    assert ended(run) == "finished"
    assert run.metrics().epochs[-1].val_accuracy > 0.5


def test_a_finished_run_is_trained_on_only_towards_a_larger_goal(uninterrupted: Run) -> None:
    with pytest.raises(RunError, match="has finished its 3 epochs"):
        uninterrupted.resume()
    with pytest.raises(RunError, match="epochs must be an integer from 1"):
        uninterrupted.resume(epochs=0)


def test_a_damaged_checkpoint_is_told_and_left_alone() -> None:
    run = start_run(tiny(), "digits", epochs=1)
    assert ended(run) == "finished"
    run.checkpoint_path.write_bytes(b"PK broken")
    assert ended(run.resume(epochs=2)) == "failed"
    assert "the checkpoint cannot be read" in run.status().message


def test_the_model_of_a_run_can_be_taken_in_other_formats(uninterrupted: Run) -> None:
    import keras

    model = keras.models.load_model(uninterrupted.model_path)
    again = keras.models.load_model(uninterrupted.model_as(".h5"))
    weights = keras.models.clone_model(model)
    weights.load_weights(uninterrupted.model_as(".weights.h5"))
    x = load("digits", TrainingSettings()).x_validation[:16]
    expected = model.predict(x, verbose=0)
    np.testing.assert_array_equal(again.predict(x, verbose=0), expected)
    np.testing.assert_array_equal(weights.predict(x, verbose=0), expected)
    with pytest.raises(RunError, match=r"got '\.onnx'"):
        uninterrupted.model_as(".onnx")


def test_the_shell_prints_an_epoch_a_line_and_stops_on_ctrl_c(tmp_path: Path) -> None:
    import json

    source = tmp_path / "tiny.json"
    source.write_text(json.dumps(tiny().to_json()))
    command = [sys.executable, "-m", "blocks", "train", str(source), "--data", "digits"]
    folder = tmp_path / "run"
    shell = subprocess.Popen(
        [*command, "--epochs", str(FOREVER), "--run", str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert shell.stdout
    assert shell.stdout.readline().startswith(f"epoch 1/{FOREVER}: loss ")
    os.kill(shell.pid, signal.SIGINT)
    rest = shell.stdout.read()
    assert shell.wait() == 0
    assert "the weights are kept; the model is" in rest
    assert (folder / "model.keras").exists()
    refused = subprocess.run(
        [*command, "--run", str(folder), "--epochs", "0"], cwd=ROOT, capture_output=True, text=True
    )
    assert refused.returncode == 2
    assert refused.stderr == "epochs must be an integer from 1 to 100000, got 0\n"
