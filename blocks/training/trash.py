"""Where deleted runs wait: a hidden name beside the others, with a note of when they went.

Functions on folders; `Run.delete`, `Run.restore` and `deleted_runs` are what others use.
"""

import shutil
import time
from pathlib import Path

from blocks.errors import DiskFullError, full_disk_told
from blocks.home import home
from blocks.training.files import read_json, write_json

PREFIX = ".deleted-"
NOTE = "deleted.json"
KEPT_SECONDS = 30 * 24 * 3600


def put_away(folder: Path) -> None:
    """Take a run's folder from the others; one that is kept elsewhere is removed for good.

    The note is written first: a kill between the two leaves a run that is still there.
    """
    hidden = folder.with_name(f"{PREFIX}{folder.name}")
    if folder.parent == home() / "runs":
        _note(folder / NOTE)
        folder.rename(hidden)
    else:
        folder.rename(hidden)
        remove(hidden)


def _note(note: Path) -> None:
    """Note that a run is put away now.

    Who deletes on a full disk wants to make room, so an empty file has to do there: it takes
    none, and its own time tells when.

    Raises:
        DiskFullError: there is not even room for that.
    """
    try:
        write_json(note, {"deleted": time.time()})
    except DiskFullError:
        with full_disk_told(f"run {note.parent.name} was not deleted"):
            note.unlink(missing_ok=True)  # an older one tells another time
            note.touch()


def deleted_at(folder: Path) -> float:
    """Return when a run's folder was put away, in seconds since 1970; 0 where it was not."""
    note = folder / NOTE
    if not folder.name.startswith(PREFIX) or not note.exists():
        return 0.0
    return float(read_json(note).get("deleted") or note.stat().st_mtime)


def bring_back(folder: Path) -> Path:
    """Put a folder among the others again and return where it is.

    Raises:
        FileNotFoundError: it was removed for good, or brought back already.
    """
    target = folder.with_name(folder.name.removeprefix(PREFIX))
    folder.rename(target)
    (target / NOTE).unlink(missing_ok=True)
    return target


def remove(folder: Path) -> None:
    """Remove a folder that was put away, for good."""
    if folder.name.startswith(PREFIX):
        shutil.rmtree(folder, ignore_errors=True)


def put_away_in(runs_folder: Path) -> list[Path]:
    """Return the folders that can still be brought back, the last one put away first."""
    found = [path for path in runs_folder.glob(f"{PREFIX}*") if (path / NOTE).exists()]
    return sorted(found, key=deleted_at, reverse=True)


def sweep(runs_folder: Path) -> list[Path]:
    """Remove what was put away 30 days ago, or whose removal was cut short; return it."""
    hidden = runs_folder.glob(f"{PREFIX}*")
    old = [path for path in hidden if time.time() - deleted_at(path) > KEPT_SECONDS]
    for path in old:
        remove(path)
    return old
