"""How runs end before their last epoch: stopped, killed, waiting in line, gone wrong."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from blocks import Dense, Design, Flatten, Image, Run, RunError, runs, start_run
from blocks.training import queue
from blocks.training.runner import how_it_ended
from tests.blocks.tiny_runs import FOREVER, ended, processes, state_of, tiny, until

pytestmark = pytest.mark.keras

ROOT = Path(__file__).parent.parent.parent


def test_stop_ends_training_within_one_step_and_keeps_the_weights_of_it() -> None:
    run = start_run(tiny(), "digits", epochs=FOREVER)
    until(lambda: len(run.metrics().steps) > 10)
    run.stop()
    assert ended(run) == "stopped"
    last = run.metrics().steps[-1].step
    assert f"stopped after step {last:,} of" in run.status().message
    with np.load(run.checkpoint_path) as data:
        assert f'"epoch": {last // 44}, "step": {last % 44}' in str(data["about"]) or last % 44 == 0


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


def test_a_damaged_checkpoint_is_told_and_left_alone() -> None:
    run = start_run(tiny(), "digits", epochs=1)
    assert ended(run) == "finished"
    run.checkpoint_path.write_bytes(b"PK broken")
    assert ended(run.resume(epochs=2)) == "failed"
    assert "the checkpoint cannot be read" in run.status().message


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
