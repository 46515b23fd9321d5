"""Checkpoints from which training goes on bit for bit, as if it had never stopped.

Keras' own backup callback is exact per epoch at best; this one keeps every variable of model and
optimizer, the states of random generators among them, and the place within the epoch.
"""

import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from blocks.training.contents import Array
from blocks.training.files import replacing
from blocks.training.target import Figures

VERSION = 1

KerasModel = Any
"""A compiled keras.Model; this file uses it without importing Keras."""


@dataclass(frozen=True)
class Position:
    """How far training is: epochs done, steps done in the next one, and its sums so far.

    `best_epoch` is the one, from 1, with the least validation loss so far; 0 before the first.
    """

    epoch: int = 0
    step: int = 0
    seconds: float = 0.0
    sums: Figures = field(default_factory=dict)
    best_epoch: int = 0
    best_loss: float = 0.0

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Position":
        """Return a written position; older ones have the sums of one output by other names."""
        sums = data.get("sums", {})
        if "loss_sum" in data:
            sums = {"loss": data["loss_sum"], "accuracy": data["correct_sum"]}
        best = data.get("best_epoch", 0), data.get("best_loss", 0.0)
        return cls(data["epoch"], data["step"], data["seconds"], sums, *best)


class CheckpointError(ValueError):
    """A checkpoint that does not belong to this model, or that cannot be read."""


def save(path: Path, model: KerasModel, position: Position) -> None:
    """Write all state of a model that is trained, as a whole or not at all."""
    _write(path, _variables(model), {"position": asdict(position)})


def restore(path: Path, model: KerasModel) -> Position:
    """Set all state of a model from a checkpoint; return where training stands.

    Raises:
        CheckpointError: it is of another model, or damaged.
    """
    return Position.of(_read(path, _variables(model))["position"])


def state_of(model: KerasModel) -> list[Array]:
    """Return copies of all state of a model that is trained."""
    return [np.asarray(variable).copy() for variable in _variables(model)]


def set_state(model: KerasModel, state: list[Array]) -> None:
    """Set all state of a model to what `state_of` returned."""
    for variable, value in zip(_variables(model), state, strict=True):
        variable.assign(value)


def save_weights(path: Path, model: KerasModel) -> None:
    """Write the weights of a model alone, as a whole or not at all."""
    _write(path, model.variables, {})


def restore_weights(path: Path, model: KerasModel) -> None:
    """Set the weights of a model from those that `save_weights` wrote.

    Raises:
        CheckpointError: they are of another model, or damaged.
    """
    _read(path, model.variables)


def _write(path: Path, variables: list[Any], more: Mapping[str, Any]) -> None:
    about = {"version": VERSION, **more, "variables": _kinds(variables)}
    arrays = {f"v{index}": np.asarray(v) for index, v in enumerate(variables)}
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.savez(file, allow_pickle=False, about=np.array(json.dumps(about)), **arrays)


def _read(path: Path, variables: list[Any]) -> dict[str, Any]:
    """Set variables from a file and return what it says of itself."""
    try:
        with np.load(path, allow_pickle=False) as data:
            about = json.loads(str(data["about"]))
            values = [data[f"v{index}"] for index in range(len(about["variables"]))]
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise CheckpointError(f"the checkpoint cannot be read ({error})") from None
    if about.get("version") != VERSION or about["variables"] != _kinds(variables):
        raise CheckpointError("the checkpoint is of another model or optimizer")
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)
    return dict(about)


def _variables(model: KerasModel) -> list[Any]:
    return [*model.variables, *model.optimizer.variables]


def _kinds(variables: list[Any]) -> list[str]:
    """Return shapes and types of variables, in order; their paths count up within a process."""
    return [f"{tuple(v.shape)} {v.dtype}" for v in variables]
