"""Stop, as the training process hears it."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager


class Stopped(Exception):
    """Training shall end here; `between_steps`: all variables are of the same step."""

    def __init__(self, between_steps: bool) -> None:
        self.between_steps = between_steps
        super().__init__("stopped")


class Stop:
    """Listens to the signal that the runner passes on.

    Between steps it is looked up; while a first step is traced, which takes seconds and changes
    nothing yet, it interrupts.
    """

    def __init__(self) -> None:
        self._asked = False
        self._interrupting = False
        self._runner = os.getppid()
        signal.signal(signal.SIGTERM, self._ask)
        signal.signal(signal.SIGINT, self._ask)

    def _ask(self, *_: object) -> None:
        self._asked = True
        if self._interrupting:
            self._interrupting = False
            raise Stopped(between_steps=False)

    def check(self) -> None:
        """Look up whether to stop: asked to, or the runner is gone.

        Raises:
            Stopped: between steps.
        """
        if self._asked or os.getppid() != self._runner:
            raise Stopped(between_steps=True)

    @contextmanager
    def may_interrupt(self) -> Iterator[None]:
        """Let Stop interrupt what happens inside.

        Raises:
            Stopped: within a step.
        """
        self.check()
        self._interrupting = True
        try:
            yield
        finally:
            self._interrupting = False
