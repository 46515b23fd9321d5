"""A runner that waits for its run: `python -m blocks.training.waiting DEVICE FIFO`.

Light as any runner, and a session of its own. It keeps one training process with TensorFlow loaded
and the latest plan made ready; the run it is handed begins at once and outlives whoever asked for
it. One waits for a device at most. Without a run it ends with the process that started it, when
nobody renewed the plan for some minutes, and when the device is taken.
"""

import os
import select
import subprocess
import sys
import time
from pathlib import Path

import psutil

from blocks.jobs import memory_of
from blocks.training import handover, queue, runner, standby
from blocks.training.devices import Device, find
from blocks.training.files import read_json
from blocks.training.plan import BACKEND, Plan

POLL_SECONDS = 0.25
SETTLED_SECONDS = 0.5
"""A plan is made ready once it stayed the same for so long."""

IDLE_SECONDS = 600.0
MEMORY_SHARE = 4
"""What is made ready ahead may take a quarter of the machine's memory."""


class Waiting:
    """Waits on a device; `inlet` is where a run's folder comes in."""

    def __init__(self, device: Device, inlet: int) -> None:
        self.device, self.inlet = device, inlet
        self.folder = queue.line_of(*device.keys)
        self.starter = os.getppid()
        self.plan: Plan | None = None
        self.refused = ""
        self.seen = 0
        self.renewed = time.monotonic()
        self.lock = queue.lock_of(self.folder / queue.DEVICE_LOCK)
        self.warm = self._start_worker()

    def run(self) -> Path | None:
        """Return the folder of the run that came, or None where it is time to end."""
        while not self._is_over():
            if select.select([self.inlet], [], [], POLL_SECONDS)[0]:
                return Path(os.read(self.inlet, select.PIPE_BUF).decode().splitlines()[0])
            self._look_for_plan()
            self._hold_to_memory()
        return None

    def _is_over(self) -> bool:
        left = os.getppid() != self.starter or not self.folder.exists()
        idle = time.monotonic() - self.renewed > IDLE_SECONDS
        return left or idle or bool(queue.waiting(*self.device.keys))

    def _look_for_plan(self) -> None:
        """Read the plan when it is written anew, and have it made ready once it has settled."""
        path = self.folder / standby.PLAN
        try:
            written = path.stat().st_mtime_ns
        except FileNotFoundError:
            return
        if written != self.seen:
            self.seen, self.renewed = written, time.monotonic()
            entry = read_json(path)
            self.plan = Plan.from_json(entry) if entry else None
        settled = time.monotonic() - self.renewed > SETTLED_SECONDS
        if self.plan and settled and self.plan.mark not in (self.warm.mark, self.refused):
            self._make_ready(self.plan)

    def _make_ready(self, plan: Plan) -> None:
        if self.warm.mark or self.warm.process.poll() is not None:
            self._start_again()
        self.warm.mark = plan.mark
        self.warm.tell({"plan": plan.to_json()})

    def _hold_to_memory(self) -> None:
        """Give up a plan that takes too much memory; TensorFlow stays loaded."""
        used = memory_of(self.warm.process.pid)
        if self.warm.mark and used > psutil.virtual_memory().total / MEMORY_SHARE:
            self.refused = self.warm.mark
            self._start_again()

    def _start_again(self) -> None:
        self.warm.end()
        self.warm = self._start_worker()

    def _start_worker(self) -> runner.Warm:
        with (self.folder / standby.LOG).open("wb") as log:
            process = subprocess.Popen(
                runner.WORKER,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=[self.lock],
                env=runner.environment(self.device, BACKEND),
            )
        return runner.Warm(process, self.lock)


def main(device_name: str, fifo: Path) -> int:
    """Wait for a run on a device and run it; 3 where another process waits there already."""
    device = find(device_name)
    folder = fifo.parent
    lock = queue.claim(folder / handover.LOCK)
    if lock is None:
        return 3
    for old in folder.glob(f"{handover.FIFO}*"):
        old.unlink()
    os.mkfifo(fifo, 0o600)
    inlet = os.open(fifo, os.O_RDWR | os.O_NONBLOCK)  # it writes too, so that it never sees an end
    waiting = Waiting(device, inlet)
    try:
        run = waiting.run()
    finally:
        fifo.unlink(missing_ok=True)
        os.close(inlet)
        os.close(lock)
    if run is None:
        waiting.warm.end()
        return 0
    os.chdir(run)
    os.dup2(os.open(run / "log.txt", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), 2)
    return runner.main(run, lambda: None, waiting.warm)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
