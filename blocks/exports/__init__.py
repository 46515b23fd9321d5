"""Files to take home: one file here per format; dropping a file in is all it takes."""

import tempfile
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from blocks.analysis import analyze, require_buildable
from blocks.design import Design
from blocks.exports.files import replacing
from blocks.exports.format import ExportError, Format
from blocks.exports.proven import Export, export_and_prove
from blocks.jobs import OnProgress
from blocks.proof import Receipt


@cache
def formats() -> dict[str, Format]:
    """Return every format by id, in the order of their files."""
    modules = sorted(module.name for module in iter_modules(__path__) if not module.ispkg)
    found = [getattr(import_module(f"{__name__}.{name}"), "FORMAT", None) for name in modules]
    return {entry.id: entry for entry in found if entry}


def format_named(format_id: str) -> Format:
    """Return a format by its id.

    Raises:
        ExportError: there is none.
    """
    if format_id not in formats():
        known = ", ".join(formats())
        raise ExportError(f"there is no format {format_id!a:.40}; there are: {known}")
    return formats()[format_id]


def export(design: Design, format: str, path: str | Path | None = None) -> str | bytes | None:
    """Export a design, in this process and without proof.

    With a path the file is written there, whole or not at all, readable by its owner only.
    Without one its content is returned: a string for formats of text, else bytes.

    Raises:
        DesignError: the design has problems; all are listed.
        ExportError: there is no such format.
    """
    entry = format_named(format)
    report = analyze(design)
    if not entry.half_drawn:
        require_buildable(report)
    entry.refuse(report)
    if path is not None:
        target = Path(path)
        with replacing(target, entry.suffix, entry.folder_at(target)) as temporary:
            entry.write(design, temporary)
        return None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"export{entry.suffix}"
        entry.write(design, file)
        return file.read_text(encoding="utf-8") if entry.text else file.read_bytes()


def export_proven(
    design: Design,
    format: str,
    path: str | Path,
    *,
    on_progress: OnProgress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Receipt:
    """Export a design in a child process, and put the file in place once another has proved it.

    An export that fails its proof, is cancelled or crashes leaves the path as it was.

    Raises:
        DesignError: the design has problems; nothing was started.
        ExportError: there is no such format, it cannot hold the design, or the file is not what
            was drawn.
        JobError: writing or proving went past its limits, crashed or was cancelled.
    """
    return export_and_prove(design, format_named(format), Path(path), on_progress, cancelled)


def start_export(design: Design, format: str, path: str | Path) -> Export:
    """Start a proven export and return at once.

    Raises:
        ExportError: there is no such format.
    """
    return Export(design, format_named(format), Path(path))


__all__ = [
    "Export",
    "ExportError",
    "Format",
    "export",
    "export_proven",
    "formats",
    "replacing",
    "start_export",
]
