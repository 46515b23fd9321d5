"""How far a run is, from what it has recorded."""

from dataclasses import dataclass
from statistics import median

from blocks.training.record import Metrics
from blocks.training.settings import TrainingSettings

RECENT_STEPS = 200


@dataclass(frozen=True)
class Progress:
    """How far a run is.

    `phase` says what it does now. Steps and epochs are those done and all there are to do
    (steps are 0 until the data are loaded); `seconds_left` and `samples_per_second` come from
    the recent steps, None while there are none. The learning rate and the memory of the training
    process in bytes are those at the end of the last epoch.
    """

    phase: str
    step: int
    steps: int
    epochs_done: int
    epochs: int
    samples_per_second: float | None
    seconds_left: float | None
    learning_rate: float | None = None
    memory: int | None = None

    @property
    def fraction(self) -> float:
        """Share of the steps that are done, 0 to 1."""
        return min(1.0, self.step / self.steps) if self.steps else 0.0


def progress_of(metrics: Metrics, settings: TrainingSettings) -> Progress:
    """Return the progress that a record and a run's settings tell of."""
    per_epoch = int(metrics.facts.get("steps_per_epoch", 0))
    batch = int(metrics.facts.get("batch_size", settings.batch_size))
    step = metrics.steps[-1].step if metrics.steps else 0
    steps = per_epoch * settings.epochs
    seconds = _seconds_per_step(metrics)
    return Progress(
        phase=metrics.facts.get("phase", ""),
        step=step,
        steps=steps,
        epochs_done=metrics.epochs[-1].epoch if metrics.epochs else 0,
        epochs=settings.epochs,
        samples_per_second=batch / seconds if seconds else None,
        seconds_left=_seconds_left(metrics, seconds, steps - step, settings.epochs),
        learning_rate=float(rate) if (rate := metrics.facts.get("learning_rate")) else None,
        memory=int(memory) if (memory := metrics.facts.get("memory")) else None,
    )


def _seconds_per_step(metrics: Metrics) -> float | None:
    """Return the usual time of a step; the first of a process, which is traced, hardly counts."""
    recent = [step.seconds for step in metrics.steps[-RECENT_STEPS:]]
    return median(recent) if recent else None


def _seconds_left(metrics: Metrics, seconds: float | None, steps: int, epochs: int) -> float | None:
    """Return the time of the steps to do, and of the checks after each epoch to come."""
    if seconds is None:
        return None
    if not metrics.epochs:
        return seconds * steps
    last = metrics.epochs[-1]
    training = sum(step.seconds for step in metrics.steps if step.epoch == last.epoch)
    besides = max(0.0, last.seconds - training)
    return seconds * steps + besides * (epochs - last.epoch)
