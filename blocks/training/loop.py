"""The loop over epochs and steps: order, figures, checkpoints and the places to stop at."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from blocks.training import checkpoint
from blocks.training.checkpoint import KerasModel, Position
from blocks.training.data import Array, Samples, sample_order
from blocks.training.lines import epoch_line
from blocks.training.record import Epoch, OutputEpoch, Recorder, Step
from blocks.training.settings import TrainingSettings
from blocks.training.stopping import Stop
from blocks.training.target import Figures, Targets, summed

CHECKPOINT_SECONDS = 10.0
SAVES_PER_TIME = 50
"""Checkpoints take at most a fiftieth of the time."""


class Diverged(Exception):
    """The loss is no number any more; the text is a sentence."""


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
    stop: Stop
    checkpoint_path: Path
    position: Position = field(default_factory=Position)
    traced: set[str] = field(default_factory=set)
    saved_at: float = field(default_factory=time.monotonic)
    save_seconds: float = 0.0

    @property
    def batch(self) -> int:
        return min(self.settings.batch_size, len(self.samples.x))

    @property
    def steps(self) -> int:
        """Steps in an epoch."""
        return len(self.samples.x) // self.batch

    @property
    def done(self) -> str:
        """How far training is, in words."""
        step = self.position.epoch * self.steps + self.position.step
        return f"step {step:,} of {self.settings.epochs * self.steps:,}"

    def train(self) -> None:
        """Train to the last epoch.

        Raises:
            Stopped: Stop was asked for.
            Diverged: the loss became NaN or infinite.
        """
        self.record.fact("steps_per_epoch", self.steps)
        self.record.fact("batch_size", self.batch)
        self.record.fact("training_samples", len(self.samples.x))
        self.record.fact("validation_samples", len(self.samples.x_validation))
        while self.position.epoch < self.settings.epochs:
            self._epoch()
        self.save()

    def save(self) -> None:
        """Write a checkpoint of this moment."""
        start = time.monotonic()
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
        self._end_of_epoch()
        self._save_if_due(0.0)

    def _step(self, rows: Array) -> None:
        """Learn from one batch, record its figures, move the position on."""
        self.stop.check()
        x, y = self.samples.x[rows], self.targets.of(self.samples.y[rows])
        start = time.monotonic()
        with self._call("the first step", changes=True):
            figures = self.targets.figures(self.model.train_on_batch(x, y, return_dict=True))
        seconds = time.monotonic() - start
        place = self.position
        step = place.epoch * self.steps + place.step + 1
        self._require_finite(figures["loss"], step)
        self.record.step(Step(step, place.epoch + 1, figures["loss"], figures["accuracy"], seconds))
        sums = summed(place.sums, figures)
        self.position = Position(place.epoch, place.step + 1, place.seconds + seconds, sums)

    def _end_of_epoch(self) -> None:
        """Judge on the validation samples and record the epoch."""
        place, start = self.position, time.monotonic()
        self.record.flush()
        mean = {name: value / self.steps for name, value in place.sums.items()}
        judged = self._validate()
        epoch = Epoch(
            epoch=place.epoch + 1,
            step=(place.epoch + 1) * self.steps,
            loss=mean["loss"],
            accuracy=mean["accuracy"],
            val_loss=judged["loss"],
            val_accuracy=judged["accuracy"],
            seconds=place.seconds + time.monotonic() - start,
            outputs=self._outputs(mean, judged),
        )
        self.record.epoch(epoch)
        print(epoch_line(epoch, self.settings.epochs), flush=True)
        self.position = Position(place.epoch + 1)

    def _outputs(self, mean: Figures, judged: Figures) -> tuple[OutputEpoch, ...]:
        """Return the epoch's figures of each output where there are several."""
        names = [target.output for target in self.targets.each]
        return tuple(
            OutputEpoch(
                name,
                mean[f"{name}/loss"],
                mean[f"{name}/accuracy"],
                judged[f"{name}/loss"],
                judged[f"{name}/accuracy"],
            )
            for name in names
            if len(names) > 1
        )

    def _validate(self) -> Figures:
        """Return the figures over the validation samples."""
        x, y = self.samples.x_validation, self.samples.y_validation
        sums: Figures = {}
        for start in range(0, len(x), self.batch):
            self.stop.check()
            part = slice(start, start + self.batch)
            with self._call("validation", changes=False):
                found = self.model.test_on_batch(
                    x[part], self.targets.of(y[part]), return_dict=True
                )
            sums = summed(sums, self.targets.figures(found), len(y[part]))
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
        if time.monotonic() - self.saved_at >= due:
            self.save()

    def _require_finite(self, loss: float, step: int) -> None:
        if not math.isfinite(loss):
            raise Diverged(
                f"the loss became {loss} at step {step:,}; lower the learning rate "
                f"(it was {self.settings.learning_rate:g}) or add batch norm"
            )
