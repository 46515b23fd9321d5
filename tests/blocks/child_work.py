"""Functions that the tests of jobs run in child processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from blocks.errors import BlockwrightError

Payload = Mapping[str, Any]


def double(payload: Payload, progress: Any) -> dict[str, Any]:
    progress(0.5, "half way")
    return {"value": payload["value"] * 2, "pid": os.getpid()}


def noisy(payload: Payload, progress: Any) -> dict[str, Any]:
    print('{"result": {"value": "from print"}}')
    sys.stdout.flush()
    os.write(1, b'{"error": "from a C library"}\n')
    subprocess.run(["echo", '{"error": "from a grandchild"}'], check=True)
    return {"value": "the real one"}


def refuse(payload: Payload, progress: Any) -> dict[str, Any]:
    raise BlockwrightError("stem: filters must be an integer from 1 to 8192, got 0")


def crash(payload: Payload, progress: Any) -> dict[str, Any]:
    raise ValueError("the kernel is larger than the image")


def segfault(payload: Payload, progress: Any) -> dict[str, Any]:
    os.kill(os.getpid(), signal.SIGSEGV)
    return {}


def eat_memory(payload: Payload, progress: Any) -> dict[str, Any]:
    kept = []
    while True:
        kept.append(bytearray(10_000_000))
        time.sleep(0.005)


def sleep(payload: Payload, progress: Any) -> dict[str, Any]:
    """Start a grandchild, tell who both are, and sleep."""
    grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    Path(payload["pids"]).write_text(f"{os.getpid()} {grandchild.pid}")
    progress(0.1, "asleep")
    time.sleep(600)
    return {}


CALLS: list[int] = []


def remember(payload: Payload, progress: Any) -> dict[str, Any]:
    CALLS.append(len(CALLS) + 1)
    return {"calls": CALLS[-1], "pid": os.getpid()}
