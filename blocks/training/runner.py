"""The runner: owns the training process of one run and writes down how it ended.

`python -m blocks.training.runner FOLDER`. It is light (no TensorFlow), a session of its own, and
outlives whoever started it. It waits in the device's line, starts the worker, passes Stop on, and
records an exit of any kind.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blocks.training import queue
from blocks.training.backends import environment as backend_environment
from blocks.training.devices import Device
from blocks.training.failing import sentence_of_death
from blocks.training.files import read_json, remove_partial, write_json
from blocks.training.launch import READY
from blocks.training.plan import BACKEND, Plan
from blocks.training.run import Run

WORKER = (sys.executable, "-m", "blocks.training.worker")
POLL_SECONDS = 0.1
GRACE_SECONDS = 20.0
GRACE_STEPS = 3


def environment(device: Device, backend: str) -> dict[str, str]:
    """Return the environment of a training process."""
    return {
        "TF_CPP_MIN_LOG_LEVEL": "2",
        **os.environ,
        **backend_environment(backend),
        **device.environment(),
        "PYTHONUNBUFFERED": "1",
    }


@dataclass
class Warm:
    """A training process that waits for a run, made ready for plans of a mark ("": for none).

    `lock` is the device's lock, which it has open too.
    """

    process: subprocess.Popen[bytes]
    lock: int
    mark: str = ""

    def tell(self, said: Mapping[str, Any]) -> bool:
        """Send it a line; False where it is gone."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps(said).encode() + b"\n")
            self.process.stdin.flush()
        except OSError:
            return False
        return self.process.poll() is None

    def end(self) -> None:
        """Kill it; it has no run yet."""
        self.process.kill()
        self.process.wait()


class Runner:
    """Takes one run from queued to its end; `warm` is a training process it may have ready."""

    def __init__(self, run: Run, warm: Warm | None = None) -> None:
        self.run = run
        self.warm = warm
        self.asked = False
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._ask)

    def _ask(self, *_: object) -> None:
        self.asked = True

    def stop_asked(self) -> bool:
        """Tell whether the run shall end: Stop was pressed, or the machine shuts down."""
        self.asked = self.asked or (self.run.folder / "stop").exists()
        return self.asked

    def write(self, state: str, message: str = "") -> None:
        """Write the run's status."""
        status = {"state": state, "message": message, "runner": os.getpid(), "changed": time.time()}
        write_json(self.run.folder / "status.json", status)

    def take(self) -> None:
        """Wait for the device and train; the status says how it ended."""
        keys, lock = self.run.device.keys, self.warm.lock if self.warm else None
        if self.warm and queue.waiting(*keys):  # its memory is for those that train before it
            self.warm.end()
        places = self.run.device.places
        with queue.turns(keys, self.run.folder, self.stop_asked, lock, places) as held:
            if held is None:
                self.write("stopped", "it was stopped before it began")
                return
            # Only now: a worker that outlived its runner may have been ending until here.
            remove_partial(self.run.folder)
            (self.run.folder / "outcome.json").unlink(missing_ok=True)
            self.write("running")
            log = self.run.folder / "log.txt"
            log_from = log.stat().st_size if log.exists() else 0
            code = self._wait(self._warm_worker() or self._start_worker(held))
        state, message = how_it_ended(self.run, code, log_from)
        self.write(state, message)

    def _warm_worker(self) -> subprocess.Popen[bytes] | None:
        """Give the run to the process that waits, if it is there and made ready for its like."""
        warm = self.warm
        if warm is None:
            return None
        likes = warm.mark == Plan.of(self.run).mark if warm.mark else self.run.backend == BACKEND
        if likes and warm.tell({"folder": str(self.run.folder)}):
            return warm.process
        warm.end()
        return None

    def _start_worker(self, held: list[int]) -> subprocess.Popen[bytes]:
        """Start the training process; it holds the devices' locks too, in case this one dies."""
        with (self.run.folder / "log.txt").open("ab") as log:
            return subprocess.Popen(
                [*WORKER, str(self.run.folder), str(os.getpid())],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=held,
                env=environment(self.run.device, self.run.backend),
            )

    def _wait(self, worker: subprocess.Popen[bytes]) -> int:
        """Return the worker's exit code; ask it to stop, and kill it if it does not in time."""
        deadline: float | None = None
        while (code := worker.poll()) is None:
            if self.stop_asked() and deadline is None:
                worker.terminate()
                deadline = time.monotonic() + self._grace()
            if deadline is not None and time.monotonic() > deadline:
                worker.kill()
            time.sleep(POLL_SECONDS)
        return code

    def _grace(self) -> float:
        """Return how long the worker may take to end: a few of its steps, and some seconds."""
        steps = self.run.metrics().steps[-20:]
        return GRACE_SECONDS + GRACE_STEPS * max((step.seconds for step in steps), default=0.0)


def how_it_ended(run: Run, code: int, log_from: int = 0) -> tuple[str, str]:
    """Return the state and the sentence for a worker that has exited.

    `log_from` is where its part of the log begins, in bytes.
    """
    outcome = read_json(run.folder / "outcome.json")
    if outcome:
        return str(outcome["state"]), str(outcome.get("message", ""))
    if (run.folder / "stop").exists():
        if not run.has_weights:
            return (
                "stopped",
                "it was stopped before its first epoch ended; there is nothing to keep",
            )
        return "stopped", "it did not answer in time and was ended; the last checkpoint is kept"
    return "failed", sentence_of_death(code, run, log_from)


def _say_ready() -> None:
    """Tell the starter that the folder is taken; it may be gone already."""
    with suppress(BrokenPipeError):
        os.write(1, READY)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def main(folder: Path, ready: Callable[[], None], warm: Warm | None = None) -> int:
    """Run one run to its end; 0 however it ended, 3 where another runner has it already.

    `ready` is called once the folder is taken.
    """
    run = Run(folder)
    if queue.claim(run.folder / "runner.lock") is None:
        return 3
    runner = Runner(run, warm)
    runner.write("queued")
    ready()
    try:
        runner.take()
    except Exception as error:
        runner.write("failed", f"the runner could not go on: {type(error).__name__}: {error}")
        raise
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), _say_ready))
