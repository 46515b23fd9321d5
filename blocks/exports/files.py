"""Putting files in place whole or not at all."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from blocks.errors import full_disk_told
from blocks.home import UNFINISHED, sweep


@contextmanager
def replacing(target: Path, suffix: str, folder: str = "") -> Iterator[Path]:
    """Give a temporary path beside the target; put it in the target's place when all went well.

    A kill or a full disk leaves the old file, or none, never half of one. Only the owner may
    read the file. Where `folder` is given, the path is that of a folder: a target that is there
    already is replaced only if it is empty or holds a file of that name.

    Raises:
        DiskFullError: there is no room.
        OSError: the target cannot be replaced; its text says why.
    """
    if not target.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "there is no such folder to write to", str(target))
    sweep(target.parent)
    new = _new_folder(target, folder) if folder else _new_file(target, suffix)
    with full_disk_told(f"{target.name} was not written"), new as temporary:
        yield temporary


@contextmanager
def _new_file(target: Path, suffix: str) -> Iterator[Path]:
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, "this is a folder, name a file in it", str(target))
    handle, name = tempfile.mkstemp(prefix=UNFINISHED, suffix=suffix, dir=target.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        _to_disk(temporary)
        temporary.chmod(0o600)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def _new_folder(target: Path, mark: str) -> Iterator[Path]:
    _refuse_others(target, mark)
    place = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=target.parent))
    temporary, old = place / "new", place / "old"
    temporary.mkdir(mode=0o700)
    try:
        yield temporary
        for part in temporary.rglob("*"):
            if part.is_file():
                _to_disk(part)
        if target.is_dir():
            target.replace(old)  # a folder is exchanged in two moves: between them there is none
        temporary.replace(target)
    except BaseException:
        if old.is_dir() and not target.exists():
            old.replace(target)
        raise
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _refuse_others(target: Path, mark: str) -> None:
    """Refuse to replace anything but an empty folder, or one with the file that marks its kind."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        words = "this is no folder; end the name in .zip, or choose another"
        raise NotADirectoryError(errno.ENOTDIR, words, str(target))
    if target.is_dir() and any(target.iterdir()) and not (target / mark).is_file():
        words = f"this folder is not empty and has no {mark}; it is left alone, choose another name"
        raise FileExistsError(errno.EEXIST, words, str(target))


def _to_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
