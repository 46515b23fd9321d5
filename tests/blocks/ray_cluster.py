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

from blocks import Classifier, Conv, Design, Image, Run, devices, start_run
from blocks.training import cluster

ALONE = ("unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc")
ADDRESS = "10.99.0.1:6379"
FOREVER = 100_000
STEPS_AFTER = 100
STANDS = b"Ray runtime started"
WAITS = "waiting for room for a worker on the cluster"


def network() -> Design:
    """Batch norm, whose statistics are those of the whole batch, and little to compile."""
    return (
        Design("shared")
        .add("photo", Image(8, 8, 1))
        .add("stem", Conv(filters=8, batch_norm=True), after="photo")
        .add("head", Classifier(classes=10), after="stem")
    )


def until(condition: Callable[[], object]) -> None:
    while not condition():
        time.sleep(0.05)


class Node:
    """A node of the cluster: Ray's processes behind an address of their own.

    It finds nothing of this library by itself: a run brings along what its workers need. The first
    one is the head and trains nothing, as the editor's machine; it also stands by the others.
    """

    def __init__(self, folder: Path, number: int) -> None:
        self._folder, self._log = folder, folder / f"node-{number}.txt"
        address = f"10.99.0.{number}"
        subprocess.run(["ip", "address", "add", f"{address}/32", "dev", "lo"], check=True)
        where = (
            [
                *("--head", "--port=6379", "--include-dashboard=false", "--num-cpus=0"),
                f"--temp-dir={folder / 'ray'}",
            ]
            if number == 1
            else [f"--address={ADDRESS}", "--num-cpus=1"]
        )
        self._command = ["start", *where, f"--node-ip-address={address}", "--block"]
        self._start()

    def stand(self) -> "Node":
        """Wait until it stands; on a busy machine Ray gives up after 30 s, and is started again."""
        while STANDS not in self._log.read_bytes():
            if self._process.poll() is not None:
                self._start()
            time.sleep(0.05)
        return self

    def _start(self) -> None:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "ray.scripts.scripts", *self._command],
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
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
        "fingerprint": run.fingerprint,
    }


def steps(run: Run) -> int:
    """Return how many steps are recorded; nobody need wait for those of a run that has ended."""
    return len(run.metrics().steps) if run.status().alive else FOREVER


def play(folder: Path) -> dict[str, Any]:
    """Train three designs where there is room for two of them, and kill a node meanwhile."""
    Node(folder, 1).stand()
    two = [Node(folder, number) for number in (2, 3)]
    for node in two:
        node.stand()
    until(lambda: any(device.is_cluster for device in devices()))
    shared = start(workers=2)
    until(lambda: steps(shared) > 10)
    before = steps(shared)
    two[0].kill()
    beside = start(workers=1, seed=2)
    for node in [Node(folder, number) for number in (4, 5)]:
        node.stand()
    until(lambda: steps(shared) > before + STEPS_AFTER and steps(beside) > 10)
    last = start(workers=1, seed=3)
    until(lambda: WAITS in last.progress().phase or steps(last))
    meanwhile = steps(shared), steps(beside)
    until(lambda: steps(shared) > meanwhile[0] and steps(beside) > meanwhile[1])
    early = steps(last)
    beside.stop()
    beside.wait()
    until(lambda: steps(last) > 10)
    for run in (shared, last):
        run.stop()
        run.wait()
    return {
        "shared": {**told(shared), "before": before},
        "beside": told(beside),
        "last": {**told(last), "early": early},
    }


def start(workers: int, seed: int = 1) -> Run:
    """Start a run on the cluster that goes on until it is stopped."""
    return start_run(network(), "digits", device="ray", workers=workers, epochs=FOREVER, seed=seed)


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
    while os.read(0, 1):  # sys.stdin, with a thread in it, would not let this process end
        pass
    os._exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
