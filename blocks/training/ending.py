"""Why training ends before its last epoch: it got no better, it ran out of time, or it diverged."""

import math
import time

import numpy as np

from blocks.training.checkpoint import KerasModel, Position
from blocks.training.contents import Array
from blocks.training.settings import TrainingSettings

LARGE_VALUES = 10_000
"""Samples of any usual scale stay far below."""


class Diverged(Exception):
    """Loss or weights are no numbers any more; the text is a sentence."""


def enough(settings: TrainingSettings, place: Position, began: float) -> str:
    """Say after an epoch why training should end here, before its last epoch, or "".

    `began` is when training began, by the monotonic clock.
    """
    patience = settings.patience
    if place.epoch == settings.epochs:
        return ""
    if patience and place.best_epoch and place.epoch - place.best_epoch >= patience:
        return (
            f"stopped early after epoch {place.epoch}: validation was best after epoch "
            f"{place.best_epoch}"
        )
    if out_of_time(settings, began):
        return f"the time budget of {settings.minutes:g} min was used up in epoch {place.epoch}"
    return ""


def out_of_time(settings: TrainingSettings, began: float) -> bool:
    """Tell whether the time budget, if there is one, is used up."""
    minutes = settings.minutes
    return minutes is not None and time.monotonic() - began >= 60 * minutes


def require_finite_loss(loss: float, step: int, x: Array, rate: float) -> None:
    """See to it that the loss of a step on samples `x` is a number.

    Raises:
        Diverged: it is not.
    """
    if math.isfinite(loss):
        return
    largest = float(np.abs(x).max())
    if largest > LARGE_VALUES:
        way = f"its samples have values up to {largest:.3g}: look for them in the data"
    else:
        way = f"lower the learning rate (it was {rate:g}) or add batch norm"
    raise Diverged(f"the loss became {loss} at step {step:,}; {way}")


def has_finite_weights(model: KerasModel) -> bool:
    """Tell whether all weights that are trained are numbers: a step whose loss still was one can
    have made them infinite or NaN."""
    return all(np.isfinite(np.asarray(each)).all() for each in model.trainable_variables)


def require_finite_weights(model: KerasModel, done: str, rate: float) -> None:
    """See to it that a model has weights that are worth keeping after what is `done`.

    Raises:
        Diverged: it has not.
    """
    if not has_finite_weights(model):
        raise Diverged(
            f"the weights became infinite or NaN at {done}; lower the learning rate (it was "
            f"{rate:g}) or add batch norm"
        )
