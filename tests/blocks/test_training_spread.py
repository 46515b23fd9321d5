"""One batch shared by several devices: the same losses as on one.

There is no machine with two GPUs here; two logical CPU devices of one process stand in for them.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from blocks import (
    Classifier,
    Conv,
    Design,
    Image,
    Problem,
    Residual,
    Run,
    TrainingSettings,
    backends,
    devices,
    training_problems,
)
from blocks.training import queue
from blocks.training.devices import Device, from_json, to_json
from blocks.training.folders import create
from tests.blocks.cards import cards

TWO_DEVICES = """
import os, sys
if os.environ["KERAS_BACKEND"] == "tensorflow":
    import tensorflow as tf
    (cpu,) = tf.config.list_physical_devices("CPU")
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
from pathlib import Path
from blocks.training.worker import main
main(Path(sys.argv[1]), os.getppid())
"""


def network() -> Design:
    """Batch norm, whose statistics are those of the whole batch, and a batch that is left over."""
    return (
        Design("spread")
        .add("photo", Image(8, 8, 1))
        .add("stem", Conv(filters=8, batch_norm=True), after="photo")
        .add("down", Residual(filters=12, stride=2), after="stem")
        .add("head", Classifier(classes=10), after="down")
    )


def trained(backend: str, count: int) -> Run:
    """Train for an epoch in the worker itself, in a process with two CPU devices."""
    about = {
        "data": "digits",
        "settings": {"backend": backend, "epochs": 1},
        "device": {"name": "all-gpus", "count": count},
    }
    run = create(network(), about, None)
    found = {
        "KERAS_BACKEND": backend,
        "JAX_PLATFORMS": "cpu",
        "XLA_FLAGS": "--xla_force_host_platform_device_count=2",
    }
    done = subprocess.run(
        [sys.executable, "-c", TWO_DEVICES, str(run.folder)],
        env={**os.environ, **found},
        capture_output=True,
        text=True,
    )
    assert "finished" in done.stdout, done.stdout[-3000:] + done.stderr[-3000:]
    return run


@pytest.mark.keras
@pytest.mark.parametrize("backend", [name for name in ("tensorflow", "jax") if name in backends()])
def test_two_devices_give_the_losses_of_one(backend: str) -> None:
    one, two = trained(backend, 1), trained(backend, 2)
    losses = [np.array([step.loss for step in run.metrics().steps]) for run in (one, two)]
    assert len(losses[0]) == 44
    np.testing.assert_allclose(losses[1], losses[0], rtol=1e-3)
    (alone,), (shared,) = one.metrics().epochs, two.metrics().epochs
    assert shared.val_loss == pytest.approx(alone.val_loss, rel=5e-3)
    confusion = two.confusion()
    assert confusion
    assert sum(map(sum, confusion.counts)) == 359
    assert two.flows().measured


def test_all_gpus_are_a_device_where_there_are_two(monkeypatch: pytest.MonkeyPatch) -> None:
    cards(monkeypatch, "GPU-1", "GPU-0")
    *_, both = devices()
    assert (both.name, both.count, both.title) == ("all-gpus", 2, "2 x Card")
    assert both.free_bytes == 2 * 5 * 10**9
    assert both.environment()["CUDA_VISIBLE_DEVICES"] == "GPU-1,GPU-0"
    assert both.keys == ("GPU-0", "GPU-1")
    assert from_json(to_json(both)).keys == both.keys


def test_several_devices_refuse_what_they_cannot_do_with_repairs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cards(monkeypatch, "GPU-1", "GPU-0")
    settings = TrainingSettings(batch_size=33, backend="torch")
    found = [p for p in training_problems(network(), "digits", settings, "all-gpus") if p.repairs]
    said = " ".join(problem.message for problem in found)
    assert "all-gpus trains with TensorFlow or JAX, not with PyTorch" in said
    assert "the batch size must be a multiple of 2, the devices that share a batch, got 33" in said
    repairs = [repair.settings for problem in found for repair in problem.repairs]
    assert {"backend": "tensorflow"} in repairs
    assert {"batch_size": 34} in repairs


def test_several_cards_refuse_xla_with_tensorflow_where_it_would_change_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cards(monkeypatch, "GPU-1", "GPU-0")

    def said(device: str = "all-gpus", **settings: str) -> list[Problem]:
        chosen = TrainingSettings(**{"backend": "tensorflow", "xla": "on", **settings})
        found = training_problems(network(), "digits", chosen, device)
        return [problem for problem in found if "XLA" in problem.message]

    (problem,) = said()
    assert problem.message == (
        "all-gpus trains with TensorFlow without XLA, got xla on; set it to auto"
    )
    assert problem.severity == "error"
    assert problem.repair
    assert problem.repair.settings == {"xla": "auto"}
    assert not said(**problem.repair.settings)
    assert not said(device="gpu:0")


def test_all_gpus_wait_for_each_card_and_hold_both(tmp_path: object) -> None:
    both = Device("all-gpus", "2 x Card", 0, 0, uuid="GPU-1,GPU-0", count=2)
    run = create(network(), {}, None).folder
    with queue.turn("GPU-1", run, lambda: False) as held:
        assert held is not None
        with queue.turns(both.keys, run, lambda: bool(queue.waiting("GPU-1")[1:])) as locks:
            assert locks is None
    with queue.turns(both.keys, run, lambda: False) as locks:
        assert locks
        assert len(locks) == 2
        assert all(queue.is_claimed(queue.line_of(key) / "device.lock") for key in both.keys)
    assert not any(queue.is_claimed(queue.line_of(key) / "device.lock") for key in both.keys)


def test_a_cluster_takes_a_few_runs_at_once_and_the_next_when_one_of_them_ends(
    tmp_path: Path,
) -> None:
    cluster = Device("ray", "Ray cluster", 0, 0, address="10.0.0.1:6379")
    (line,) = cluster.keys

    def turns(run: str, given_up: Callable[[], bool]) -> AbstractContextManager[list[int] | None]:
        return queue.turns(cluster.keys, tmp_path / run, given_up, places=cluster.places)

    def in_line() -> bool:
        return queue.place(line, tmp_path / "next") == cluster.places

    with ExitStack() as others:
        for number in range(cluster.places - 1):
            assert others.enter_context(turns(f"run-{number}", lambda: False))
        with turns("last", lambda: False) as held:
            assert held
            with turns("next", in_line) as held:
                assert held is None
        with turns("next", in_line) as held:
            assert held
    elsewhere = replace(cluster, address="10.0.0.2:6379")
    assert elsewhere.keys != cluster.keys
