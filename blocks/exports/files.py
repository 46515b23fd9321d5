"""Putting files in place whole or not at all."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from blocks.home import sweep


@contextmanager
def replacing(target: Path, suffix: str) -> Iterator[Path]:
    """Give a temporary path beside the target; put it in the target's place when all went well.

    A kill or a full disk leaves the old file, or none, never half of one. Only the owner may
    read the file.
    """
    if not target.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "there is no such folder to write to", str(target))
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, "this is a folder, name a file in it", str(target))
    sweep(target.parent)
    handle, name = tempfile.mkstemp(prefix=".blockwright-", suffix=suffix, dir=target.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.chmod(0o600)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
