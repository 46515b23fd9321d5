"""A training made ready in a thread of its own, at a lower priority, while nobody waits for it."""

import os
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress

from blocks.training.plan import Plan
from blocks.training.prepare import Prepared, prepared, rehearse

NICENESS = 10
POLL_SECONDS = 0.1


class Rehearsal(threading.Thread):
    """Makes a plan ready; `wait` hands out what it made."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(name="rehearsal", daemon=True)
        self.plan = plan
        self._phase = ""
        self._hurried = threading.Event()
        self._made: Prepared | None = None

    def run(self) -> None:
        """Make the plan ready; what stands against it is told when a run tries it again."""
        self._be_nice(NICENESS)
        try:
            made = prepared(self.plan, self._say)
            rehearse(made, self.plan.settings, self._say, self._hurried.is_set)
            self._made = made
            print("ready to train", flush=True)
        except Exception:
            traceback.print_exc()

    def wait(self, say: Callable[[str], None]) -> Prepared | None:
        """Return what was made, once it is; None where it could not be.

        `say` is told what is waited for. A signal's handler may interrupt this.
        """
        self._hurried.set()
        self._be_nice(0)
        told = ""
        while self.is_alive():
            if self._phase != told:
                told = self._phase
                say(told)
            self.join(POLL_SECONDS)
        return self._made

    def _say(self, phase: str) -> None:
        self._phase = phase

    def _be_nice(self, niceness: int) -> None:
        """Set the priority of this thread alone; going back up takes a permission on Linux."""
        if sys.platform == "linux" and self.native_id:
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self.native_id, niceness)
