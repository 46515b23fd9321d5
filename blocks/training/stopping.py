"""Stop, as the training process hears it."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

RUNNER_SECONDS = 0.5
GRACE_SECONDS = 30.0


class Stopped(BaseException):
    """Training shall end here; `between_steps`: all variables are of the same step.

    No `Exception`, so that no library takes it for an error of its own and goes on.
    """

    def __init__(self, between_steps: bool) -> None:
        self.between_steps = between_steps
        super().__init__("stopped")


class Stop:
    """Listens to the signal that the runner passes on.

    Between steps it is looked up; while something is loaded or traced, which takes seconds, it
    interrupts. `runner` is the process id of the runner, by default of this one's parent.
    """

    def __init__(self, runner: int = 0) -> None:
        self._asked = False
        self._interrupt: Stopped | None = None
        self._runner = runner or os.getppid()
        self.listen()

    def listen(self) -> None:
        """Take the signals; again where a library has taken them for itself, as Ray does."""
        signal.signal(signal.SIGTERM, self._ask)
        signal.signal(signal.SIGINT, self._ask)

    def _ask(self, *_: object) -> None:
        self._asked = True
        interrupt, self._interrupt = self._interrupt, None
        if interrupt:
            raise interrupt

    def watch_runner(self) -> None:
        """Stop when the runner is gone, in the midst of whatever takes seconds too.

        Nobody is left then who could end a process that does not answer, so it ends itself.
        """
        threading.Thread(target=self._outlive_briefly, daemon=True).start()

    def _outlive_briefly(self) -> None:
        while os.getppid() == self._runner:
            time.sleep(RUNNER_SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE_SECONDS)
        os._exit(1)

    def check(self) -> None:
        """Look up whether to stop: asked to, or the runner is gone.

        Raises:
            Stopped: between steps.
        """
        if self._asked or os.getppid() != self._runner:
            raise Stopped(between_steps=True)

    @contextmanager
    def may_interrupt(self, between_steps: bool) -> Iterator[None]:
        """Let Stop interrupt what happens inside, and say then whether that is between steps.

        Raises:
            Stopped: from anywhere inside.
        """
        self.check()
        self._interrupt = stopped = Stopped(between_steps)
        try:
            yield
        except Exception as error:
            # TensorFlow's C++ may turn an interruption into an error of its own.
            if self._asked and self._interrupt is None:
                raise stopped from error
            raise
        finally:
            self._interrupt = None
