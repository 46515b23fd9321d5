"""A run is a folder: anyone who can read it knows all about the run, whatever has died since."""

import time
from dataclasses import dataclass
from pathlib import Path

from blocks.carried import Carried
from blocks.imports import with_weights_of
from blocks.jobs import run_job
from blocks.training import queue, trash
from blocks.training.backends import environment
from blocks.training.files import read_json, write_json
from blocks.training.launch import RunError, launch
from blocks.training.run_folder import RunFolder
from blocks.training.settings import TrainingSettings
from blocks.weights import path_of

ALIVE = ("queued", "running")
DATA_CHANGED = "data changed"
MODEL_SUFFIXES = (".keras", ".h5", ".weights.h5")
WRITING_SECONDS = 300
WRITING_BYTES = 3_000_000_000


@dataclass(frozen=True)
class Status:
    """Where a run stands: queued, running, finished, stopped or failed; and a sentence on it.

    `place` counts the runs before it on its device while it is queued.
    """

    state: str
    message: str = ""
    place: int = 0

    @property
    def alive(self) -> bool:
        return self.state in ALIVE


@dataclass(frozen=True)
class Run(RunFolder):
    """A training run, by its folder: what it tells, where it stands, and what to do with it."""

    def status(self) -> Status:
        """Return where the run stands; one whose runner died while it ran has failed."""
        written = read_json(self.folder / "status.json")
        state, message = str(written.get("state", "failed")), str(written.get("message", ""))
        if state not in ALIVE:
            return Status(state, message)
        if queue.is_claimed(self.folder / "runner.lock"):
            before = [queue.place(key, self.folder) for key in self.device.keys]
            return Status(state, message, max(before, default=0) if state == "queued" else 0)
        written = read_json(self.folder / "status.json")  # it may have ended just now
        if written.get("state") not in ALIVE:
            return Status(str(written.get("state", "failed")), str(written.get("message", "")))
        outcome = read_json(self.folder / "outcome.json")
        if outcome:
            return Status(str(outcome.get("state")), str(outcome.get("message", "")))
        kept = "the last checkpoint is kept, resume it"
        how = "was killed, or the disk is full"
        return Status("failed", f"the process that looked after the run {how}; {kept}")

    def model_as(self, suffix: str, best: bool = False) -> Path:
        """Return the trained model as a .keras, .h5 or .weights.h5 file, written when first asked.

        It is that of the last checkpoint, so that a run that crashed has one too, or that of the
        best epoch, the one with the least validation loss. Writing takes seconds, in a child
        process.

        Raises:
            RunError: the run still goes on, has no weights yet, or there is no such format.
            JobError: writing crashed or went past its limits.
        """
        if suffix not in MODEL_SUFFIXES:
            raise RunError(f"a model can be had as {', '.join(MODEL_SUFFIXES)}, got {suffix!a:.20}")
        if not self.has_weights:
            raise RunError(f"run {self.id} has no weights yet; let it train for a step at least")
        if self.status().alive:
            raise RunError(f"run {self.id} is {self.status().state}; stop it to take its model")
        if best and not self.best_path.exists():
            raise RunError(f"run {self.id} has no best epoch yet; let it train for one at least")
        source = self.best_path if best else self.checkpoint_path
        state, target = source.stat(), self.folder / f"{'best' if best else 'model'}{suffix}"
        if not target.exists() or target.stat().st_mtime_ns < state.st_mtime_ns:
            run_job(
                "blocks.training.engines.local:write_model",
                {"folder": str(self.folder), "target": str(target), "of": source.name},
                seconds=WRITING_SECONDS,
                memory_bytes=WRITING_BYTES + 4 * state.st_size,
                title="Writing the trained model",
                env=environment(self.backend),
            )
        return target

    def start_weights(self) -> Path:
        """Return the weights that the run started from, as its training script loads them.

        Raises:
            RunError: the file of the weights is gone.
            JobError: writing crashed or went past its limits.
        """
        target = self.folder / "start.weights.h5"
        if not target.exists():
            carried = self.design.weights
            if carried and not path_of(carried).exists():
                raise RunError(f"the weights that run {self.id} started from are not kept any more")
            run_job(
                "blocks.training.engines.local:write_model",
                {"folder": str(self.folder), "target": str(target), "of": "start"},
                seconds=WRITING_SECONDS,
                memory_bytes=WRITING_BYTES,
                title="Writing the first weights",
                env=environment(self.backend),
            )
        return target

    def carried_weights(self) -> Carried:
        """Keep the weights of the last checkpoint and return what a design says of them.

        Raises:
            RunError: the run still goes on, or has no weights yet.
            JobError: writing the model crashed or went past its limits.
            ReadError: the weights cannot be read from it.
        """
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(self.started))
        design = with_weights_of(self.design, self.model_as(".keras"), f"the training of {when}")
        if design.weights is None:
            raise RunError(f"run {self.id} has no weights that a design could carry")
        return design.weights

    @property
    def stop_asked(self) -> bool:
        """Tell whether Stop was asked for since the run was last started."""
        return (self.folder / "stop").exists()

    @property
    def can_resume(self) -> bool:
        """Tell whether the run has ended before its last epoch."""
        return self.status().state in ("stopped", "failed")

    @property
    def data_changed(self) -> bool:
        """Tell whether the run cannot be resumed because its data are not the same any more."""
        outcome = read_json(self.folder / "outcome.json")
        return self.can_resume and outcome.get("cause") == DATA_CHANGED

    def stop(self) -> None:
        """Ask the run to stop; it ends within one step and keeps its weights."""
        (self.folder / "stop").touch()

    def wait(self, seconds: float | None = None) -> Status:
        """Return the run's status when it has ended, or after some seconds."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while (status := self.status()).alive:
            if deadline is not None and time.monotonic() > deadline:
                break
            time.sleep(0.05)
        return status

    def resume(self, epochs: int | None = None) -> "Run":
        """Go on from the last checkpoint, on a CPU with the same weights as without the break.

        A run that ended before its first checkpoint starts anew. `epochs` sets a new goal, so
        that a finished run can be trained on.

        Raises:
            RunError: the run is still going or complete, or the goal breaks a rule.
        """
        if self.status().alive:
            raise RunError(f"run {self.id} is {self.status().state}; stop it before resuming it")
        if epochs is not None:
            self._set_epochs(epochs)
        if (
            self.status().state == "finished"
            and self.progress().epochs_done >= self.settings.epochs
        ):
            raise RunError(
                f"run {self.id} has finished its {self.settings.epochs} epochs; "
                "give a larger number of epochs to train on"
            )
        launch(self.folder)
        return self

    def _set_epochs(self, epochs: int) -> None:
        about = self.about
        about["settings"] = {**about.get("settings", {}), "epochs": epochs}
        problems = list(TrainingSettings.of(about["settings"]).problems())
        if problems:
            raise RunError("; ".join(problems))
        write_json(self.folder / "settings.json", about)

    def delete(self) -> None:
        """Take the run from the others; `deleted_runs` has it for 30 days.

        One that was given a folder elsewhere is removed for good.

        Raises:
            RunError: it is still going.
        """
        if self.status().alive:
            raise RunError(f"run {self.id} is {self.status().state}; stop it before deleting it")
        trash.put_away(self.folder)

    def restore(self) -> "Run":
        """Bring the deleted run back with all that was in it.

        Raises:
            RunError: it is not there any more.
        """
        try:
            return Run(trash.bring_back(self.folder))
        except OSError:
            raise RunError(
                f"run {self.id} cannot be brought back: it was removed for good, or restored "
                "elsewhere; look for it in the list of runs"
            ) from None

    def remove(self) -> None:
        """Remove the deleted run for good, with all that is in it."""
        trash.remove(self.folder)
