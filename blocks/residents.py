"""Child processes that stay for the next question: what took long to make is made once.

A resident is a child as `blocks.jobs` starts them, except that it answers one call after the
other and keeps its modules and what they remember. It ends by itself when nobody has asked for a
while, when this process ends, and when a call goes past its limits.
"""

import contextlib
import json
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from typing import IO, Any, cast

from blocks.analysis import bytes_text
from blocks.home import home
from blocks.jobs import (
    POLL_SECONDS,
    JobError,
    OnProgress,
    child_environment,
    kill_group,
    last_words,
    memory_of,
    outcome_of,
)

CHILD = "from blocks.child import serve_calls; serve_calls()"
Message = dict[str, Any]


class Gone(JobError):
    """The resident had ended by itself before it was asked."""


class Resident:
    """One child process; it is asked one thing at a time."""

    def __init__(self, idle_seconds: float, env: Mapping[str, str]) -> None:
        self.key = ""
        self.place = place_of(env)
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the reader at the end
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", CHILD, str(idle_seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env={**child_environment(), **env},
            start_new_session=True,
        )
        self._messages: queue.Queue[Message | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Tell whether the child can still be asked."""
        return self._process.poll() is None

    @property
    def memory(self) -> int:
        """Bytes that the child holds."""
        return memory_of(self.pid)

    def end(self) -> None:
        """Kill the child and all it started."""
        kill_group(self._process)
        self._process.wait()

    def ask(
        self,
        function: str,
        payload: Mapping[str, Any],
        *,
        seconds: float,
        memory_bytes: int,
        title: str,
        on_progress: OnProgress | None = None,
    ) -> dict[str, Any]:
        """Call a function in the child, as `run_job` does, and return its result.

        Raises:
            Gone: the child has ended; a new one can be asked.
            JobError: the function refused, crashed, or went past a limit; then the child is gone.
        """
        call = {"function": function, "payload": dict(payload), "seconds": seconds}
        try:
            into = cast(IO[bytes], self._process.stdin)
            into.write(json.dumps(call).encode() + b"\n")
            into.flush()
        except OSError:
            raise Gone("the resident process has ended") from None
        deadline = time.monotonic() + seconds
        for message in self._answers():
            if "message" in message and on_progress:
                on_progress(message["fraction"], message["message"])
            elif "result" in message:
                return dict(message["result"])
            elif "error" in message:
                raise JobError(message["error"])
            self._hold(title, deadline, seconds, memory_bytes)
        if self._process.wait() == 0:
            raise Gone("the resident process has ended")
        raise JobError(outcome_of(self._process, title, last_words(self._log)))

    def _answers(self) -> Iterator[Message]:
        """Yield what the child says until it is gone; nothing but {} while it is silent."""
        while True:
            try:
                message = self._messages.get(timeout=POLL_SECONDS)
            except queue.Empty:
                message = {}
            if message is None:
                self._messages.put(None)
                return
            yield message

    def _hold(self, title: str, deadline: float, seconds: float, memory_bytes: int) -> None:
        """End the child when it is past a limit."""
        over = ""
        if time.monotonic() > deadline:
            over = f"{title} took longer than {seconds:g} s and was stopped"
        elif self.memory > memory_bytes:
            over = f"{title} needed more than {bytes_text(memory_bytes)} and was stopped"
        if over:
            self.end()
            raise JobError(over)

    def _read(self) -> None:
        for line in cast(IO[bytes], self._process.stdout):
            with contextlib.suppress(ValueError):
                self._messages.put(json.loads(line))
        kill_group(self._process)  # what the child itself started and left behind
        self._process.wait()
        self._messages.put(None)


def place_of(env: Mapping[str, str]) -> tuple[str, ...]:
    """Return what a resident cannot change: the folder of work and the environment it began in."""
    return (str(home()), *(f"{name}={value}" for name, value in sorted(env.items())))


class Residents:
    """A few residents that all callers share; who finds them busy waits."""

    def __init__(self, most: int, idle_seconds: float) -> None:
        self._most, self._idle_seconds = most, idle_seconds
        self._free: list[Resident] = []
        self._busy: list[Resident] = []
        self._changed = threading.Condition()

    @property
    def alive(self) -> list[Resident]:
        """The residents whose processes live."""
        with self._changed:
            return [one for one in (*self._free, *self._busy) if one.alive]

    def ask(
        self,
        key: str,
        function: str,
        payload: Mapping[str, Any],
        env: Mapping[str, str] | None = None,
        **how: Any,
    ) -> Message:
        """Ask the resident that was last asked about `key`, else another, else a new one.

        `env` overrides its environment; the other arguments and errors are those of
        `Resident.ask`, except that `Gone` is never raised.
        """
        while True:
            taken = self._taken(key, env or {}, int(how["memory_bytes"]))
            with contextlib.suppress(Gone), taken as resident:
                return resident.ask(function, payload, **how)

    @contextlib.contextmanager
    def _taken(self, key: str, env: Mapping[str, str], memory_bytes: int) -> Iterator[Resident]:
        with self._changed:
            self._changed.wait_for(lambda: self._has_room(key))
            resident = self._chosen(key, env, memory_bytes)
            resident.key = key
            self._busy.append(resident)
        try:
            yield resident
        finally:
            with self._changed:
                self._busy.remove(resident)
                self._free.append(resident)
                self._changed.notify_all()

    def _chosen(self, key: str, env: Mapping[str, str], memory_bytes: int) -> Resident:
        """Return a free resident, the one that knows `key`, or the one asked longest ago.

        One of another folder of work or environment, or one that has grown, is ended: a new one
        takes its place.
        """
        place = place_of(env)
        mine = [one for one in self._free if one.key == key and one.place == place]
        room = len(self._free) + len(self._busy) < self._most
        if not mine and room:
            return Resident(self._idle_seconds, env)
        chosen = mine[0] if mine else self._free[0]
        self._free.remove(chosen)
        if chosen.place != place or (not mine and chosen.memory > memory_bytes // 2):
            chosen.end()
            return Resident(self._idle_seconds, env)
        return chosen

    def _has_room(self, key: str) -> bool:
        """Forget the residents that have ended; tell whether one can be asked about `key`.

        One that is busy with it is waited for: what it makes is there for the next question.
        """
        self._free = [one for one in self._free if one.alive]
        return len(self._busy) < self._most and all(one.key != key for one in self._busy)

    def end(self) -> None:
        """End all residents, busy or not."""
        for one in self.alive:
            one.end()
