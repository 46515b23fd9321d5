"""Ways back in: `read` gives a Design from a file, its text or its JSON object."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from blocks.design import Design
from blocks.errors import ReadError
from blocks.imports.design_json import MAX_BYTES, from_object, parse


def read(source: str | Path | Mapping[str, Any]) -> Design:
    """Return the design in a file (by its path), in JSON text, or in a parsed JSON object.

    Values of parameters are not judged here: `analyze` tells what is wrong with them.

    Raises:
        ReadError: the source is no design, is damaged, or goes past a limit.
    """
    if isinstance(source, Mapping):
        return from_object(source)
    if isinstance(source, str) and source.lstrip().startswith("{"):
        return from_object(parse(source))
    return from_object(parse(_text_of(Path(source))))


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ReadError(
                f"{path.name}: a design file has at most {MAX_BYTES:,} bytes, "
                f"got {path.stat().st_size:,}"
            )
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ReadError(f"{path.name}: a design file is UTF-8 text, got other bytes") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a usable path"
        raise ReadError(f"{str(path)[:200]!r}: the file cannot be read: {reason}") from None


__all__ = ["MAX_BYTES", "read"]
