"""Taking the architecture out of a .keras file, a zip archive; nothing else in it is read."""

import zipfile
from pathlib import Path

from blocks.errors import ReadError

MAX_ARCHITECTURE = 20_000_000
MEMBER = "config.json"
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def architecture_text(path: Path) -> str:
    """Return the JSON text of the architecture in a .keras file.

    Raises:
        ReadError: the file is no such archive, or its architecture goes past a limit.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _member(archive).decode("utf-8")
    except UnicodeDecodeError:
        raise ReadError(f"{MEMBER} must be UTF-8 text, got other bytes") from None
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise ReadError(f"a .keras file is a zip archive, got something else: {error}") from None


def _member(archive: zipfile.ZipFile) -> bytes:
    found = [info for info in archive.infolist() if info.filename == MEMBER]
    if len(found) != 1:
        raise ReadError(f"a .keras file holds one {MEMBER}, got {len(found)}")
    (info,) = found
    if info.file_size > MAX_ARCHITECTURE:
        raise ReadError(
            f"{MEMBER} may have {MAX_ARCHITECTURE:,} bytes, this one says {info.file_size:,}"
        )
    if info.compress_type not in METHODS or info.flag_bits & 1:
        raise ReadError(f"{MEMBER} must be stored or deflated and not encrypted")
    with archive.open(info) as member:
        data = member.read(MAX_ARCHITECTURE + 1)
    if len(data) > MAX_ARCHITECTURE:
        raise ReadError(f"{MEMBER} may have {MAX_ARCHITECTURE:,} bytes, this one has more")
    return data
