"""Giving a run to the runner that waits on its device, if one does."""

import hashlib
import json
import os
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from blocks.home import VARIABLE, home
from blocks.training import queue
from blocks.training.devices import from_json
from blocks.training.files import read_json

LOCK, FIFO = "standby.lock", "standby-"
TAKING_SECONDS = 2.0
POLL_SECONDS = 0.01


def fifo_of(device_key: str) -> Path:
    """Return where a runner takes a run that waits with this process's environment and code."""
    return queue.line_of(device_key) / f"{FIFO}{_mark()}"


def offer(folder: Path) -> bool:
    """Offer the run of a folder to the runner that waits on its device; False where none does."""
    keys = from_json(read_json(folder / "settings.json").get("device", {})).keys
    if len(keys) != 1:
        return False
    try:
        fifo = os.open(fifo_of(*keys), os.O_WRONLY | os.O_NONBLOCK)
    except OSError:  # there is none, or nobody reads it
        return False
    try:
        os.write(fifo, os.fsencode(folder) + b"\n")
    except OSError:
        return False
    finally:
        os.close(fifo)
    return True


def is_taken(folder: Path, before: Mapping[str, Any]) -> bool:
    """Wait a moment for a runner to take a folder; `before` is its status until then."""
    end = time.monotonic() + TAKING_SECONDS
    while time.monotonic() < end:
        if read_json(folder / "status.json") != before:
            return True
        time.sleep(POLL_SECONDS)
    return False


@cache
def _mark() -> str:
    """Return what processes have in common that would train alike, as a part of a file's name."""
    sources = sorted((Path(__file__).parents[1]).rglob("*.py"))
    said = [environment(), [source.stat().st_mtime_ns for source in sources]]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def environment() -> dict[str, str]:
    """Return the environment of a runner: this library and the person's folder are found anywhere.

    A runner works in its own folder, where relative paths would lead elsewhere.
    """
    root = str(Path(__file__).resolve().parents[2])
    paths = [root, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    found = {"PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)), VARIABLE: str(home())}
    return {**os.environ, **found}
