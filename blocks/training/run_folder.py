"""What is written in a run's folder, as a person or a page asks for it."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blocks.design import Design
from blocks.training import reading, trash
from blocks.training.backends import resolved
from blocks.training.devices import Device
from blocks.training.devices import from_json as device_from_json
from blocks.training.files import last_words, read_json, write_json
from blocks.training.progress import Progress, progress_of
from blocks.training.record import Confusion, Epoch, Flows, Metrics
from blocks.training.settings import TrainingSettings
from blocks.training.wrong import Wrong, read_wrong

GREETING = re.compile(r"I\d{4} |WARNING: All log messages before absl")
NO_CARD = re.compile(r"E\d{4} .*failed call to cuInit")
"""What TensorFlow says where it finds no GPU; on a CPU that is no error."""


@dataclass(frozen=True)
class RunFolder:
    """What a run's folder tells; it is read from the disk each time, whatever has died since."""

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
    def backend(self) -> str:
        """What Keras computes with, by Keras' name: tensorflow, jax or torch."""
        return resolved(self.settings.backend)

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
    def data_values(self) -> tuple[float, float] | None:
        """The least and greatest value of the data; None where an older run does not tell."""
        values = self.about.get("values")
        return (float(values[0]), float(values[1])) if values else None

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

    def metrics(self) -> Metrics:
        """Return the recorded figures of every step and epoch."""
        return reading.read(self.folder)

    def flows(self) -> Flows:
        """Return how gradients and activations flowed through the blocks."""
        return reading.read_flows(self.folder)

    def confusion(self, epoch: int | None = None) -> Confusion | None:
        """Return which classes were taken for which after an epoch, or after the last."""
        return reading.read_confusion(self.folder, epoch)

    def wrong(self) -> tuple[Wrong, ...]:
        """Return validation samples told wrong after the last epoch, the surest ones first."""
        return read_wrong(self.folder)

    def last_epoch(self) -> Epoch | None:
        """Return the figures of the last epoch that is done; None before the first."""
        return reading.last_epoch(self.folder)

    def progress(self, metrics: Metrics | None = None) -> Progress:
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

    def log(self) -> str:
        """Return the last lines that the training process wrote, without TensorFlow's greetings."""
        lines = last_words(self.folder / "log.txt", lines=200).splitlines()
        if not self.device.is_gpu:
            lines = [line for line in lines if not NO_CARD.match(line)]
        return "\n".join(line for line in lines if not GREETING.match(line))

    @property
    def deleted_at(self) -> float:
        """When the run was deleted, in seconds since 1970; 0 for one that was not."""
        return trash.deleted_at(self.folder)

    @property
    def fingerprint_path(self) -> Path:
        return self.folder / "data.json"

    @property
    def fingerprint(self) -> dict[str, Any]:
        """The `sha256` of what the run is trained on and its `samples` by part; empty before it.

        An older run has none.
        """
        return read_json(self.fingerprint_path)

    @property
    def versions(self) -> dict[str, str]:
        """The versions of Python and packages that the run was started with, by name."""
        return {str(k): str(v) for k, v in self.about.get("versions", {}).items()}

    @property
    def size(self) -> int:
        """Bytes the run takes on the disk."""
        return sum(file.stat().st_size for file in self.folder.iterdir() if file.is_file())
