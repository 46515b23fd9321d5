"""Proof that an exported file is the design, weight for weight, found in a fresh process."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import psutil

from blocks.analysis import Report, analyze, require_buildable
from blocks.design import Design
from blocks.errors import ReadError
from blocks.jobs import OnProgress, run_job
from blocks.proof.load import TOLERANCES, format_of
from blocks.proof.receipt import BATCH, Check, Receipt

KERAS_BYTES = 2_000_000_000
SECONDS = 120
BYTES_PER_SECOND = 10_000_000  # of weights, on a slow machine
SHARE_OF_MACHINE = 0.8


def prove(
    design: Design,
    path: str | Path,
    *,
    format: str = "",
    loader: str = "",
    weights: str = "",
    name: str = "",
    tolerance: float | None = None,
    on_progress: OnProgress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Receipt:
    """Compare an exported file, trained or not, with its design, in a fresh process.

    Layer classes, wiring, whole configs, shapes and parameter counts are compared, then the
    weights with those that the design carries, if it does, and the outputs of every layer under
    the same random weights: bit for bit, unless a `tolerance` is given or the format has one.
    SavedModels and ONNX files hold no Keras layers: inputs, outputs and weights are compared by
    name and shape, and what comes out under the file's own weights and under random ones.
    `format` is told from the file's name where it is left out; `weights` is the digest of the
    weights the file was written with; `name` is what the receipt calls the file. Python files are
    executed, and so is the graph of a SavedModel.

    Raises:
        DesignError: the design has problems.
        ReadError: there is no such file, or it holds no model.
        JobError: the comparison went past its limits, or crashed.
    """
    path = Path(path)
    report = analyze(design)
    require_buildable(report)
    if not path.exists():
        raise ReadError(f"{path}: there is no such file")
    format = format or format_of(path)
    seconds, memory_bytes = limits(report)
    answer = run_job(
        "blocks.proof.child:prove_in_child",
        {
            "design": design.to_json(),
            "path": str(path.resolve()),
            "format": format,
            "loader": loader,
            "weights": weights,
            "tolerance": TOLERANCES.get(format, 0.0) if tolerance is None else tolerance,
        },
        seconds=seconds,
        memory_bytes=memory_bytes,
        title=f"the proof of {name or path.name}",
        on_progress=on_progress,
        cancelled=cancelled,
    )
    return Receipt(
        file=name or path.name,
        format=format,
        design_hash=report.graph.hash,
        sha256=file_hash(path),
        versions=answer["versions"],
        checks=tuple(Check(**check) for check in answer["checks"]),
    )


def limits(report: Report) -> tuple[float, int]:
    """Return the seconds and the bytes that building or proving a design may take."""
    needed = KERAS_BYTES + 10 * report.weight_bytes + 6 * BATCH * report.activation_bytes
    seconds = SECONDS + report.weight_bytes / BYTES_PER_SECOND + len(report.layers)
    return seconds, min(needed, int(SHARE_OF_MACHINE * psutil.virtual_memory().total))


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, or of the names and contents of all files in a folder."""
    if path.is_dir():
        parts = sorted(part for part in path.rglob("*") if part.is_file())
        rows = [f"{part.relative_to(path).as_posix()} {file_hash(part)}" for part in parts]
        return hashlib.sha256("\n".join(rows).encode()).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


__all__ = ["TOLERANCES", "Check", "Receipt", "file_hash", "limits", "prove"]
