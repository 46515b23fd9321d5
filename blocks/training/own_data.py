"""Data sets of a person's own, kept with their work."""

import hashlib
import os
import re
from pathlib import Path

from blocks.errors import full_disk_told
from blocks.home import UNFINISHED, home, private_folder
from blocks.training.data_settings import DataSettings
from blocks.training.datasets import DataError, DataInfo, describe_data
from blocks.training.readers import SUFFIXES


def keep_data(
    name: str,
    content: bytes,
    settings: DataSettings | None = None,
    *,
    owner: str = "",
    most_bytes: int | None = None,
) -> DataInfo:
    """Keep an uploaded file, checked, and return what it holds; the same bytes once only.

    `settings` say what its labels mean and where they are. `owner` is the person whose data they
    are where several share a server; all of one person's together may have `most_bytes`.

    Raises:
        DataError: it cannot be trained on; nothing is kept then.
        DiskFullError: there is no room for it.
    """
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise DataError(f"{name!a:.80} must end in one of {', '.join(SUFFIXES)}")
    _require_room(len(content), owner, most_bytes)
    digest = hashlib.sha256(content).hexdigest()[:16]
    folder = _folder(owner, digest)
    stem = re.sub(r"[^A-Za-z0-9_-]", "_", Path(name).stem)[:60] or "data"
    path, temporary = folder / f"{stem}{suffix}", folder / f"{UNFINISHED}{os.getpid()}{suffix}"
    try:
        with full_disk_told(f"{path.name} was not kept"):
            temporary.write_bytes(content)
            _require_trainable(temporary, settings, path.name)
            temporary.replace(path)
    except Exception:
        temporary.unlink(missing_ok=True)
        if not any(folder.iterdir()):
            folder.rmdir()
        raise
    return describe_data(str(path), settings)


def _require_trainable(path: Path, settings: DataSettings | None, name: str) -> None:
    """Refuse a file that cannot be trained on, by the name it will have."""
    try:
        describe_data(str(path), settings)
    except DataError as error:
        _, _, reason = str(error).partition(": ")
        raise DataError(f"{name}: {reason or error}") from None


def own_data(owner: str = "") -> list[Path]:
    """Return the kept data sets of a person, last used one last."""
    found = [path for path in _place(owner).glob("*/[!.]*") if path.suffix in SUFFIXES]
    return sorted(found, key=lambda path: path.stat().st_mtime)


def _require_room(size: int, owner: str, most_bytes: int | None) -> None:
    kept = sum(path.stat().st_size for path in own_data(owner))
    if most_bytes is not None and kept + size > most_bytes:
        raise DataError(
            f"your data sets may have {most_bytes:,} bytes on this server and have {kept:,}; "
            f"there is no room for {size:,} more"
        )


def _folder(owner: str, digest: str) -> Path:
    """Make the folder of a data set, and those around it."""
    folder = private_folder(home() / "data")
    for part in (*_place(owner).relative_to(folder).parts, digest):
        folder = private_folder(folder / part)
    return folder


def _place(owner: str) -> Path:
    """Return where a person's data sets lie: a name of theirs never becomes one of a file."""
    if not owner:
        return home() / "data"
    return home() / "data" / "people" / hashlib.sha256(owner.encode()).hexdigest()[:32]
