"""The training process: `python -m blocks.training.worker FOLDER RUNNER`, started by the runner.

It writes figures as it goes, a checkpoint now and then, the trained model at its end, and last of
all `outcome.json`, which says how it ended. Without a folder it waits for one and makes ready
meanwhile: a line of JSON with a `plan` says what for, one with the `folder` of a run begins it.
"""

import errno
import json
import os
import sqlite3
import sys
import traceback
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from blocks.errors import BlockwrightError, is_disk_full
from blocks.training.checkpoint import CheckpointError
from blocks.training.conclusion import conclude
from blocks.training.ending import Diverged
from blocks.training.engines import on_ray
from blocks.training.engines.local import EngineError, save_model
from blocks.training.failing import sentence_of
from blocks.training.files import DISK_FULL, write_json
from blocks.training.fingerprint import DataChanged, require_as_started, require_same
from blocks.training.loop import Trainer
from blocks.training.plan import Plan
from blocks.training.prepare import prepared
from blocks.training.record import Recorder
from blocks.training.rehearsal import Rehearsal
from blocks.training.run import DATA_CHANGED, Run
from blocks.training.stopping import Stop, Stopped


@dataclass(frozen=True)
class Outcome:
    """How training ended: finished, stopped or failed, a sentence, and a cause with a remedy."""

    state: str
    message: str = ""
    cause: str = ""


def main(folder: Path, runner: int, rehearsal: Rehearsal | None = None) -> int:
    """Train the run of a folder; 0 when the outcome could be written, ENOSPC on a full disk.

    `runner` is the process that looks after it; it may be gone by now.
    """
    run, stop = Run(folder), Stop(runner)
    stop.watch_runner()
    try:
        with Recorder(run.folder) as record:
            outcome = attempt(run, record, stop, rehearsal)
        write_json(run.folder / "outcome.json", asdict(outcome))
    except (OSError, sqlite3.Error) as error:
        if is_disk_full(error):
            return errno.ENOSPC  # neither outcome nor log can tell it
        raise
    with suppress(OSError):
        print(outcome.state, outcome.message, flush=True)
    return 0


def wait_for_run(runner: int) -> int:
    """Load TensorFlow, make ready what a line asks for, and train the run that another names."""
    import keras

    if os.environ["CUDA_VISIBLE_DEVICES"] == "-1":  # else it would take memory of a GPU
        keras.ops.zeros(())  # TensorFlow's threads start here, with the priority to train with
    rehearsal = None
    while line := sys.stdin.readline():
        said = json.loads(line)
        if "plan" in said:
            rehearsal = Rehearsal(Plan.from_json(said["plan"]))
            rehearsal.start()
        else:
            folder = Path(said["folder"])
            os.chdir(folder)
            log = os.open(folder / "log.txt", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            os.dup2(log, 1)
            os.dup2(log, 2)
            return main(folder, runner, rehearsal)
    return 0  # whoever had a run for this process is gone


def attempt(run: Run, record: Recorder, stop: Stop, rehearsal: Rehearsal | None) -> Outcome:
    """Train, and put whatever goes wrong into a sentence."""
    try:
        return train(run, record, stop, rehearsal)
    except DataChanged as error:
        return Outcome("failed", str(error), DATA_CHANGED)
    except (BlockwrightError, EngineError, CheckpointError, Diverged) as error:
        return Outcome("failed", DISK_FULL if is_disk_full(error) else str(error))
    except Exception as error:
        with suppress(OSError):  # a full disk takes no log either
            traceback.print_exc()
        return Outcome("failed", sentence_of(error, run))


def train(run: Run, record: Recorder, stop: Stop, rehearsal: Rehearsal | None) -> Outcome:
    """Train from the start or from the checkpoint, until done, stopped or diverged."""
    if run.device.is_cluster:
        return Outcome(*on_ray.train(run, record, stop))
    try:
        with stop.may_interrupt(between_steps=True):
            trainer = prepare(run, record, stop, rehearsal)
    except Stopped:
        return Outcome("stopped", "it was stopped before the first step")
    outcome = conclude(trainer)
    record.fact("phase", "saving the model")
    save_model(trainer.model, run.model_path)
    return Outcome(*outcome)


def prepare(run: Run, record: Recorder, stop: Stop, rehearsal: Rehearsal | None) -> Trainer:
    """Load what training needs, and put it where the checkpoint, if there is one, left it."""

    def say(phase: str) -> None:
        record.fact("phase", phase)

    require_as_started(run)
    found = rehearsal.wait(say) if rehearsal else None
    found = found or prepared(Plan.of(run), say)
    resumed = run.checkpoint_path.exists()
    if resumed:
        require_same(run.fingerprint, found.fingerprint)
    write_json(run.fingerprint_path, found.fingerprint)
    trainer = Trainer(
        found.model,
        found.targets,
        found.samples,
        run.settings,
        record,
        found.watch,
        stop,
        run.checkpoint_path,
        run.best_path,
        found.learn,
        run.device.count,
        traced=found.traced,
    )
    if resumed:
        trainer.restore()
    else:
        trainer.save()
    return trainer


if __name__ == "__main__":
    given = sys.argv[1:]
    code = main(Path(given[0]), int(given[1])) if given else wait_for_run(os.getppid())
    os._exit(code)  # all is written; TensorFlow's own goodbye takes half a second
