"""The one way to run heavy work: in a child process with limits, progress and cancel.

A job is a function named as text, `"blocks.proof:prove_in_child"`, called in a fresh interpreter
as `function(payload, progress)`. The payload goes in as JSON; what comes back are JSON lines:
progress, and at the end a result or an error. Whatever the function or its libraries print goes
to the log, never into the protocol.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

import psutil

from blocks.analysis import bytes_text
from blocks.errors import BlockwrightError

POLL_SECONDS = 0.05
LAST_WORDS = 600
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "2", "CUDA_VISIBLE_DEVICES": "-1", "PYTHONUTF8": "1"}
CHILD = "from blocks.child import serve_job; serve_job()"


class JobError(BlockwrightError):
    """A job that ended without a result; its text says why."""


class JobCancelled(JobError):
    """A job that was cancelled."""


class Progress(NamedTuple):
    """How far a job is, from 0 to 1, and what it is doing."""

    fraction: float
    message: str


OnProgress = Callable[[float, str], None]
Pipe = IO[bytes]


class Job:
    """A running or finished job; safe to poll from any thread."""

    def __init__(
        self, process: subprocess.Popen[bytes], title: str, seconds: float, memory_bytes: int
    ) -> None:
        self.title = title
        self.progress = Progress(0.0, "Starting")
        self._process, self._seconds, self._memory_bytes = process, seconds, memory_bytes
        self._into, self._out_of = cast(Pipe, process.stdin), cast(Pipe, process.stdout)
        self._answer: dict[str, Any] = {}
        self._stopped: JobError | None = None
        self._done = threading.Event()

    @property
    def done(self) -> bool:
        """True once the child is gone and its result, or its error, is known."""
        return self._done.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the job is done, or for `timeout` seconds; tell whether it is done."""
        return self._done.wait(timeout)

    def cancel(self) -> None:
        """Kill the child and all it started; does nothing once the job is done."""
        self._stop(JobCancelled(f"{self.title} was cancelled"))

    def result(self) -> dict[str, Any]:
        """Wait for the job and return what its function returned.

        Raises:
            JobCancelled: the job was cancelled.
            JobError: the function refused, crashed, or went past a limit.
        """
        self._done.wait()
        if self._stopped:
            raise self._stopped
        if "error" in self._answer:
            raise JobError(self._answer["error"])
        return dict(self._answer["result"])

    def _stop(self, reason: JobError) -> None:
        if self._stopped is None and not self.done:
            self._stopped = reason
            kill_group(self._process)

    def _converse(self, payload: bytes) -> None:
        """Send the payload, then follow the child's lines until it closes them."""
        with contextlib.suppress(BrokenPipeError):
            self._into.write(payload + b"\n")
            self._into.flush()
        for line in self._out_of:
            with contextlib.suppress(ValueError):
                message = json.loads(line)
                if "message" in message:
                    self.progress = Progress(message["fraction"], message["message"])
                else:
                    self._answer = message

    def _watch(self, log: Pipe, conversation: threading.Thread) -> None:
        """Hold the child to its limits; when it is gone, collect it and its last words."""
        started = time.monotonic()
        while self._process.poll() is None:
            if time.monotonic() - started > self._seconds:
                self._stop(
                    JobError(f"{self.title} took longer than {self._seconds:g} s and was stopped")
                )
            elif memory_of(self._process.pid) > self._memory_bytes:
                limit = bytes_text(self._memory_bytes)
                self._stop(JobError(f"{self.title} needed more than {limit} and was stopped"))
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(POLL_SECONDS)
        kill_group(self._process)  # what the child itself started and left behind
        conversation.join()
        if not self._answer and self._stopped is None:
            self._stopped = JobError(outcome_of(self._process, self.title, last_words(log)))
        for stream in (self._into, self._out_of, log):
            with contextlib.suppress(OSError):
                stream.close()
        self._done.set()


def start_job(
    function: str,
    payload: Mapping[str, Any],
    *,
    seconds: float,
    memory_bytes: int,
    title: str = "",
    env: Mapping[str, str] | None = None,
) -> Job:
    """Start a function of a module in a child process and return at once.

    `function` is `"package.module:name"`; `seconds` and `memory_bytes` (resident) are limits.
    `title` names the job in errors; `env` overrides the child's environment, which by default
    shows it no GPU. The child ends by itself when this process does.
    """
    log = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the watcher, when the child is gone
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", CHILD, function, str(seconds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        env={**child_environment(), **(env or {})},
        start_new_session=True,
    )
    job = Job(process, title or function.rpartition(":")[2], seconds, memory_bytes)
    text = json.dumps(payload).encode()
    conversation = threading.Thread(target=job._converse, args=(text,), daemon=True)
    conversation.start()
    threading.Thread(target=job._watch, args=(log, conversation), daemon=True).start()
    return job


def run_job(
    function: str,
    payload: Mapping[str, Any],
    *,
    seconds: float,
    memory_bytes: int,
    title: str = "",
    env: Mapping[str, str] | None = None,
    on_progress: OnProgress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> dict[str, Any]:
    """Run a function of a module in a child process and return its result.

    As `start_job`; `on_progress(fraction, message)` and `cancelled()` are called in this thread.
    Raises what `Job.result` raises.
    """
    job = start_job(
        function, payload, seconds=seconds, memory_bytes=memory_bytes, title=title, env=env
    )
    told = job.progress
    try:
        while not job.wait(POLL_SECONDS):
            if on_progress and job.progress != told:
                told = job.progress
                on_progress(*told)
            if cancelled and cancelled():
                job.cancel()
    finally:
        job.cancel()
    return job.result()


def child_environment() -> dict[str, str]:
    """Return the environment of a child: this library is found, and no GPU is seen."""
    root = str(Path(__file__).resolve().parent.parent)
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    return {**os.environ, **QUIET, "PYTHONPATH": path}


def outcome_of(process: subprocess.Popen[bytes], title: str, words: str) -> str:
    """Say how a child ended that gave no answer."""
    code = process.returncode
    if code == -signal.SIGKILL:
        how = "was killed from outside, most likely because the machine ran out of memory"
    else:
        how = f"crashed with signal {-code}" if code < 0 else f"failed with exit status {code}"
    return f"{title} {how}" + (f"; its last words: {words}" if words else "")


def memory_of(pid: int) -> int:
    """Return the bytes that a process holds; 0 where it is gone."""
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a child and all it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def last_words(log: Pipe) -> str:
    """Return the end of what a child wrote beside its answers."""
    size = log.seek(0, os.SEEK_END)
    log.seek(max(0, size - 8_192))
    lines = log.read().decode(errors="replace").strip().splitlines()
    return " ".join(line.strip() for line in lines[-3:])[-LAST_WORDS:]
