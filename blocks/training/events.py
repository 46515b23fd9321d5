"""A run's figures for TensorBoard, written when asked for."""

import io
import tempfile
import zipfile
from pathlib import Path

from blocks.jobs import run_job
from blocks.training.run import Run

SECONDS = 300
MEMORY = 3_000_000_000


def event_files(run: Run) -> bytes:
    """Return a zip archive of TensorBoard event files with all that a run has recorded.

    Unpacked, `tensorboard --logdir FOLDER` shows it. Writing takes seconds, in a child process.

    Raises:
        JobError: writing crashed or went past its limits.
    """
    archive = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder:
        run_job(
            "blocks.training.engines.events:write_events",
            {"folder": str(run.folder), "target": folder},
            seconds=SECONDS,
            memory_bytes=MEMORY,
            title="Writing event files",
        )
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            for path in sorted(Path(folder).rglob("events.*")):
                packed.write(path, Path(run.id) / path.relative_to(folder))
    return archive.getvalue()
