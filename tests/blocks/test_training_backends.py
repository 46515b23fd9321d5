"""The same run on every backend of Keras that is installed: one network, one worker, close losses.

Each run computes in a process of its own, as there is one backend to a process.
"""

import json
import os
import subprocess
import sys
from functools import cache
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
    Residual,
    Run,
    TrainingSettings,
    ask,
    backends,
    evaluate,
    start_run,
    to_keras,
    training_script,
    with_weights_of,
)
from blocks.training import backends as known
from tests.blocks.tiny_runs import assert_same_state, ended, tiny, until

pytestmark = pytest.mark.keras

OTHERS = [
    pytest.param(
        name, marks=pytest.mark.skipif(name not in backends(), reason=f"{name} is not installed")
    )
    for name in ("jax", "torch")
]
FOREVER = 100_000


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One home for the runs that several tests look at."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("backends")
        patch.setenv("BLOCKWRIGHT_HOME", str(folder / "home"))
        yield folder


@pytest.fixture
def at_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLOCKWRIGHT_HOME", str(home / "home"))


def network(folder: Path) -> Design:
    """A network without random numbers that carries weights: every backend starts from the same."""
    design = (
        Design("same")
        .add("photo", Image(8, 8, 1))
        .add("stem", Conv(filters=8, batch_norm=True), after="photo")
        .add("down", Residual(filters=12, stride=2), after="stem")
        .add("head", Classifier(classes=10), after="down")
    )
    path = folder / "start.keras"
    to_keras(design).save(path)
    return with_weights_of(design, path)


@pytest.fixture(scope="module")
def trained(home: Path) -> Any:
    """Runs of two epochs from the same weights, each when it is first asked for."""
    design = network(home)

    @cache
    def run_on(backend: str) -> Run:
        run = start_run(design, "digits", epochs=2, backend=backend)
        assert ended(run) == "finished", run.status().message + run.log()
        return run

    return run_on


@pytest.fixture(scope="module")
def uninterrupted(home: Path) -> Any:
    """Runs with dropout, each when it is first asked for."""

    @cache
    def run_on(backend: str) -> Run:
        run = start_run(tiny(), "digits", epochs=4, backend=backend)
        assert ended(run) == "finished", run.status().message + run.log()
        return run

    return run_on


@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize("backend", OTHERS)
def test_every_backend_learns_alike_from_the_same_weights(trained: Any, backend: str) -> None:
    usual, run = trained("tensorflow"), trained(backend)
    assert run.backend == backend
    assert set(run.about["versions"]) >= {backend, "keras"}
    mine, theirs = (np.array([s.loss for s in r.metrics().steps]) for r in (run, usual))
    np.testing.assert_allclose(mine[:12], theirs[:12], rtol=1e-4)
    for one, other in zip(run.metrics().epochs, usual.metrics().epochs, strict=True):
        assert one.loss == pytest.approx(other.loss, rel=0.01)
        assert one.val_loss == pytest.approx(other.val_loss, rel=0.05)


@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize("backend", OTHERS)
def test_every_backend_has_the_same_parameters_and_gradients(trained: Any, backend: str) -> None:
    usual, run = trained("tensorflow"), trained(backend)
    shapes = []
    for each in (usual, run):
        with np.load(each.best_path) as data:
            shapes.append([data[name].shape for name in data.files if name != "about"])
    assert shapes[0] == shapes[1]
    first, other = run.flows().measured[0], usual.flows().measured[0]
    np.testing.assert_allclose(first.gradients, other.gradients, rtol=0.01)
    np.testing.assert_allclose(first.activations, other.activations, rtol=0.01)


@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize("backend", OTHERS)
def test_a_trained_network_is_asked_on_the_backend_that_trained_it(
    trained: Any, backend: str
) -> None:
    run = trained(backend)
    found = evaluate(run, "validation")
    assert found.loss == pytest.approx(run.metrics().epochs[-1].val_loss, rel=1e-5)
    answer = ask(run, row=0, layer="stem")
    assert sum(answer.probabilities) == pytest.approx(1, abs=1e-5)
    assert answer.kernels is not None


@pytest.mark.soak
@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize("backend", OTHERS)
def test_a_stopped_run_goes_on_with_the_same_weights_on_every_backend(
    uninterrupted: Any, backend: str
) -> None:
    run = start_run(tiny(), "digits", epochs=4, backend=backend)
    until(lambda: run.metrics().steps or not run.status().alive)
    run.stop()
    assert ended(run) == "stopped", run.status().message
    assert len(run.metrics().steps) < 4 * 44
    assert ended(run.resume()) == "finished"
    assert_same_state(run, uninterrupted(backend))


@pytest.mark.soak
@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize("backend", OTHERS)
def test_the_script_of_a_run_gives_its_losses_on_its_backend(
    uninterrupted: Any, backend: str, tmp_path: Path
) -> None:
    run = uninterrupted(backend)
    path = tmp_path / "train.py"
    path.write_text(training_script(run), encoding="utf-8")
    plain = {
        name: v for name, v in os.environ.items() if name not in ("PYTHONPATH", "KERAS_BACKEND")
    }
    done = subprocess.run(
        [sys.executable, "-P", str(path)], cwd=tmp_path, env=plain, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    said = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    for one, epoch in zip(said, run.metrics().epochs, strict=True):
        assert one["training"]["loss"] == pytest.approx(epoch.loss, rel=1e-6)
        assert one["validation"]["loss"] == pytest.approx(epoch.val_loss, rel=1e-5)


def test_a_backend_that_is_not_installed_is_refused_with_a_repair(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(known, "backends", lambda: ("tensorflow",))
    with pytest.raises(DesignError, match="the backend jax is not installed here") as refused:
        start_run(tiny(), "digits", backend="jax")
    assert [p.severity for p in refused.value.problems] == ["error"]


def test_auto_is_the_backend_that_the_environment_names_else_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(known, "backends", lambda: ("jax", "torch"))
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    assert known.resolved("auto") == "jax"
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    assert known.resolved("auto") == "torch"
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    assert known.resolved("auto") == "jax"
    assert known.resolved("tensorflow") == "tensorflow"
    assert not list(TrainingSettings(backend="jax").problems())
