"""What a training needs to know to be made ready, before there is a run."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from blocks.design import Design
from blocks.training.devices import Device, to_json
from blocks.training.devices import from_json as device_from_json
from blocks.training.run import Run
from blocks.training.settings import TrainingSettings

BACKEND = "tensorflow"
"""What trainings are made ready with; it is the one whose functions take seconds to trace."""

UNHEEDED = ("epochs", "minutes", "patience")
"""Settings that say when training ends; what is made ready is the same with any of them."""


@dataclass(frozen=True)
class Plan:
    """A design, the data's name or path, settings and a device."""

    design: Design
    data: str
    settings: TrainingSettings
    device: Device

    @classmethod
    def of(cls, run: Run) -> "Plan":
        """Return the plan of a run."""
        return cls(run.design, run.data, run.settings, run.device)

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> "Plan":
        """Return a written plan."""
        return cls(
            Design.from_json(entry["design"]),
            str(entry["data"]),
            TrainingSettings.of(entry["settings"]),
            device_from_json(entry["device"]),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the plan as `from_json` takes it."""
        return {
            "design": self.design.to_json(),
            "data": self.data,
            "settings": self.settings.values(),
            "device": to_json(self.device),
        }

    @cached_property
    def mark(self) -> str:
        """What plans have in common that can be made ready alike: a number in hexadecimal.

        Files of data count by their sizes and times.
        """
        said = self.to_json()
        said["settings"] = {k: v for k, v in said["settings"].items() if k not in UNHEEDED}
        said["files"] = _state_of(Path(self.data))
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _state_of(path: Path) -> list[tuple[str, int, int]]:
    """Return name, size and time of change of a data file, or of every file of a folder."""
    if not path.is_absolute():
        return []  # a named data set
    files = [path] if path.is_file() else path.rglob("*")
    found = ((os.fspath(file), file.stat()) for file in files if file.is_file())
    return sorted((name, state.st_size, state.st_mtime_ns) for name, state in found)
