"""A process that works until it is killed, and tells through a pipe how far it was."""

import multiprocessing
import random
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

# A forked child of a server that has done no more than import: as quick as a fork, and nothing of
# the test's own threads and locks in it.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["editor.store", "blocks", "multiprocessing.connection"])

PATIENCE = 60.0


class Victim:
    """Runs `work(tell, *args)` in a process of its own; `tell(message)` reaches the one who kills.

    What was told before the kill is known: a pipe outlives its writer.
    """

    def __init__(self, work: Callable[..., None], *args: Any) -> None:
        self._told, telling = FORKS.Pipe(duplex=False)
        self.process = FORKS.Process(target=_work, args=(telling, work, args), daemon=True)
        self.process.start()
        telling.close()

    def kill(self, longest: float) -> list[Any]:
        """Kill it at a random moment and return all that it told.

        One in ten dies while it is starting, the others up to `longest` seconds after their first
        word.
        """
        if random.random() < 0.1:
            return self._kill_after(random.uniform(0.0, longest))
        self._told.poll(PATIENCE)
        return self._kill_after(random.uniform(0.0, longest))

    def _kill_after(self, seconds: float) -> list[Any]:
        messages: list[Any] = []
        until = time.monotonic() + seconds
        try:
            while (left := until - time.monotonic()) > 0:
                if self._told.poll(left):
                    messages.append(self._told.recv())
        except EOFError:
            self.process.join()
            raise AssertionError(f"the victim died by itself: {self.process.exitcode}") from None
        self.process.kill()
        return messages + self.rest()

    def rest(self) -> list[Any]:
        """Wait until it is gone and return what it told and nobody has heard yet."""
        messages: list[Any] = []
        try:
            while True:
                messages.append(self._told.recv())
        except (EOFError, OSError):  # OSError: it was killed in the middle of a word
            self.process.join()
            self._told.close()
            return messages


def _work(telling: Connection, work: Callable[..., None], args: tuple[Any, ...]) -> None:
    work(telling.send, *args)
