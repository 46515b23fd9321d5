"""Runs as processes and folders: what they learn, and that a break leaves no trace in it."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import psutil
import pytest

from blocks import Run, RunError, TrainingSettings, runs, start_run
from blocks.training.data import load
from tests.blocks.tiny_runs import (
    FOREVER,
    assert_same_state,
    ended,
    processes,
    state_of,
    tiny,
    until,
)

pytestmark = pytest.mark.keras

ROOT = Path(__file__).parent.parent.parent


def assert_model_is_of_the_checkpoint(run: Run) -> None:
    import keras

    model = keras.models.load_model(run.model_as(".keras"))
    kernel = model.get_layer("head").kernel.numpy()
    assert any(np.array_equal(kernel, value) for value in state_of(run))


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


def test_a_run_that_was_stopped_before_it_began_starts_anew(uninterrupted: Run) -> None:
    run = start_run(tiny(), "digits", epochs=3)
    run.stop()
    assert ended(run) == "stopped"
    assert not run.metrics().steps
    assert ended(run.resume()) == "finished"
    assert_same_state(run, uninterrupted)


def test_a_run_outlives_a_kill_of_whoever_started_it(uninterrupted: Run, tmp_path: Path) -> None:
    """The end of the thread that started it, as one of a page ends with it, is none either."""
    code = (
        "import sys, threading, time\n"
        "from blocks import read, start_run\n"
        "def rerun():\n"
        "    run = start_run(read(sys.argv[1]), 'digits', epochs=3)\n"
        "    assert not {'tensorflow', 'keras'} & set(sys.modules)\n"
        "    print(run.folder, flush=True)\n"
        "threading.Thread(target=rerun).start()\n"
        "time.sleep(1000)\n"
    )
    design = tmp_path / "design.json"
    design.write_text((uninterrupted.folder / "design.json").read_text())
    starter = subprocess.Popen(
        [sys.executable, "-c", code, str(design)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert starter.stdout
    run = Run(Path(starter.stdout.readline().strip()))
    children = psutil.Process(starter.pid).children()
    (runner,) = (child for child in children if str(run.folder) in child.cmdline())
    assert os.getsid(runner.pid) == runner.pid
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
