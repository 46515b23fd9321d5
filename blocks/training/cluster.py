"""The Ray cluster that this machine belongs to, found without importing Ray."""

import os
import socket
import time
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

VARIABLE = "BLOCKWRIGHT_RAY_ADDRESS"
INSTALL = 'pip install "ray[default,train]>=2.60,<2.61" "jax>=0.10,<0.11"'
ANSWER_SECONDS = 0.3
REMEMBER_SECONDS = 5


def address() -> str:
    """Return where the cluster is (host:port), or "": the one named, else the one joined here."""
    named = os.environ.get(VARIABLE, "").strip()
    if named and named != "auto":
        return named
    folder = Path(os.environ.get("RAY_TMPDIR", "/tmp")) / "ray"
    try:
        return (folder / "ray_current_cluster").read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def is_there() -> bool:
    """Tell whether Ray is installed and a cluster answers."""
    return not why_not()


def why_not() -> str:
    """Return why no run can go to a cluster, in a sentence, or ""."""
    if not find_spec("ray") or not find_spec("jax"):
        return f"training on a Ray cluster needs Ray and JAX, which are not installed: {INSTALL}"
    where = address()
    if not where:
        return (
            "this machine belongs to no Ray cluster; join one with `ray start --address=HOST:6379 "
            f"--num-cpus=0`, or name it in {VARIABLE}"
        )
    if not _answers(where, int(time.monotonic() / REMEMBER_SECONDS)):
        return f"no Ray cluster answers at {where}; start it, or correct {VARIABLE}"
    return ""


def cluster_hint() -> str:
    """Return why a cluster that is named or was joined cannot be used, in a sentence, or ""."""
    return why_not() if address() else ""


@lru_cache(maxsize=8)
def _answers(where: str, _moment: int) -> bool:
    """Tell whether somebody listens; asked once in a few seconds, as a page asks often."""
    host, _, port = where.rpartition(":")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=ANSWER_SECONDS):
            return True
    except (OSError, ValueError):
        return False
