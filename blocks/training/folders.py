"""Where runs are kept: making their folders and finding them again."""

import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from blocks.design import Design
from blocks.errors import DiskFullError
from blocks.home import home, private_folder
from blocks.training import trash
from blocks.training.files import write_json
from blocks.training.launch import RunError
from blocks.training.run import Run
from blocks.weights import sweep


def runs() -> list[Run]:
    """Return all runs in the folder of a person's work, newest first."""
    found = [Run(path) for path in _place().glob("*") if _is_run(path)]
    return sorted(found, key=lambda run: run.started, reverse=True)


def deleted_runs() -> list[Run]:
    """Return the deleted runs that can still be restored, the last deleted one first."""
    return [Run(path) for path in trash.put_away_in(_place())]


def sweep_runs() -> list[Path]:
    """Remove for good the runs that were deleted 30 days ago, and return their folders."""
    return trash.sweep(_place())


def sweep_weights(is_named: Callable[[str], bool]) -> list[Path]:
    """Remove the weights that nothing names any more, and return their files.

    `is_named(id)` tells whether a design does; what a run was started with stays too,
    that of a deleted one as well.
    """

    def needed(weights_id: str) -> bool:
        trained = _place().glob("*/design.json")
        return is_named(weights_id) or any(
            weights_id in path.read_text("utf-8") for path in trained
        )

    return sweep(needed)


def runs_folder() -> Path:
    """Return the folder that runs are kept in, made if it is not there."""
    return private_folder(_place())


def _place() -> Path:
    """Return where runs are kept; to look at them, nothing needs to be made."""
    return home() / "runs"


def _is_run(path: Path) -> bool:
    return not path.name.startswith(".") and (path / "status.json").exists()


def create(
    design: Design,
    about: dict[str, Any],
    folder: Path | None,
) -> Run:
    """Write the folder of a new run, not started yet.

    Raises:
        RunError: the folder is in use, or cannot be written.
        DiskFullError: there is no room for it.
    """
    name = time.strftime("%Y%m%d-%H%M%S-") + secrets.token_hex(3)
    place = (folder or runs_folder() / name).expanduser().absolute()
    try:
        if place.exists() and any(place.iterdir()):
            raise RunError(f"{place} is not empty; give a new folder, or resume the run in it")
        private_folder(place)
        write_json(place / "design.json", design.to_json())
        write_json(place / "settings.json", about)
    except DiskFullError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise RunError(f"the folder {place} cannot be written ({reason}); give another") from None
    return Run(Path(os.path.normpath(place)))
