"""Starting a run: everything is checked first, then a detached runner takes the folder."""

import sys
import time
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from blocks.design import Design
from blocks.training.datasets import DataInfo, describe_data
from blocks.training.devices import find, to_json
from blocks.training.fingerprint import state_of
from blocks.training.folders import create
from blocks.training.launch import launch
from blocks.training.preflight import backend_on, require_trainable
from blocks.training.run import Run
from blocks.training.settings import TrainingSettings
from blocks.training.spans import values_of

RECORDED = ("keras", "numpy", "scikit-learn")


def start_run(
    design: Design,
    data: str = "digits",
    *,
    device: str = "cpu",
    folder: Path | str | None = None,
    revision: int | None = None,
    design_id: str = "",
    owner: str = "",
    tag: str = "",
    **settings: Any,
) -> Run:
    """Train a design in a process of its own, and return at once.

    `data` is the name of a data set or the path of one's own, `device` one that `devices()`
    names; `settings` are those of `TrainingSettings` (`epochs=20, schedule="cosine"`). The run
    goes on when this process ends; its folder is in the person's work unless `folder` names a new
    one. `revision`, `design_id` and `owner` are kept for the editor; `tag` is what runs that
    belong together have in common.

    Raises:
        DesignError: with every reason why the run cannot start.
        RunError: the folder is in use or cannot be written.
    """
    chosen = TrainingSettings(**settings)
    require_trainable(design, data, chosen, device)
    info, card = describe_data(data, chosen), find(device)
    chosen = replace(chosen, backend=backend_on(card, chosen))
    about: dict[str, Any] = {
        **_about_data(info, chosen),
        "device": to_json(card),
        "settings": chosen.values(),
        "revision": revision,
        "design_id": design_id,
        "owner": owner,
        "tag": tag,
        "started": time.time(),
        "versions": versions(chosen.backend),
    }
    run = create(design, about, Path(folder) if folder else None)
    launch(run.folder)
    return run


def _about_data(info: DataInfo, settings: TrainingSettings) -> dict[str, Any]:
    """Return what a run tells of its data even where they are not at hand any more."""
    return {
        "data": info.name,
        "data_title": info.title,
        "data_state": state_of(info.name),
        "shape": list(info.fitted(settings).shape),
        "values": list(values_of(info)),
        "classes": info.classes,
        "class_names": list(info.class_names),
    }


def start_again(run: Run) -> Run:
    """Start a new run like another one, from its first step and on the data as they are now.

    Raises:
        DesignError: with every reason why it cannot start.
        RunError: its folder cannot be written.
    """
    return start_run(
        run.design,
        run.data,
        device=run.device.name,
        revision=run.revision,
        design_id=run.design_id,
        owner=run.owner,
        tag=run.tag,
        **run.settings.values(),
    )


def versions(backend: str) -> dict[str, str]:
    """Return the versions of Python and of the packages that decide a run's numbers."""
    found = {"python": sys.version.split()[0]}
    for name in (backend, *RECORDED):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
