"""The training process: `python -m blocks.training.worker FOLDER RUNNER`, started by the runner.

It writes figures as it goes, a checkpoint now and
then, the trained model at its end, and last of all `outcome.json`, which says how it ended.
"""

import os
import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from blocks.analysis import analyze
from blocks.errors import BlockwrightError
from blocks.training.backends import BACKENDS
from blocks.training.checkpoint import CheckpointError, KerasModel
from blocks.training.data import load
from blocks.training.datasets import DataError
from blocks.training.engines import on_ray
from blocks.training.engines.backend import backend
from blocks.training.engines.local import EngineError, build, require_device, save_model
from blocks.training.files import DISK_FULL, is_disk_full, write_json
from blocks.training.loop import Diverged, Trainer
from blocks.training.record import Recorder
from blocks.training.run import Run
from blocks.training.stopping import Stop, Stopped
from blocks.training.target import Targets
from blocks.training.watching import Watch, groups_of

NO_MEMORY = ("ResourceExhausted", "RESOURCE_EXHAUSTED", "OOM", "OutOfMemory", "out of memory")
"""How TensorFlow, JAX and PyTorch say that the memory ran out."""


@dataclass(frozen=True)
class Outcome:
    """How training ended: finished, stopped or failed, and a sentence."""

    state: str
    message: str = ""


def main(folder: str, runner: int = 0) -> int:
    """Train the run of a folder; always 0 when the outcome could be written.

    `runner` is the process that looks after it, by default the parent; it may be gone by now.
    """
    run, stop = Run(Path(folder)), Stop(runner)
    stop.watch_runner()
    with Recorder(run.folder) as record:
        try:
            outcome = train(run, record, stop)
        except (BlockwrightError, DataError, EngineError, CheckpointError) as error:
            outcome = Outcome("failed", str(error))
        except Exception as error:
            with suppress(OSError):  # a full disk takes no log either
                traceback.print_exc()
            outcome = Outcome("failed", in_a_sentence(error, run))
    write_json(run.folder / "outcome.json", {"state": outcome.state, "message": outcome.message})
    with suppress(OSError):
        print(outcome.state, outcome.message, flush=True)
    return 0


def train(run: Run, record: Recorder, stop: Stop) -> Outcome:
    """Train from the start or from the checkpoint, until done, stopped or diverged."""
    if run.device.is_cluster:
        return Outcome(*on_ray.train(run, record, stop))
    try:
        with stop.may_interrupt(between_steps=True):
            trainer = prepare(run, record, stop)
    except Stopped:
        return Outcome("stopped", "it was stopped before the first step")
    try:
        outcome = Outcome("finished", trainer.train())
    except Stopped as stopped:
        if stopped.between_steps:
            trainer.save()
        else:
            trainer.restore()
        outcome = Outcome("stopped", f"stopped after {trainer.done}; the weights are kept")
    except Diverged as diverged:
        trainer.restore()
        outcome = Outcome("failed", f"{diverged}; the weights after {trainer.done} are kept")
    record.fact("phase", "saving the model")
    save_model(trainer.model, run.model_path)
    return outcome


def prepare(run: Run, record: Recorder, stop: Stop) -> Trainer:
    """Load what training needs, and put it where the checkpoint, if there is one, left it."""
    record.fact("phase", f"loading {BACKENDS[run.backend]}")
    require_device(run.device)
    record.fact("phase", "loading the data")
    settings = run.settings
    samples = load(run.data, settings)
    record.fact("phase", "building the network")
    parts = run.device.count
    model, targets = build(run, parts)
    watch = watch_of(run, model, targets)
    paths = run.checkpoint_path, run.best_path
    learn = backend().learner_of(model, parts, settings.seed)
    trainer = Trainer(model, targets, samples, settings, record, watch, stop, *paths, learn, parts)
    if run.checkpoint_path.exists():
        trainer.restore()
    else:
        trainer.save()
    return trainer


def watch_of(run: Run, model: KerasModel, targets: Targets) -> Watch:
    """Return what watches a model while it is trained."""
    groups = groups_of(analyze(run.design).graph)
    watched = run.settings.watch_gradients and groups
    return Watch(
        backend().judge_of(model, targets.each[0].output),
        backend().measure_of(model, groups) if watched else None,
        groups,
    )


def in_a_sentence(error: Exception, run: Run) -> str:
    """Return what an exception of the backend means for a person."""
    kind, text = type(error).__name__, str(error).strip()
    first = text.splitlines()[0][:300] if text else "no more is known"
    batch = run.settings.batch_size
    if isinstance(error, MemoryError) or any(word in f"{kind} {first}" for word in NO_MEMORY):
        return f"the memory ran out with batches of {batch}; a smaller batch needs less"
    if is_disk_full(text):
        return DISK_FULL
    return f"training failed with {kind}: {first}"


if __name__ == "__main__":
    code = main(sys.argv[1], int(sys.argv[2]))
    os._exit(code)  # all is written; TensorFlow's own goodbye takes half a second
