"""A Ray cluster of several nodes in a network of its own, for the test that starts this script.

`python -m tests.blocks.ray_cluster FOLDER` within `unshare --net --pid --fork --kill-child`:
nothing listens outside of that network, and nothing outlives the script.
"""

import json
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from blocks import Classifier, Conv, Design, Image, Residual, Run, devices, start_run
from blocks.training import cluster

ALONE = ("unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc")
ADDRESS = "10.99.0.1:6379"
FOREVER = 100_000
STEPS_AFTER = 200
STANDS = b"Ray runtime started"


def network() -> Design:
    """Batch norm, whose statistics are those of the whole batch."""
    return (
        Design("shared")
        .add("photo", Image(8, 8, 1))
        .add("stem", Conv(filters=8, batch_norm=True), after="photo")
        .add("down", Residual(filters=12, stride=2), after="stem")
        .add("head", Classifier(classes=10), after="down")
    )


def until(condition: Callable[[], object]) -> None:
    while not condition():
        time.sleep(0.05)


class Node:
    """A node of the cluster: Ray's processes behind an address of their own.

    It finds nothing of this library by itself: a run brings along what its workers need.
    """

    def __init__(self, folder: Path, number: int, cpus: int) -> None:
        self._log = folder / f"node-{number}.txt"
        address = f"10.99.0.{number}"
        subprocess.run(["ip", "address", "add", f"{address}/32", "dev", "lo"], check=True)
        where = (
            ["--head", "--port=6379", "--include-dashboard=false", f"--temp-dir={folder / 'ray'}"]
            if number == 1
            else [f"--address={ADDRESS}"]
        )
        command = ["start", *where, f"--node-ip-address={address}", f"--num-cpus={cpus}", "--block"]
        while not self._started(folder, command):  # it gives up after 30 s on a busy machine
            pass

    def _started(self, folder: Path, command: list[str]) -> bool:
        """Start Ray and wait until it stands, or has given up."""
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "ray.scripts.scripts", *command],
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env={name: v for name, v in os.environ.items() if name != "PYTHONPATH"},
            )
        until(lambda: STANDS in self._log.read_bytes() or self._process.poll() is not None)
        return self._process.poll() is None

    def kill(self) -> None:
        """End the node as a power cut would: all of its processes at once."""
        process = psutil.Process(self._process.pid)
        for each in [*process.children(recursive=True), process]:
            each.kill()
        self._process.wait()


def told(run: Run) -> dict[str, Any]:
    """Return what a test wants to know of a run."""
    status = run.status()
    return {
        "state": status.state,
        "message": status.message,
        "log": run.log()[-2000:],
        "losses": [step.loss for step in run.metrics().steps],
        "val_losses": [epoch.val_loss for epoch in run.metrics().epochs],
        "has_model": run.model_path.exists(),
        "folder": str(run.folder),
    }


def play(folder: Path) -> dict[str, Any]:
    """Train a design with one worker, and beside it one with two, a node of which is killed."""
    Node(folder, 1, cpus=1)
    until(lambda: any(device.is_cluster for device in devices()))
    other = start_run(network(), "digits", device="ray", workers=1, epochs=FOREVER, seed=2)
    until(lambda: other.metrics().steps or not other.status().alive)
    second, _ = Node(folder, 2, cpus=1), Node(folder, 3, cpus=1)
    run = start_run(network(), "digits", device="ray", workers=2, epochs=FOREVER)
    until(lambda: len(run.metrics().steps) > 10 or not run.status().alive)
    before, meanwhile = len(run.metrics().steps), len(other.metrics().steps)
    second.kill()
    Node(folder, 4, cpus=1)
    until(lambda: len(run.metrics().steps) > before + STEPS_AFTER or not run.status().alive)
    for each in (run, other):
        each.stop()
        each.wait()
    return {"killed": {**told(run), "before": before}, "other": {**told(other), "at": meanwhile}}


def main(folder: Path) -> None:
    """Play the scenes in a cluster of their own, and write down what came of them."""
    threading.Thread(target=_end_with_the_test, daemon=True).start()
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    os.environ.update(
        RAY_AUTH_MODE="token",
        RAY_AUTH_TOKEN=secrets.token_hex(32),
        RAY_USAGE_STATS_ENABLED="0",
        RAY_worker_niceness="0",  # by default workers step back behind all else on a machine
        **{cluster.VARIABLE: ADDRESS},
    )
    scenes = play(folder)
    (folder / "scenes.json").write_text(json.dumps(scenes), encoding="utf-8")


def _end_with_the_test() -> None:
    """End when the test is gone: this is the first process of its namespace, all others follow."""
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
