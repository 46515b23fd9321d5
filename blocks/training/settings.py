"""How a run trains: settings declared like the parameters of a block."""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from blocks.params import Param, choice, flag, integer, number
from blocks.training.backends import AUTO, BACKENDS
from blocks.training.data_settings import DataSettings
from blocks.training.schedule import learning_rate_at

OPTIMIZERS = ("adam", "sgd", "rmsprop", "adamw")
SCHEDULES = ("constant", "cosine", "step")


@dataclass(frozen=True, kw_only=True)
class TrainingSettings(DataSettings):
    """The settings of a run; constructing them checks nothing, `problems()` tells."""

    epochs: int = integer(
        10, min=1, max=100_000, unit="epochs", help="How often every training sample is seen."
    )
    batch_size: int = integer(
        32, min=1, max=65_536, unit="samples", help="Samples that one step learns from."
    )
    learning_rate: float = number(
        0.001,
        min=1e-8,
        max=10,
        step=0.0001,
        help="How far one step moves the weights. Too high: the loss jumps or becomes NaN.",
    )
    optimizer: str = choice(
        "adam",
        OPTIMIZERS,
        help="How steps follow from gradients: adam suits most; sgd has a momentum of 0.9.",
    )
    seed: int = integer(
        1,
        min=0,
        max=2**32 - 1,
        help="Start of all random numbers. On a CPU the same seed gives the same weights.",
    )
    schedule: str = choice(
        "constant",
        SCHEDULES,
        help="How the learning rate goes on: constant, down to 0 along half a cosine, or times "
        "the step factor every few epochs.",
    )
    step_epochs: int = integer(
        10,
        min=1,
        max=100_000,
        unit="epochs",
        label="Step every",
        when={"schedule": ("step",)},
        help="After so many epochs the learning rate is multiplied by the step factor.",
    )
    step_factor: float = number(
        0.1,
        min=0.001,
        max=1,
        step=0.1,
        label="Step factor",
        when={"schedule": ("step",)},
        help="What the learning rate is multiplied by at each step of the schedule.",
    )
    warmup_epochs: float = number(
        0.0,
        min=0,
        max=1_000,
        step=0.5,
        unit="epochs",
        label="Warm-up",
        help="Epochs, or a part of one, in which the learning rate rises evenly to its full value.",
    )
    weight_decay: float | None = number(
        None,
        min=0,
        max=1,
        step=0.0001,
        optional=True,
        label="Weight decay",
        help="What every step takes off the weights, times the learning rate. Empty: the "
        "optimizer's own, which is 0.004 for adamw and none for the others.",
    )
    label_smoothing: float = number(
        0.0,
        min=0,
        max=0.5,
        step=0.05,
        label="Label smoothing",
        when={"task": ("classes", "several labels")},
        help="Share of each label that is spread over the other classes, against overconfidence.",
    )
    precision: str = choice(
        "float32",
        ("float32", "bfloat16"),
        help="bfloat16: layers compute in 16 bits, weights and loss stay in 32; faster and "
        "smaller on recent GPUs.",
    )
    xla: str = choice(
        "auto",
        ("auto", "on", "off"),
        label="XLA",
        help="Compile a step as a whole: Keras decides, always, or never. On a CPU it is slower "
        "for most networks.",
    )
    backend: str = choice(
        AUTO,
        (AUTO, *BACKENDS),
        label="Backend",
        help="What Keras computes with: auto takes TensorFlow where it is installed, else JAX, "
        "else PyTorch. The same weights and samples give the same losses to within rounding.",
    )
    workers: int = integer(
        2,
        min=1,
        max=1_024,
        unit="processes",
        label="Workers",
        help="Processes of a Ray cluster that share a batch, each on a GPU of its own where the "
        "cluster has GPUs; other devices leave it alone.",
    )
    patience: int | None = integer(
        None,
        min=1,
        max=100_000,
        unit="epochs",
        optional=True,
        label="Stop early after",
        help="Training ends when the validation loss was not better for so many epochs; empty: "
        "never. The weights of the best epoch are kept in any case.",
    )
    minutes: float | None = number(
        None,
        min=0.05,
        max=100_000,
        step=1,
        unit="minutes",
        optional=True,
        label="Time budget",
        help="Training ends after so many minutes, with what it has learned by then judged on the "
        "validation samples; empty: after the last epoch.",
    )
    watch_gradients: bool = flag(
        True,
        label="Watch gradients",
        help="Measure gradients and activations of every block, every 20 steps at most and for at "
        "most a tenth of the time. The weights are the same with and without it.",
    )
    start_from_weights: bool = flag(
        True,
        label="Start from the design's weights",
        help="Train on from the weights that the design carries; without it, all start fresh.",
    )

    @classmethod
    def params(cls) -> dict[str, Param]:
        """Return the declared settings by name."""
        return {field.name: field.metadata["param"] for field in dataclasses.fields(cls)}

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "TrainingSettings":
        """Return settings from a mapping; what it leaves out takes its default."""
        return cls(**{name: values[name] for name in cls.params() if name in values})

    def values(self) -> dict[str, Any]:
        """Return every setting by name."""
        return dataclasses.asdict(self)

    def rate_at(self, step: int, per_epoch: int) -> float | None:
        """Return the learning rate of a step, from 0; None where it stays as it was made."""
        if self.schedule == "constant" and not self.warmup_epochs:
            return None
        return learning_rate_at(
            step,
            steps=self.epochs * per_epoch,
            per_epoch=per_epoch,
            rate=self.learning_rate,
            schedule=self.schedule,
            warmup_epochs=self.warmup_epochs,
            step_epochs=self.step_epochs,
            step_factor=self.step_factor,
        )

    def problems(self) -> Iterator[str]:
        """Yield a sentence for every setting that breaks its rule."""
        for name, param in self.params().items():
            message = param.check(getattr(self, name))
            if message:
                yield f"{name} {message}"
        if (self.height is None) != (self.width is None):
            yield "height and width must be given together to resize pictures, got only one"
