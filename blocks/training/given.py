"""A network with weights from a file, and data to try it on: what a run is, without the run."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blocks.analysis import analyze, require_buildable
from blocks.design import Design
from blocks.errors import DesignError
from blocks.imports import with_all_weights_of
from blocks.training.datasets import DataInfo, describe_data
from blocks.training.mismatch import mismatch
from blocks.training.settings import TrainingSettings


@dataclass(frozen=True)
class Given:
    """A design that carries all its weights, and the data and settings it is tried with.

    The settings say how the data are read, fitted, split and normalised.
    """

    design: Design
    data: str
    settings: TrainingSettings

    @property
    def info(self) -> DataInfo:
        return describe_data(self.data, self.settings)

    @property
    def id(self) -> str:
        """A name that changes with the design, its weights, the data and the settings."""
        text = json.dumps(self.question(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def class_names(self) -> tuple[str, ...]:
        """What the classes of the data are called; their numbers where they have no names."""
        info = self.info
        return tuple(map(str, info.class_names or range(info.classes)))

    def question(self) -> dict[str, Any]:
        """Return what a child process needs to build the network."""
        return {
            "design": self.design.to_json(),
            "data": self.data,
            "settings": self.settings.values(),
        }


def given(
    design: Design,
    path: str | Path,
    data: str = "digits",
    *,
    source: str = "",
    **settings: Any,
) -> Given:
    """Return a design with the weights of a file, ready to be judged and asked without a run.

    The file is a `.keras`, `.h5` or `.weights.h5` of the same structure; it is read in a child
    process, nothing in it is executed. `data` and `settings` are those of `start_run`, `source`
    is what the file is called.

    Raises:
        DesignError: the design cannot be built, or does not fit the data.
        DataError: there are no such data.
        ReadError: the file has another structure, with the first difference, or cannot be read.
    """
    carrying = with_all_weights_of(design, path, source)
    return tried_on(carrying, data, TrainingSettings(**settings))


def tried_on(design: Design, data: str, settings: TrainingSettings) -> Given:
    """Return a design that carries weights, to be tried on data that fit it.

    Raises:
        DesignError: the design cannot be built, or they do not fit.
        DataError: there are no such data.
    """
    require_buildable(analyze(design))
    info = describe_data(data, settings)
    errors = [one for one in mismatch(design, info, settings) if one.severity == "error"]
    if errors:
        raise DesignError(errors)
    kept = {**settings.values(), "start_from_weights": True}
    return Given(design, data, TrainingSettings.of(kept))
