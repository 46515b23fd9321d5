"""What the workers of a cluster and the process that looks after a run tell each other.

The mailbox is an actor on that process's machine, so it outlives every worker: it hands out the
work, takes in figures and files, and settles what all workers must decide alike.
"""

import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blocks.training.files import replacing

Call = tuple[str, tuple[Any, ...]]
"""A method of the recorder, and what it is called with."""

NAMESPACE = "blockwright"
KEPT_ANSWERS = 4_096
SEND_SECONDS = 0.25
ABOUT = ("design.json", "settings.json")
FILES = ("checkpoint.npz", "best.npz", "wrong.npz")


@dataclass(frozen=True)
class Work:
    """What a worker trains: samples, and the files of the run's folder by name.

    Training goes on where the checkpoint among them left it.
    """

    samples: Any
    files: dict[str, bytes]


class Mailbox:
    """The actor; Ray calls one method at a time."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._calls: list[Call] = []
        self._files: dict[str, bytes] = {}
        self._answers: dict[tuple[int, int], Any] = {}
        self._outcome: tuple[str, str] | None = None
        self._stopping = False

    def work(self) -> Work:
        """Return what to train, from the last state that was sent in."""
        return self._work

    def agree(self, attempt: int, number: int, proposal: Any) -> Any:
        """Return the answer to a question that every worker asks; the first one settles it."""
        answer = self._answers.setdefault((attempt, number), proposal)
        if len(self._answers) > KEPT_ANSWERS:
            del self._answers[next(iter(self._answers))]
        return answer

    def may_go_on(self, attempt: int, number: int) -> bool:
        """Tell whether to take the next step; all workers are told the same."""
        return bool(self.agree(attempt, number, not self._stopping))

    def stop(self) -> None:
        """Let training end before its next step."""
        self._stopping = True

    def post(
        self, calls: list[Call], files: dict[str, bytes], outcome: tuple[str, str] | None
    ) -> None:
        """Take in what was recorded, files that have changed, and how training ended."""
        self._calls += calls
        self._files |= files
        self._work.files.update(files)
        self._outcome = outcome or self._outcome

    def take(self) -> tuple[list[Call], dict[str, bytes], tuple[str, str] | None]:
        """Hand out what has come in since the last time."""
        taken = self._calls, self._files, self._outcome
        self._calls, self._files = [], {}
        return taken


class Desk:
    """A worker's side: recorder, Stop and the settling of questions for its `Trainer`.

    Only the first worker sends anything; all of them ask the same questions in the same order.
    """

    def __init__(self, mailbox: Any, sends: bool, attempt: int, folder: Path) -> None:
        self._mailbox, self._sends, self._attempt, self._folder = mailbox, sends, attempt, folder
        self._number = 0
        self._calls: list[Call] = []
        self._seen = {name: self._stamp(name) for name in FILES}
        self._sent = time.monotonic()
        self._on_the_way: deque[Any] = deque()

    def __getattr__(self, name: str) -> Any:
        """Return what takes down a call of the recorder by this name."""
        if name.startswith("_"):
            raise AttributeError(name)

        def call(*arguments: Any) -> None:
            self._calls.append((name, arguments))
            if time.monotonic() - self._sent >= SEND_SECONDS:
                self.send()

        return call

    def send(self, outcome: tuple[str, str] | None = None) -> None:
        """Send what waits; an outcome is waited for until it has come in."""
        calls, self._calls, self._sent = self._calls, [], time.monotonic()
        if not self._sends:
            return
        files = {name: (self._folder / name).read_bytes() for name in FILES if self._is_new(name)}
        self._on_the_way.append(self._mailbox.post.remote(calls, files, outcome))
        while len(self._on_the_way) > (0 if outcome else 2):
            _value(self._on_the_way.popleft())

    def may_go_on(self) -> bool:
        """Tell whether to go on, as all workers do."""
        self._number += 1
        return bool(_value(self._mailbox.may_go_on.remote(self._attempt, self._number)))

    def agree(self, proposal: Any) -> Any:
        """Return what all workers do where each of them has a proposal of its own."""
        self._number += 1
        return _value(self._mailbox.agree.remote(self._attempt, self._number, proposal))

    def _is_new(self, name: str) -> bool:
        before, self._seen[name] = self._seen[name], self._stamp(name)
        return self._seen[name] != before

    def _stamp(self, name: str) -> int:
        path = self._folder / name
        return path.stat().st_mtime_ns if path.exists() else 0


def files_of(folder: Path) -> dict[str, bytes]:
    """Return what a worker must know of a run's folder."""
    there = [name for name in (*ABOUT, *FILES) if (folder / name).exists()]
    return {name: (folder / name).read_bytes() for name in there}


def put_files(folder: Path, files: dict[str, bytes]) -> None:
    """Write files into a folder, each as a whole or not at all."""
    for name, content in files.items():
        with replacing(folder / name) as temporary:
            temporary.write_bytes(content)


def _value(reference: Any) -> Any:
    import ray

    return ray.get(reference)
