"""How a run trains: settings declared like the parameters of a block."""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from blocks.params import Param, choice, flag, integer, number

OPTIMIZERS = ("adam", "sgd", "rmsprop", "adamw")


@dataclass(frozen=True)
class TrainingSettings:
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
    validation_share: float = number(
        0.2,
        min=0.05,
        max=0.5,
        step=0.05,
        label="Validation share",
        help="Share of the samples kept aside to judge on, where the data have no test part.",
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

    def problems(self) -> Iterator[str]:
        """Yield a sentence for every setting that breaks its rule."""
        for name, param in self.params().items():
            message = param.check(getattr(self, name))
            if message:
                yield f"{name} {message}"
