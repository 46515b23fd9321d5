"""The loop over epochs and steps: order, figures, checkpoints and the places to stop at."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from blocks.training import checkpoint, ending
from blocks.training.checkpoint import KerasModel, Position
from blocks.training.contents import Array
from blocks.training.data import Samples, varied
from blocks.training.lines import epoch_line
from blocks.training.record import Epoch, Recorder, Step
from blocks.training.settings import TrainingSettings
from blocks.training.splitting import sample_order
from blocks.training.stopping import Stop
from blocks.training.target import MEASURES, Figures, Targets, summed
from blocks.training.watching import (
    Agree,
    Learn,
    Watch,
    as_proposed,
    judging_of,
    keep_judging,
    outputs_of,
)

CHECKPOINT_SECONDS = 10.0
FIRST_STEP, GRADIENTS, VALIDATION = (
    "the first step",
    "the measuring of gradients",
    "validation",
)
"""The calls that are traced when they first happen, which takes seconds."""

SAVES_PER_TIME = 100
"""Checkpoints take at most a hundredth of the time."""


@dataclass
class Trainer:
    """Trains a compiled model on samples, from a position to the last epoch.

    Every epoch sees the training samples in an order drawn from seed and epoch, in whole batches:
    the few left over are left out, others each time (a batch of another size would be compiled
    anew).
    """

    model: KerasModel
    targets: Targets
    samples: Samples
    settings: TrainingSettings
    record: Recorder
    watch: Watch
    stop: Stop
    checkpoint_path: Path
    best_path: Path
    learn: Learn
    parts: int = 1
    agree: Agree = as_proposed
    position: Position = field(default_factory=Position)
    began: float = field(default_factory=time.monotonic)
    traced: set[str] = field(default_factory=set)
    saved_at: float = field(default_factory=time.monotonic)
    save_seconds: float = 0.0

    @property
    def batch(self) -> int:
        """Samples of a step, the same number for every device that shares it."""
        size = min(self.settings.batch_size, len(self.samples.x))
        return size // self.parts * self.parts

    @property
    def steps(self) -> int:
        """Steps in an epoch."""
        return len(self.samples.x) // self.batch

    @property
    def done(self) -> str:
        """How far training is, in words."""
        step = self.position.epoch * self.steps + self.position.step
        return f"step {step:,} of {self.settings.epochs * self.steps:,}"

    def train(self) -> str:
        """Train to the last epoch; return why training ended before it, "" where it did not.

        Raises:
            Stopped: Stop was asked for.
            Diverged: loss or weights became NaN or infinite.
        """
        self.record.fact("steps_per_epoch", self.steps)
        self.record.fact("batch_size", self.batch)
        self.record.fact("training_samples", len(self.samples.x))
        self.record.fact("validation_samples", len(self.samples.x_validation))
        self.record.fact("measure", MEASURES.get(self.settings.task, "accuracy"))
        self.record.fact("phase", "training")  # where all was made ready, nothing else says so
        reason = ""
        while not reason and self.position.epoch < self.settings.epochs:
            self._epoch()
            reason = self.agree(ending.enough(self.settings, self.position, self.began))
        self.save()
        return reason

    def save(self) -> None:
        """Write a checkpoint of this moment, after the figures of all steps that lead to it.

        Raises:
            Diverged: the weights became NaN or infinite; the checkpoint before is kept.
        """
        self._require_finite_weights()
        self._save()

    def _save(self) -> None:
        start = time.monotonic()
        self.record.flush()
        checkpoint.save(self.checkpoint_path, self.model, self.position)
        self.saved_at = time.monotonic()
        self.save_seconds = self.saved_at - start

    def restore(self) -> None:
        """Go back to the last checkpoint."""
        self.position = checkpoint.restore(self.checkpoint_path, self.model)

    def _epoch(self) -> None:
        order = sample_order(self.settings.seed, self.position.epoch, len(self.samples.x))
        while self.position.step < self.steps:
            start = self.position.step * self.batch
            self._step(order[start : start + self.batch])
            self._save_if_due(CHECKPOINT_SECONDS)
            timed = self.settings.minutes is not None
            if timed and self.agree(ending.out_of_time(self.settings, self.began)):
                break
        self._end_of_epoch()
        self._save_if_due(0.0)

    def _step(self, rows: Array) -> None:
        """Learn from one batch, record its figures, move the position on."""
        self.stop.check()
        place = self.position
        x = varied(self.samples.x[rows], self.settings, place.epoch, place.step)
        y = self.targets.of(self.samples.y[rows])
        rate = self.settings.rate_at(place.epoch * self.steps + place.step, self.steps)
        if rate is not None:
            self.model.optimizer.learning_rate = rate
        start = time.monotonic()
        with self._call(FIRST_STEP, changes=True):
            figures = self.targets.figures(self.learn(x, y))
        seconds = time.monotonic() - start
        step = place.epoch * self.steps + place.step + 1
        ending.require_finite_loss(figures["loss"], step, x, self.settings.learning_rate)
        self.record.step(Step(step, place.epoch + 1, figures["loss"], figures["accuracy"], seconds))
        sums = summed(place.sums, figures)
        self.position = replace(
            place, step=place.step + 1, seconds=place.seconds + seconds, sums=sums
        )
        self._measure(step, x, y, seconds)

    def _measure(self, step: int, x: Array, y: Any, seconds: float) -> None:
        """Record how gradients flow, where that is due; the step is over, Stop may come here."""
        self.watch.training_seconds += seconds
        if self.watch.is_due(step, self.agree):
            with self._call(GRADIENTS, changes=False):
                self.watch.flow(step, x, y, self.record)

    def _end_of_epoch(self) -> None:
        """Judge on the validation samples and record the epoch."""
        place, start = self.position, time.monotonic()
        self.record.flush()
        self._require_finite_weights()
        mean = {name: value / place.step for name, value in place.sums.items()}
        judged = self._validate()
        epoch = Epoch(
            epoch=place.epoch + 1,
            step=place.epoch * self.steps + place.step,
            loss=mean["loss"],
            accuracy=mean["accuracy"],
            val_loss=judged["loss"],
            val_accuracy=judged["accuracy"],
            seconds=place.seconds + time.monotonic() - start,
            outputs=outputs_of(self.targets, mean, judged),
        )
        self.record.epoch(epoch)
        self.record.fact("measuring_share", self.watch.share)
        self.record.fact("memory", psutil.Process().memory_info().rss)
        rate = np.asarray(self.model.optimizer.learning_rate)  # float() knows no mirrored variable
        self.record.fact("learning_rate", float(rate))
        print(epoch_line(epoch, self.settings.epochs), flush=True)
        self.position = self._with_best(epoch)

    def _with_best(self, epoch: Epoch) -> Position:
        """Return the position after an epoch; the best one's weights are kept beside it."""
        place = self.position
        best = place.best_epoch, place.best_loss
        better = not place.best_epoch or epoch.val_loss < place.best_loss
        if better and math.isfinite(epoch.val_loss):
            checkpoint.save_weights(self.best_path, self.model)
            best = epoch.epoch, epoch.val_loss
            self.record.fact("best_epoch", epoch.epoch)
        return Position(epoch.epoch, best_epoch=best[0], best_loss=best[1])

    def _validate(self) -> Figures:
        """Return the figures over the validation samples."""
        x, y = self.samples.x_validation, self.samples.y_validation
        sums: Figures = {}
        place, judging = self.position, judging_of(self.targets.each[0], y)
        for start in range(0, len(x), self.batch):
            self.stop.check()
            part = slice(start, start + self.batch)
            with self._call(VALIDATION, changes=False):
                found, predicted = self.watch.judge(x[part], self.targets.of(y[part]))
            if judging:
                judging.add(y[part], predicted)
            sums = summed(sums, self.targets.figures(found), len(y[part]))
        if judging:
            keep_judging(judging, place.epoch + 1, self.record, self.best_path.parent, x)
        return {name: value / len(x) for name, value in sums.items()}

    @contextmanager
    def _call(self, what: str, changes: bool) -> Iterator[None]:
        """Surround a call that is traced the first time: it takes seconds, Stop interrupts it.

        `changes`: the call changes variables, which are in no certain state then.
        """
        if what in self.traced:
            yield
            return
        self.record.fact("phase", f"preparing {what}")
        with self.stop.may_interrupt(between_steps=not changes):
            yield
        self.traced.add(what)
        self.record.fact("phase", "training")

    def _save_if_due(self, interval: float) -> None:
        due = max(interval, SAVES_PER_TIME * self.save_seconds)
        if time.monotonic() - self.saved_at < due:
            return
        if ending.has_finite_weights(self.model):
            self._save()
        else:  # the next step or the end of the epoch tells, on all machines of a cluster at once
            self.saved_at = time.monotonic()

    def _require_finite_weights(self) -> None:
        ending.require_finite_weights(self.model, self.done, self.settings.learning_rate)
