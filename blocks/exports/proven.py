"""Exports that prove themselves: one child writes the file, another compares it with the design."""

import shutil
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from blocks.analysis import Report, analyze, bytes_text, require_buildable
from blocks.design import Design
from blocks.errors import BlockwrightError, DiskFullError
from blocks.exports.files import replacing
from blocks.exports.format import ExportError, Format
from blocks.jobs import JobError, OnProgress, Progress, run_job
from blocks.proof import Check, Receipt, file_hash, limits, prove
from blocks.proof.receipt import WRITTEN_AGAIN, versions

WRITER = "blocks.exports.children:write_in_child"
WRITING = 0.4  # the share of an export's time that goes into writing; the proof takes the rest
SPARE_BYTES = 1_000_000  # what a file has beside its weights

Cancelled = Callable[[], bool]


def export_and_prove(
    design: Design,
    entry: Format,
    target: Path,
    on_progress: OnProgress | None = None,
    cancelled: Cancelled | None = None,
) -> Receipt:
    """Write a design in a format, prove the file, and put it in the target's place.

    Raises:
        DesignError: the design has problems; nothing was started.
        ExportError: the format cannot hold the design, or the file is not what was drawn.
        JobError: writing or proving went past its limits, crashed or was cancelled.
        DiskFullError: there is no room for the file.
    """
    report = analyze(design)
    require_buildable(report)
    entry.refuse(report)
    exporter = _Exporter(design, entry, target.name, on_progress, cancelled)
    with replacing(target, entry.suffix, entry.folder_at(target)) as temporary:
        try:
            weights = exporter.write(temporary, f"writing {target.name}", 0, WRITING)
        except JobError:
            _refuse_full_disk(target, report)
            raise
        receipt = exporter.receipt(temporary, weights)
        if not receipt.passed:
            raise ExportError(receipt.sentence())
    return receipt


def _refuse_full_disk(target: Path, report: Report) -> None:
    """Say that the disk is full where it is: a library that finds no space may just crash."""
    free, needed = shutil.disk_usage(target.parent).free, report.weight_bytes + SPARE_BYTES
    if free < needed:
        sizes = f"needs about {bytes_text(needed)}, {bytes_text(free)} are free"
        raise DiskFullError(f"the disk is full: {target.name} {sizes}")


class _Exporter:
    """Writes and proves one design in one format."""

    def __init__(
        self,
        design: Design,
        entry: Format,
        name: str,
        on_progress: OnProgress | None,
        cancelled: Cancelled | None,
    ) -> None:
        self.design, self.entry, self.name = design, entry, name
        self.on_progress, self.cancelled = on_progress, cancelled
        self.report: Report = analyze(design)

    def write(self, path: Path, title: str, start: float, share: float) -> str:
        """Write the file in a child; return the digest of its weights, or nothing."""
        seconds, memory_bytes = limits(self.report)
        answer = run_job(
            WRITER,
            {"design": self.design.to_json(), "format": self.entry.id, "path": str(path)},
            seconds=seconds,
            memory_bytes=memory_bytes,
            title=title,
            on_progress=self._telling(start, share),
            cancelled=self.cancelled,
        )
        return answer["weights"] or ""

    def receipt(self, path: Path, weights: str) -> Receipt:
        """Prove the file in another child."""
        if not self.entry.model:
            return self._written_again(path)
        return prove(
            self.design,
            path,
            format=self.entry.id,
            loader=self.entry.loader,
            weights=weights,
            name=self.name,
            tolerance=self.entry.tolerance,
            on_progress=self._telling(WRITING, 1 - WRITING),
            cancelled=self.cancelled,
        )

    def _written_again(self, path: Path) -> Receipt:
        """Prove a file that holds no model: a fresh process writes the same bytes."""
        with tempfile.TemporaryDirectory() as folder:
            again = Path(folder) / f"again{self.entry.suffix}"
            self.write(again, f"the proof of {self.name}", WRITING, 1 - WRITING)
            equal = file_hash(again) == file_hash(path)
        words = f"a fresh process writes {'the same' if equal else 'other'} bytes"
        return Receipt(
            file=self.name,
            format=self.entry.id,
            design_hash=self.report.graph.hash,
            sha256=file_hash(path),
            versions=versions(),
            checks=(Check(WRITTEN_AGAIN, equal, detail=words),),
        )

    def _telling(self, start: float, share: float) -> OnProgress | None:
        tell = self.on_progress
        if tell is None:
            return None
        return lambda fraction, message: tell(start + share * fraction, message)


class Export:
    """A proven export on its way, to be polled: the same handle as a job's."""

    def __init__(self, design: Design, entry: Format, target: Path) -> None:
        self.progress = Progress(0.0, "Starting")
        self._cancelled = threading.Event()
        self._outcome: Receipt | Exception | None = None
        self._thread = threading.Thread(target=self._run, args=(design, entry, target), daemon=True)
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

    def _run(self, design: Design, entry: Format, target: Path) -> None:
        try:
            self._outcome = export_and_prove(
                design, entry, target, self._tell, self._cancelled.is_set
            )
        except (BlockwrightError, OSError) as error:
            self._outcome = error
