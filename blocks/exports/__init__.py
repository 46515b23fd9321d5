"""Files to take home: one file here per format; dropping a file in is all it takes."""

import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from blocks.analysis import analyze, require_buildable
from blocks.design import Design
from blocks.errors import BlockwrightError
from blocks.exports.format import ExportError, Format
from blocks.jobs import JobError, OnProgress, Progress, run_job
from blocks.proof import Check, Receipt, file_hash, limits, prove
from blocks.proof.receipt import versions

WRITING = 0.4  # the share of an export's time that goes into writing; the proof takes the rest


@cache
def formats() -> dict[str, Format]:
    """Return every format by id, in the order of their files."""
    modules = sorted(module.name for module in iter_modules(__path__) if not module.ispkg)
    found = [getattr(import_module(f"{__name__}.{name}"), "FORMAT", None) for name in modules]
    return {entry.id: entry for entry in found if entry}


def export(design: Design, format: str, path: str | Path | None = None) -> str | bytes | None:
    """Export a design, in this process and without proof.

    With a path the file is written there, whole or not at all, readable by its owner only.
    Without one its content is returned: a string for formats of text, else bytes.

    Raises:
        DesignError: the design has problems; all are listed.
        ExportError: there is no such format.
    """
    entry = _format(format)
    if not entry.half_drawn:
        require_buildable(analyze(design))
    if path is not None:
        with replacing(Path(path), entry.suffix) as temporary:
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
        ExportError: there is no such format, or the file is not what was drawn.
        JobError: writing or proving went past its limits, crashed or was cancelled.
    """
    entry, report = _format(format), analyze(design)
    require_buildable(report)
    target = Path(path)

    def tell(start: float, share: float) -> OnProgress | None:
        if on_progress is None:
            return None
        return lambda fraction, message: on_progress(start + share * fraction, message)

    with replacing(target, entry.suffix) as temporary:
        seconds, memory_bytes = limits(report)
        answer = run_job(
            "blocks.exports.children:write_in_child",
            {"design": design.to_json(), "format": format, "path": str(temporary)},
            seconds=seconds,
            memory_bytes=memory_bytes,
            title=f"writing {target.name}",
            on_progress=tell(0, WRITING),
            cancelled=cancelled,
        )
        proving = tell(WRITING, 1 - WRITING)
        receipt = (
            prove(
                design,
                temporary,
                format=format,
                loader=entry.loader,
                weights=answer["weights"] or "",
                tolerance=entry.tolerance,
                on_progress=proving,
                cancelled=cancelled,
                name=target.name,
            )
            if entry.model
            else _written_again(design, entry, temporary, target.name, proving, cancelled)
        )
        if not receipt.passed:
            raise ExportError(receipt.sentence())
    return receipt


class Export:
    """A proven export on its way, to be polled: the same handle as a job's."""

    def __init__(self, design: Design, format: str, path: str | Path) -> None:
        self.progress = Progress(0.0, "Starting")
        self._cancelled = threading.Event()
        self._outcome: Receipt | BlockwrightError | OSError | None = None
        self._thread = threading.Thread(target=self._run, args=(design, format, path), daemon=True)
        self._thread.start()

    @property
    def done(self) -> bool:
        """True once there is a receipt or an error."""
        return not self._thread.is_alive()

    def cancel(self) -> None:
        """Stop it; the path stays as it was."""
        self._cancelled.set()

    def result(self) -> Receipt:
        """Wait for the receipt; raises what `export_proven` raises."""
        self._thread.join()
        if isinstance(self._outcome, Receipt):
            return self._outcome
        raise self._outcome or JobError("the export ended without a result")

    def _tell(self, fraction: float, message: str) -> None:
        self.progress = Progress(fraction, message)

    def _run(self, design: Design, format: str, path: str | Path) -> None:
        try:
            self._outcome = export_proven(
                design, format, path, on_progress=self._tell, cancelled=self._cancelled.is_set
            )
        except (BlockwrightError, OSError) as error:
            self._outcome = error


def start_export(design: Design, format: str, path: str | Path) -> Export:
    """Start a proven export and return at once."""
    return Export(design, format, path)


@contextmanager
def replacing(target: Path, suffix: str) -> Iterator[Path]:
    """Give a temporary path beside the target; put it in the target's place when all went well.

    A kill or a full disk leaves the old file, or none, never half of one.
    """
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


def _format(format_id: str) -> Format:
    if format_id not in formats():
        known = ", ".join(formats())
        raise ExportError(f"there is no format {format_id!a:.40}; there are: {known}")
    return formats()[format_id]


def _written_again(
    design: Design,
    entry: Format,
    written: Path,
    name: str,
    on_progress: OnProgress | None,
    cancelled: Callable[[], bool] | None,
) -> Receipt:
    """Prove a file that holds no model: a fresh process writes the same bytes."""
    report = analyze(design)
    seconds, memory_bytes = limits(report)
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder) / f"again{entry.suffix}"
        run_job(
            "blocks.exports.children:write_in_child",
            {"design": design.to_json(), "format": entry.id, "path": str(again)},
            seconds=seconds,
            memory_bytes=memory_bytes,
            title=f"the proof of {name}",
            on_progress=on_progress,
            cancelled=cancelled,
        )
        equal = file_hash(again) == file_hash(written)
    words = "a fresh process writes the same bytes" if equal else "a fresh process writes others"
    return Receipt(
        file=name,
        format=entry.id,
        design_hash=report.graph.hash,
        sha256=file_hash(written),
        versions=versions(),
        checks=(Check("written again", equal, detail=words),),
    )


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
