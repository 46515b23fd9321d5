"""The runner: owns the training process of one run and writes down how it ended.

`python -m blocks.training.runner FOLDER`. It is light (no TensorFlow), a session of its own, and
outlives whoever started it. It waits in the device's line, starts the worker, passes Stop on, and
records an exit of any kind.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from blocks.training import queue
from blocks.training.backends import environment
from blocks.training.files import (
    DISK_FULL,
    is_disk_full,
    last_words,
    read_json,
    remove_partial,
    write_json,
)
from blocks.training.launch import READY
from blocks.training.run import Run

WORKER = (sys.executable, "-m", "blocks.training.worker")
POLL_SECONDS = 0.1
GRACE_SECONDS = 20.0
GRACE_STEPS = 3
OUT_OF_MEMORY = "was killed (most likely because the memory ran out; a smaller batch needs less)"


class Runner:
    """Takes one run from queued to its end."""

    def __init__(self, run: Run) -> None:
        self.run = run
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
        with queue.turns(self.run.device.keys, self.run.folder, self.stop_asked) as held:
            if held is None:
                self.write("stopped", "it was stopped before it began")
                return
            # Only now: a worker that outlived its runner may have been ending until here.
            remove_partial(self.run.folder)
            (self.run.folder / "outcome.json").unlink(missing_ok=True)
            self.write("running")
            code = self._wait(self._start_worker(held))
        state, message = how_it_ended(self.run, code)
        self.write(state, message)

    def _start_worker(self, held: list[int]) -> subprocess.Popen[bytes]:
        """Start the training process; it holds the devices' locks too, in case this one dies."""
        with (self.run.folder / "log.txt").open("ab") as log:
            return subprocess.Popen(
                [*WORKER, str(self.run.folder), str(os.getpid())],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=held,
                env={
                    "TF_CPP_MIN_LOG_LEVEL": "2",
                    **os.environ,
                    **environment(self.run.backend),
                    **self.run.device.environment(),
                    "PYTHONUNBUFFERED": "1",
                },
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


def how_it_ended(run: Run, code: int) -> tuple[str, str]:
    """Return the state and the sentence for a worker that has exited."""
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
    how = f"ended with exit code {code}" if code >= 0 else f"was ended by signal {-code}"
    if code == -signal.SIGKILL:
        how = OUT_OF_MEMORY
    words = last_words(run.folder / "log.txt", lines=1) or "none"
    if is_disk_full(words):
        return "failed", DISK_FULL
    return "failed", f"the training process {how}; its last words: {words[:300]}"


def _say_ready() -> None:
    """Tell the starter that the folder is taken; it may be gone already."""
    with suppress(BrokenPipeError):
        os.write(1, READY)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def main(folder: str) -> int:
    """Run one run to its end; 0 however it ended, 3 where another runner has it already."""
    run = Run(Path(folder))
    if queue.claim(run.folder / "runner.lock") is None:
        return 3
    runner = Runner(run)
    runner.write("queued")
    _say_ready()
    try:
        runner.take()
    except Exception as error:
        runner.write("failed", f"the runner could not go on: {type(error).__name__}: {error}")
        raise
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
