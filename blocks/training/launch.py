"""Starting the detached runner of a run's folder."""

import subprocess
import sys
import threading
from pathlib import Path

from blocks.errors import BlockwrightError, full_disk_told
from blocks.training import handover, queue
from blocks.training.files import last_words, read_json, write_json

READY = b"ready\n"


class RunError(BlockwrightError):
    """A run that cannot be started, resumed or deleted."""


def launch(folder: Path) -> None:
    """Start the detached runner of a run and wait until it has taken the folder.

    One that waits for a run on the device is given it.

    Raises:
        RunError: it did not start; its last words are in the sentence.
        DiskFullError: there is no room for its log and its status.
    """
    with full_disk_told(f"run {folder.name} was not started"):
        _launch(folder)


def _launch(folder: Path) -> None:
    (folder / "stop").unlink(missing_ok=True)
    before = read_json(folder / "status.json")
    offered = handover.offer(folder)
    if offered and handover.is_taken(folder, before):
        return
    with (folder / "log.txt").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "blocks.training.runner", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
            cwd=folder,
            env=handover.environment(),
        )
    assert process.stdout is not None
    with process.stdout as answer:
        said = answer.readline()
    # Nobody else would collect the runner's exit while this process lives.
    threading.Thread(target=process.wait, daemon=True).start()
    if said != READY and not (offered and queue.is_claimed(folder / "runner.lock")):
        _refused(folder)


def _refused(folder: Path) -> None:
    if queue.is_claimed(folder / "runner.lock"):
        raise RunError(f"run {folder.name} was just started elsewhere; watch it there")
    message = f"its runner did not start: {last_words(folder / 'log.txt', 3) or 'no word of why'}"
    write_json(folder / "status.json", {"state": "failed", "message": message})
    raise RunError(f"run {folder.name} could not start; {message}")
