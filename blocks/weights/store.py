"""Where weights are kept: one file for each set, named by what is in it, readable by its owner."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path

from blocks.carried import Carried
from blocks.errors import ReadError
from blocks.home import home, private_folder
from blocks.weights import files
from blocks.weights.files import Form, LayerWeights

SUFFIX = ".npz"
PARTIAL = ".partial-"
LEFT_OVERS = (".fetching-", ".reading-")
"""Folders that a child works in; one that was killed leaves its own behind."""

KEPT_SECONDS = 24 * 3600


def weights_folder() -> Path:
    """Return the folder of weights, made if it is not there."""
    return private_folder(home() / "weights")


def path_of(carried: Carried) -> Path:
    """Return where the file of carried weights lies, whether it is there or not."""
    return home() / "weights" / f"{carried.id}{SUFFIX}"


def keep(layers: Iterable[LayerWeights], source: str) -> Carried:
    """Put weights into the store, whole or not at all, and return what a design says of them.

    Raises:
        OSError: the file cannot be written.
    """
    handle, name = tempfile.mkstemp(prefix=PARTIAL, suffix=SUFFIX, dir=weights_folder())
    os.close(handle)  # the file was made for its owner only, mode 0600
    temporary = Path(name)
    try:
        count = files.write(temporary, layers)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        carried = Carried(files.digest(temporary), source, count)
        temporary.replace(path_of(carried))
    finally:
        temporary.unlink(missing_ok=True)
    return carried


def index_of(carried: Carried) -> dict[str, Form] | None:
    """Return the form of each layer that is carried; None where the file is not on this machine.

    A file that cannot be read counts as not there.
    """
    path = path_of(carried)
    try:
        return _index(path, path.stat().st_mtime_ns)
    except (OSError, ReadError):
        return None


@lru_cache(maxsize=32)
def _index(path: Path, changed: int) -> dict[str, Form]:
    return files.read_index(path)


def sweep(is_named: Callable[[str], bool]) -> list[Path]:
    """Remove the files that nothing names any more, and return them.

    `is_named(id)` tells of one file. What is less than a day old stays: a design that names it
    may be on its way. Left-overs of a killed process go after that day too.
    """
    folder = home() / "weights"
    removed: list[Path] = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if time.time() - path.stat().st_mtime < KEPT_SECONDS:
            continue
        if path.name.startswith(LEFT_OVERS) and path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name.startswith(PARTIAL) or (path.suffix == SUFFIX and not is_named(path.stem)):
            path.unlink(missing_ok=True)
        else:
            continue
        removed.append(path)
    return removed
