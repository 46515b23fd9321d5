"""Writing the small files of a run so that a reader never sees half of one."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from blocks.errors import full_disk_told
from blocks.home import UNFINISHED

DISK_FULL = "the disk is full; the last checkpoint is kept: free some space and resume"


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary name to write to; it takes the file's place when all went well.

    A save in place loses the old file when the disk is full or the process dies in it. The
    temporary name tells which process writes.

    Raises:
        DiskFullError: there was no room.
    """
    temporary = path.with_name(f"{UNFINISHED}{os.getpid()}-{path.name}")
    try:
        with full_disk_told(f"{path.name} was not written"):
            yield temporary
            with temporary.open("rb") as file:
                os.fsync(file.fileno())
            temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)  # on a full disk the next save needs the room
        raise


def remove_partial(folder: Path) -> None:
    """Remove the files of a folder that a process was writing when it was killed."""
    for path in folder.glob(f"{UNFINISHED}[0-9]*-*"):
        writer = path.name.removeprefix(UNFINISHED).partition("-")[0]
        if not (writer.isdigit() and psutil.pid_exists(int(writer))):
            path.unlink(missing_ok=True)


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Write a JSON object as a whole or not at all."""
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(data, indent=1), encoding="utf-8")


def read_json(path: Path) -> dict[str, Any]:
    """Return the JSON object of a file; empty where there is no such file or it holds none."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def last_words(path: Path, lines: int = 12, start: int = 0) -> str:
    """Return the last lines of a log that say something, from a byte on; "" where there is none."""
    try:
        with path.open("rb") as file:
            file.seek(max(start, path.stat().st_size - 8_192))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    said = [line.rstrip() for line in text.splitlines() if line.strip()]
    return "\n".join(said[-lines:])
