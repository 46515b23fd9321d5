"""Taking the architecture out of a .keras file, a zip archive; nothing else in it is read."""

import re
import struct
import zipfile
import zlib
from pathlib import Path

from blocks.errors import ReadError

MAX_ARCHITECTURE = 20_000_000
MEMBER = "config.json"
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(ValueError, OverflowError, NotImplementedError, RuntimeError),
)
"""How reading a damaged archive fails."""


def architecture_text(path: Path) -> str:
    """Return the JSON text of the architecture in a .keras file.

    Raises:
        ReadError: the file is no such archive, or its architecture goes past a limit.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _text(archive).decode("utf-8")
    except UnicodeDecodeError:
        raise ReadError(f"{MEMBER} must be UTF-8 text, got other bytes") from None
    except UNREADABLE as error:
        raise ReadError(
            f"a .keras file is a zip archive, got something else: {said_by(error)}"
        ) from None


def only_member(archive: zipfile.ZipFile, name: str, limit: int) -> zipfile.ZipInfo:
    """Return the one member of a name, which says that it has no more bytes than a limit.

    Raises:
        ReadError: there is none, more than one, one that is too large, or packed otherwise.
    """
    found = [info for info in archive.infolist() if info.filename == name]
    if len(found) != 1:
        raise ReadError(f"a .keras file holds one {name}, got {len(found)}")
    (info,) = found
    if info.file_size > limit:
        raise ReadError(f"{name} may have {limit:,} bytes, this one says {info.file_size:,}")
    if info.compress_type not in METHODS or info.flag_bits & 1:
        raise ReadError(f"{name} must be stored or deflated and not encrypted")
    return info


def _text(archive: zipfile.ZipFile) -> bytes:
    with archive.open(only_member(archive, MEMBER, MAX_ARCHITECTURE)) as member:
        data = member.read(MAX_ARCHITECTURE + 1)
    if len(data) > MAX_ARCHITECTURE:
        raise ReadError(f"{MEMBER} may have {MAX_ARCHITECTURE:,} bytes, this one has more")
    return data


def said_by(error: Exception) -> str:
    """Return what a library said of a file, as a sentence may quote it: no line ends, no path."""
    first = str(error).strip().splitlines()[:1]
    words = re.sub(r"name = '[^']*', ", "", first[0]) if first else type(error).__name__
    return f"{words!a:.120}" if not words.isprintable() else words[:120]
