"""A real Ray cluster of two nodes in a network of its own, for the test that starts this script.

`python -m tests.blocks.ray_cluster FOLDER` within `unshare --net --pid --fork --kill-child`:
nothing listens outside of that network, and nothing outlives the script.
"""

import json
import os
import secrets
import subprocess
import sys
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
        address = f"10.99.0.{number}"
        subprocess.run(["ip", "address", "add", f"{address}/32", "dev", "lo"], check=True)
        where = (
            ["--head", "--port=6379", "--include-dashboard=false", f"--temp-dir={folder / 'ray'}"]
            if number == 1
            else [f"--address={ADDRESS}"]
        )
        command = ["start", *where, f"--node-ip-address={address}", f"--num-cpus={cpus}", "--block"]
        with (folder / f"node-{number}.txt").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "ray.scripts.scripts", *command],
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env={name: v for name, v in os.environ.items() if name != "PYTHONPATH"},
            )

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


def with_a_killed_node(folder: Path, second: Node) -> dict[str, Any]:
    """Train with two workers; kill a node in the midst of it, and put another in its place."""
    run = start_run(network(), "digits", device="ray", workers=2, epochs=3)
    until(lambda: len(run.metrics().steps) > 10 or not run.status().alive)
    before = len(run.metrics().steps)
    second.kill()
    Node(folder, 3, cpus=1)
    run.wait()
    return {**told(run), "before": before}


def side_by_side() -> list[dict[str, Any]]:
    """Train two designs with a worker each at the same time, stop both, and resume one."""
    both = [
        start_run(network(), "digits", device="ray", workers=1, epochs=FOREVER, seed=seed)
        for seed in (1, 2)
    ]
    until(lambda: all(run.metrics().steps or not run.status().alive for run in both))
    together = [run.status().state for run in both]
    for run in both:
        run.stop()
    for run in both:
        run.wait()
    return [{**told(run), "together": state} for run, state in zip(both, together, strict=True)]


def main(folder: Path) -> None:
    """Play all scenes and print what came of them as JSON."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    os.environ.update(
        RAY_AUTH_MODE="token",
        RAY_AUTH_TOKEN=secrets.token_hex(32),
        RAY_USAGE_STATS_ENABLED="0",
        **{cluster.VARIABLE: ADDRESS},
    )
    Node(folder, 1, cpus=1)
    until(lambda: any(device.is_cluster for device in devices()))
    second = Node(folder, 2, cpus=1)
    scenes = {"killed": with_a_killed_node(folder, second), "both": side_by_side()}
    (folder / "scenes.json").write_text(json.dumps(scenes), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
