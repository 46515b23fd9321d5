"""Checkpoints from which training goes on bit for bit, as if it had never stopped.

Keras' own backup callback is exact per epoch at best; this one keeps every variable of model and
optimizer, the states of random generators among them, and the place within the epoch.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from blocks.training.files import replacing
from blocks.training.target import Figures

VERSION = 1

KerasModel = Any
"""A compiled keras.Model; this file uses it without importing Keras."""


@dataclass(frozen=True)
class Position:
    """How far training is: epochs done, steps done in the next one, and its sums so far."""

    epoch: int = 0
    step: int = 0
    seconds: float = 0.0
    sums: Figures = field(default_factory=dict)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Position":
        """Return a written position; older ones have the sums of one output by other names."""
        sums = data.get("sums", {})
        if "loss_sum" in data:
            sums = {"loss": data["loss_sum"], "accuracy": data["correct_sum"]}
        return cls(data["epoch"], data["step"], data["seconds"], sums)


class CheckpointError(ValueError):
    """A checkpoint that does not belong to this model, or that cannot be read."""


def save(path: Path, model: KerasModel, position: Position) -> None:
    """Write all state of a model that is trained, as a whole or not at all."""
    about = {"version": VERSION, "position": asdict(position), "variables": _paths(model)}
    arrays = {f"v{index}": np.asarray(v) for index, v in enumerate(_variables(model))}
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.savez(file, allow_pickle=False, about=np.array(json.dumps(about)), **arrays)


def restore(path: Path, model: KerasModel) -> Position:
    """Set all state of a model from a checkpoint; return where training stands.

    Raises:
        CheckpointError: it is of another model, or damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as data:
            about = json.loads(str(data["about"]))
            values = [data[f"v{index}"] for index in range(len(about["variables"]))]
    except (OSError, ValueError, KeyError) as error:
        raise CheckpointError(f"the checkpoint cannot be read ({error})") from None
    variables = _variables(model)
    if about.get("version") != VERSION or about["variables"] != _paths(model):
        raise CheckpointError("the checkpoint is of another model or optimizer")
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)
    return Position.of(about["position"])


def _variables(model: KerasModel) -> list[Any]:
    return [*model.variables, *model.optimizer.variables]


def _paths(model: KerasModel) -> list[str]:
    """Return shapes and types of the variables, in order; paths count up within a process."""
    return [f"{tuple(v.shape)} {v.dtype}" for v in _variables(model)]
