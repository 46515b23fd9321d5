"""Writing the small files of a run so that a reader never sees half of one."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Write a JSON object as a whole or not at all (temporary file, fsync, rename)."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(data, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def read_json(path: Path) -> dict[str, Any]:
    """Return the JSON object of a file; empty where there is no such file or it holds none."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def keep(temporary: Path, path: Path) -> None:
    """Put a finished temporary file in the place of another, on the disk and not just on its way.

    A save in place loses the old file when the disk is full or the process dies in it.
    """
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    temporary.replace(path)


def last_words(path: Path, lines: int = 12) -> str:
    """Return the last lines of a log that say something; "" where there is none."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - 8_192))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    said = [line.rstrip() for line in text.splitlines() if line.strip()]
    return "\n".join(said[-lines:])
