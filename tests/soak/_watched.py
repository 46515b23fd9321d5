"""The children of a fuzzing: one works off its inputs, is watched, and replaced when held."""

import struct
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil

BYTES = 1024**3
COUNTS = struct.Struct("<qqqqd")
"""What a child tells in a file: the number it is at, opened, refused, finished, slowest."""


class Watched:
    """A resident child that works off every `step`th number, replaced when an input holds it."""

    def __init__(
        self, module: str, importer: str, seconds: float, folder: Path, lane: range
    ) -> None:
        self.module, self.importer, self.seconds = module, importer, seconds
        self.folder, self.lane = folder, lane
        self.next, self.opened, self.refused, self.slowest = lane.start, 0, 0, 0.0
        self.held: list[tuple[int, str]] = []
        self.done = False
        self._begin()

    def _begin(self) -> None:
        if self.next >= self.lane.stop:
            self.done = True
            return
        lane = self.lane.start % self.lane.step
        self._counts = self.folder / f"counts-{lane}"
        self._counts.write_bytes(COUNTS.pack(self.next, 0, 0, 0, 0.0))
        arguments = [self.module, self.importer, str(self.folder), self.next]
        arguments += [self.lane.stop, self.lane.step]
        code = f"from tests.soak._fuzzing import be_child; be_child(*{arguments!r})"
        self._log = (self.folder / f"log-{lane}").open("w+")
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", code], stderr=self._log, stdout=self._log
        )
        self._seen, self._worked = -1, 0.0

    def look(self) -> None:
        """Follow the child; kill it where an input took too long or too much."""
        gone = self._process.poll()
        number, opened, refused, finished, slowest = COUNTS.unpack(self._counts.read_bytes())
        if number != self._seen and gone is None:
            with suppress(psutil.Error):
                self._seen, self._worked = number, _worked(self._process.pid)
        if gone is None:
            why = self._over()
            if not why:
                return
            self._process.kill()
            self._process.wait()
            slowest = max(slowest, self.seconds if "took" in why else 0.0)
        self.opened, self.refused = self.opened + opened, self.refused + refused
        self.slowest = max(self.slowest, slowest)
        if finished:
            self.done = True
            return
        if gone is not None:
            self._log.seek(0)
            why = f"it ended with {gone}: {self._log.read()[-200:].strip()!a}"
        self.held.append((number, why))
        self.next = number + self.lane.step
        self._begin()

    def _over(self) -> str:
        # On a machine that is busy with other things, only the child's own time is telling.
        with suppress(psutil.Error):
            if _worked(self._process.pid) - self._worked > self.seconds:
                return f"it took longer than {self.seconds:g} s"
            used = psutil.Process(self._process.pid).memory_info().rss
            if used > BYTES:
                return f"it needed {used:,} bytes"
        return ""


def _worked(pid: int) -> float:
    """Return the seconds of processor time a process has used."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)
