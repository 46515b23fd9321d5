"""A run is a folder: anyone who can read it knows all about the run, whatever has died since."""

import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blocks.carried import Carried
from blocks.design import Design
from blocks.imports import with_weights_of
from blocks.jobs import run_job
from blocks.training import queue, record, trash
from blocks.training.devices import Device
from blocks.training.devices import from_json as device_from_json
from blocks.training.files import last_words, read_json, write_json
from blocks.training.launch import RunError, launch
from blocks.training.progress import Progress, progress_of
from blocks.training.settings import TrainingSettings
from blocks.training.wrong import Wrong, read_wrong
from blocks.weights import path_of

ALIVE = ("queued", "running")
GREETING = re.compile(r"I\d{4} |WARNING: All log messages before absl")
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
class Run:
    """A training run, by its folder. All is read from the disk, so it is good after any restart."""

    folder: Path

    @property
    def id(self) -> str:
        return self.folder.name.removeprefix(trash.PREFIX)

    @property
    def about(self) -> dict[str, Any]:
        """What the run was started with: data, device, settings, revision, time, versions."""
        return read_json(self.folder / "settings.json")

    @property
    def design(self) -> Design:
        """The design as it was when the run was started."""
        return Design.from_json(read_json(self.folder / "design.json"))

    @property
    def settings(self) -> TrainingSettings:
        return TrainingSettings.of(self.about.get("settings", {}))

    @property
    def data(self) -> str:
        """Name or path of the data set."""
        return str(self.about.get("data", ""))

    @property
    def data_title(self) -> str:
        """What the data set is called."""
        return str(self.about.get("data_title") or self.data)

    @property
    def class_names(self) -> tuple[str, ...]:
        """What the classes of the data are called; their numbers where they have no names."""
        about = self.about
        names = about.get("class_names") or range(int(about.get("classes", 0)))
        return tuple(map(str, names))

    @property
    def device(self) -> Device:
        """The device asked for; its memory figures are not kept."""
        return device_from_json(self.about.get("device", {}))

    @property
    def started(self) -> float:
        """When the run was first started, in seconds since 1970."""
        return float(self.about.get("started", 0))

    @property
    def design_id(self) -> str:
        return str(self.about.get("design_id") or "")

    @property
    def owner(self) -> str:
        """Who started the run in the editor; "" for one from the shell or from Python."""
        return str(self.about.get("owner") or "")

    @property
    def tag(self) -> str:
        """What runs that were started together have in common; "" for one of its own."""
        return str(self.about.get("tag") or "")

    @property
    def title(self) -> str:
        """What a person calls the run; "" while it has no name of its own."""
        return str(self.about.get("title") or "")

    def rename(self, title: str) -> None:
        """Give the run a name, or with "" take it away; at most 80 characters are kept."""
        write_json(self.folder / "settings.json", {**self.about, "title": title.strip()[:80]})

    @property
    def revision(self) -> int | None:
        """The revision of the design that is trained; None where it has none."""
        revision = self.about.get("revision")
        return revision if isinstance(revision, int) else None

    def status(self) -> Status:
        """Return where the run stands; one whose runner died while it ran has failed."""
        written = read_json(self.folder / "status.json")
        state, message = str(written.get("state", "failed")), str(written.get("message", ""))
        if state not in ALIVE:
            return Status(state, message)
        if queue.is_claimed(self.folder / "runner.lock"):
            before = queue.place(self.device.key, self.folder) if state == "queued" else 0
            return Status(state, message, before)
        written = read_json(self.folder / "status.json")  # it may have ended just now
        if written.get("state") not in ALIVE:
            return Status(str(written.get("state", "failed")), str(written.get("message", "")))
        outcome = read_json(self.folder / "outcome.json")
        if outcome:
            return Status(str(outcome.get("state")), str(outcome.get("message", "")))
        kept = "the last checkpoint is kept, resume it"
        how = "was killed, or the disk is full"
        return Status("failed", f"the process that looked after the run {how}; {kept}")

    def metrics(self) -> record.Metrics:
        """Return the recorded figures of every step and epoch."""
        return record.read(self.folder)

    def flows(self) -> record.Flows:
        """Return how gradients and activations flowed through the blocks."""
        return record.read_flows(self.folder)

    def confusion(self, epoch: int | None = None) -> record.Confusion | None:
        """Return which classes were taken for which after an epoch, or after the last."""
        return record.read_confusion(self.folder, epoch)

    def wrong(self) -> tuple[Wrong, ...]:
        """Return validation samples told wrong after the last epoch, the surest ones first."""
        return read_wrong(self.folder)

    def last_epoch(self) -> record.Epoch | None:
        """Return the figures of the last epoch that is done; None before the first."""
        return record.last_epoch(self.folder)

    def progress(self, metrics: record.Metrics | None = None) -> Progress:
        """Return how far the run is, how fast it goes and how long it will take.

        `metrics`, where they were just read, spare a second reading.
        """
        return progress_of(self.metrics() if metrics is None else metrics, self.settings)

    @property
    def model_path(self) -> Path:
        """The trained model, a .keras file; there once the run was finished or stopped."""
        return self.folder / "model.keras"

    @property
    def has_weights(self) -> bool:
        """Tell whether there is a checkpoint, from which the trained model can be had."""
        return self.checkpoint_path.exists()

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
    def checkpoint_path(self) -> Path:
        return self.folder / "checkpoint.npz"

    @property
    def starts_from_weights(self) -> bool:
        """Tell whether the run started from weights that its design carries."""
        return self.design.weights is not None and self.settings.start_from_weights

    @property
    def best_path(self) -> Path:
        """The weights of the epoch with the least validation loss; there after the first epoch."""
        return self.folder / "best.npz"

    @property
    def best_epoch(self) -> int | None:
        """The epoch with the least validation loss, from 1; None before the first."""
        found = self.metrics().facts.get("best_epoch")
        return int(found) if found else None

    @property
    def can_resume(self) -> bool:
        """Tell whether the run has ended before its last epoch."""
        return self.status().state in ("stopped", "failed")

    def log(self) -> str:
        """Return the last lines that the training process wrote, without TensorFlow's greetings."""
        words = last_words(self.folder / "log.txt", lines=200)
        return "\n".join(line for line in words.splitlines() if not GREETING.match(line))

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

    @property
    def deleted_at(self) -> float:
        """When the run was deleted, in seconds since 1970; 0 for one that was not."""
        return trash.deleted_at(self.folder)

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

    @property
    def size(self) -> int:
        """Bytes the run takes on the disk."""
        return sum(file.stat().st_size for file in self.folder.iterdir() if file.is_file())
