"""Training on a cluster: nodes in a private network train a design together, others beside it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from blocks import DesignError, TrainingSettings, devices, start_run, training_problems
from blocks.training import cluster
from tests.blocks.ray_cluster import ALONE, STEPS_AFTER, network

pytestmark = [pytest.mark.keras, pytest.mark.soak]

ROOT = Path(__file__).parent.parent.parent
EPOCH = 44
"""Steps in an epoch of the digits."""


def alone() -> list[str]:
    """Return the command before one that shall run in a network of its own; empty: not allowed."""
    for command in ([*ALONE], [*ALONE, "--map-root-user"]):
        if shutil.which("unshare") and shutil.which("ip"):
            done = subprocess.run([*command, "ip", "link", "set", "lo", "up"], capture_output=True)
            if done.returncode == 0:
                return command
    return []


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """What came of the scenes that `ray_cluster` plays, and of the same run without a cluster."""
    if not find_spec("ray") or not find_spec("jax"):
        pytest.skip("Ray and JAX are not installed")
    if not (command := alone()):
        pytest.skip("a network of its own cannot be made here (unshare --net, ip)")
    home = tmp_path_factory.mktemp("ray") / "home"
    with tempfile.TemporaryDirectory(prefix="ray-") as short, pytest.MonkeyPatch.context() as patch:
        patch.setenv("BLOCKWRIGHT_HOME", str(home))  # a socket's path may have 107 characters
        played = subprocess.Popen(
            [*command, sys.executable, "-m", "tests.blocks.ray_cluster", short],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,  # when this closes, the cluster ends
        )
        assert played.wait() == 0, "the scenes broke off; what they said is above"
        found = json.loads((Path(short) / "scenes.json").read_text("utf-8"))
        epochs = -(-len(found["shared"]["losses"]) // EPOCH)
        run = start_run(network(), "digits", backend="jax", epochs=epochs)
        assert run.wait().state == "finished", run.log()
        yield {**found, "alone": run}


def test_two_workers_give_the_losses_of_one_even_when_a_node_is_killed(scenes: Any) -> None:
    shared, alone = scenes["shared"], scenes["alone"]
    assert shared["state"] == "stopped", shared["message"] + shared["log"]
    count = len(shared["losses"])
    assert count > shared["before"] + STEPS_AFTER
    losses = [step.loss for step in alone.metrics().steps][:count]
    np.testing.assert_allclose(shared["losses"][:EPOCH], losses[:EPOCH], rtol=1e-4)
    np.testing.assert_allclose(shared["losses"], losses, rtol=0.01)
    judged = [epoch.val_loss for epoch in alone.metrics().epochs][: len(shared["val_losses"])]
    np.testing.assert_allclose(shared["val_losses"], judged, rtol=0.01)
    assert shared["has_model"]
    assert shared["fingerprint"] == alone.fingerprint


def test_a_queue_of_designs_trains_side_by_side_as_far_as_there_is_room(scenes: Any) -> None:
    """While two of three train, the third waits; it begins by itself when one of them ends."""
    beside, last = scenes["beside"], scenes["last"]
    assert last["early"] == 0
    for run in (beside, last):
        assert run["state"] == "stopped", run["message"] + run["log"]
        assert len(run["losses"]) > 10
        assert run["message"].startswith("stopped "), run["message"]
        assert run["has_model"]
    firsts = {run["losses"][0] for run in (scenes["shared"], beside, last)}
    assert len(firsts) == 3


def test_without_a_cluster_a_run_on_it_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(cluster, "find_spec", lambda name: None)
    with pytest.raises(DesignError, match=r"needs Ray and JAX, which are not installed: pip"):
        start_run(network(), "digits", device="ray")
    monkeypatch.setattr(cluster, "find_spec", lambda name: object())
    monkeypatch.setenv("RAY_TMPDIR", str(tmp_path))
    monkeypatch.delenv(cluster.VARIABLE, raising=False)
    assert "this machine belongs to no Ray cluster" in cluster.why_not()
    monkeypatch.setenv(cluster.VARIABLE, "127.0.0.1:1")
    assert "no Ray cluster answers at 127.0.0.1:1" in cluster.why_not()
    assert "ray" not in [device.name for device in devices()]
    assert cluster.cluster_hint() == cluster.why_not()
    monkeypatch.delenv(cluster.VARIABLE)
    assert cluster.cluster_hint() == ""


def test_a_cluster_refuses_another_backend_and_uneven_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cluster, "why_not", lambda: "")
    monkeypatch.setattr(cluster, "address", lambda: "10.0.0.1:6379")
    settings = TrainingSettings(backend="tensorflow", workers=3)
    said = " ".join(str(p) for p in training_problems(network(), "digits", settings, "ray"))
    assert "ray trains with JAX, not with TensorFlow" in said
    assert "the batch size must be a multiple of 3" in said
    (device,) = (one for one in devices() if one.is_cluster)
    assert device.describe() == "Ray cluster at 10.0.0.1:6379"
