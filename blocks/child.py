"""Being a child: what a process does that a job or a resident was started for.

What a function or its libraries print goes to the log; the answers alone go back, as JSON lines.
"""

import errno
import importlib
import json
import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from blocks.errors import BlockwrightError, is_disk_full

ORPHAN_SECONDS = 30
"""How much longer than its limit a child lives whose parent is gone."""

Answer = Callable[[Mapping[str, Any]], None]


def serve_job() -> None:
    """Read the payload, call the function named on the command line, answer, end."""
    answer = _answers()
    function, seconds = sys.argv[1], float(sys.argv[2])
    payload = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _end_after(seconds)
    _perform(function, payload, answer)
    os._exit(0)  # no library's exit handler may hang a child that has answered


def serve_calls() -> None:
    """Answer one call after the other; end when none comes for a while."""
    answer = _answers()
    calls: queue.Queue[bytes] = queue.Queue()
    threading.Thread(target=_listen, args=(calls.put,), daemon=True).start()
    while True:
        try:
            call = json.loads(calls.get(timeout=float(sys.argv[1])))
        except queue.Empty:
            os._exit(0)
        _end_after(call["seconds"])
        _perform(call["function"], call["payload"], answer)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _answers() -> Answer:
    """Return what answers the parent; all that is printed from now on goes to the log."""
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def answer(message: Mapping[str, Any]) -> None:
        lines.write(json.dumps(message) + "\n")
        lines.flush()

    return answer


def _end_after(seconds: float) -> None:
    """End a child whose parent is gone, even where a C library hangs and holds the interpreter."""
    signal.setitimer(signal.ITIMER_REAL, seconds + ORPHAN_SECONDS)


def _perform(function: str, payload: Mapping[str, Any], answer: Answer) -> None:
    """Call a function named as text and answer with its result, or the sentence it refused with.

    Any other error ends this process, its traceback in the log.
    """

    def progress(fraction: float, message: str) -> None:
        answer({"fraction": fraction, "message": message})

    module, _, name = function.partition(":")
    try:
        answer({"result": getattr(importlib.import_module(module), name)(payload, progress)})
    except BlockwrightError as error:
        answer({"error": str(error)})
    except BaseException as error:
        if is_disk_full(error):
            answer({"error": "the disk is full; free some space and try again"})
        elif getattr(error, "errno", None) == errno.EROFS:
            answer({"error": "the folder may only be read; allow writing to it and try again"})
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)


def _end_with_parent() -> None:
    sys.stdin.buffer.read(1)  # nothing more is ever sent: this returns when the pipe closes
    os._exit(1)


def _listen(put: Callable[[bytes], None]) -> None:
    for line in sys.stdin.buffer:
        put(line)
    os._exit(1)  # whoever started this is gone
