"""Where a person's work lives: one folder that only its owner may read."""

import os
import shutil
import time
from pathlib import Path

import platformdirs

VARIABLE = "BLOCKWRIGHT_HOME"
UNFINISHED = ".blockwright-"
"""What the name of a file begins with while it is written; a kill may leave it so."""

STALE_SECONDS = 3600


def home() -> Path:
    """Return the folder of a person's work, made if it is not there, readable by its owner only.

    It is the user data folder of the system; the variable BLOCKWRIGHT_HOME names another one
    (tests always do). In it lie `library.sqlite` (designs and their revisions), `runs/` (one
    folder a run) and `data/` (data sets of the person's own).

    Raises:
        OSError: the folder cannot be made.
    """
    chosen = os.environ.get(VARIABLE)
    folder = Path(chosen).expanduser().absolute() if chosen else user_data_folder()
    return private_folder(folder)


def user_data_folder() -> Path:
    """Return the system's folder for data of this program, whether or not it exists."""
    return Path(platformdirs.user_data_dir("blockwright", appauthor=False))


def private_folder(path: Path) -> Path:
    """Return a folder that exists and that only its owner may enter (mode 0700).

    One that may only be read is left as it is: nothing is put into it.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.stat().st_mode & 0o077 and os.access(path, os.W_OK):
        path.chmod(0o700)
    return path


def sweep(folder: Path, *, deep: bool = False) -> list[Path]:
    """Remove unfinished files and folders that nobody has written to for an hour.

    Returns their paths. `deep` looks in the folders below too. What cannot be removed is left.
    """
    removed = []
    for path in folder.rglob(f"{UNFINISHED}*") if deep else folder.glob(f"{UNFINISHED}*"):
        try:
            if time.time() - path.stat().st_mtime > STALE_SECONDS:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
                removed.append(path)
        except OSError:
            continue  # another process was quicker, or it belongs to somebody else
    return removed
