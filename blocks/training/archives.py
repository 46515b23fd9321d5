"""Archives and folders from anywhere: names and sizes are looked at before anything is unpacked."""

import os
import stat
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from blocks.training.contents import DataFileError, require_size

MAX_MEMBERS = 200_000
MAX_UNPACKED = 8 * 1024**3
MAX_DEPTH = 8

Sizes = Mapping[str, int]
"""Bytes of every file, by its name with / between folders."""

Read = Callable[[str], bytes]


def require_apart(entries: Sequence[zipfile.ZipInfo], size: int) -> None:
    """Refuse an archive whose members lie over one another, as those of a zip bomb do.

    Raises:
        DataFileError: two members have bytes in common, or one lies outside the file.
    """
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end or entry.header_offset + entry.compress_size > size:
            raise DataFileError("its members lie over one another; pack it again")
        end = entry.header_offset + entry.compress_size


@contextmanager
def opened(path: Path, limit: int) -> Iterator[tuple[Sizes, Read]]:
    """Give the files of a zip archive or a folder, and what reads one; links are refused.

    `limit` is the most bytes that one file may have.

    Raises:
        DataFileError: it goes past a limit, or has links or names that lead elsewhere.
    """
    if path.is_dir():
        yield dict(_walk(path, limit)), lambda name: _bounded(path / name, limit)
        return
    size = path.stat().st_size
    require_size(size)
    with zipfile.ZipFile(path) as archive:
        entries = {entry.filename: entry for entry in archive.infolist()}
        _check(archive, size, limit)

        def read(name: str) -> bytes:
            with archive.open(entries[name]) as file:
                return file.read(limit)

        yield {n: e.file_size for n, e in entries.items() if not e.is_dir()}, read


def _check(archive: zipfile.ZipFile, size: int, limit: int) -> None:
    entries = archive.infolist()
    if len(entries) > MAX_MEMBERS or len({e.filename for e in entries}) < len(entries):
        raise DataFileError(f"it may hold {MAX_MEMBERS:,} files, each once, got {len(entries):,}")
    require_apart(entries, size)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED:
        raise DataFileError(f"unpacked it may have {MAX_UNPACKED:,} bytes, got {unpacked:,}")
    for entry in entries:
        _check_name(entry.filename)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise DataFileError(f"{_shown(entry.filename)} is a link; pack the file itself")
        if entry.flag_bits & 1:
            raise DataFileError(f"{_shown(entry.filename)} has a password; pack it without one")
        if entry.file_size > limit:
            raise DataFileError(
                f"{_shown(entry.filename)} may have {limit:,} bytes, got {entry.file_size:,}"
            )


def _check_name(name: str) -> None:
    parts = PurePosixPath(name).parts
    if (
        not name
        or name.startswith("/")
        or "\\" in name
        or ":" in name
        or ".." in parts
        or "\0" in name
    ):
        raise DataFileError(f"{_shown(name)} leads out of the archive; pack it again")
    if len(parts) > MAX_DEPTH:
        raise DataFileError(f"{_shown(name)} lies deeper than {MAX_DEPTH} folders")


def _walk(root: Path, limit: int) -> Iterator[tuple[str, int]]:
    """Yield name and size of every file under a folder."""
    waiting, found = [""], 0
    while waiting:
        inside = waiting.pop()
        for entry in sorted(os.scandir(root / inside), key=lambda entry: entry.name):
            name = f"{inside}{entry.name}"
            found += 1
            if entry.name.startswith("."):
                continue
            if entry.is_symlink():
                raise DataFileError(f"{_shown(name)} is a link; put the file itself there")
            if found > MAX_MEMBERS or name.count("/") >= MAX_DEPTH:
                raise DataFileError(
                    f"it may hold {MAX_MEMBERS:,} files in {MAX_DEPTH} folders, got more"
                )
            size = entry.stat(follow_symlinks=False).st_size
            if entry.is_dir(follow_symlinks=False):
                waiting.append(f"{name}/")
            elif size > limit:
                raise DataFileError(f"{_shown(name)} may have {limit:,} bytes, got {size:,}")
            else:
                yield name, size


def _bounded(path: Path, limit: int) -> bytes:
    with path.open("rb") as file:
        return file.read(limit)


def _shown(name: str) -> str:
    """Return a name from an archive as a sentence may have it."""
    return ascii(name)[:80]
