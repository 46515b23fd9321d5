"""What a network learns from: loss, accuracy and optimizer, chosen by what it ends with."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from blocks.training.mismatch import Head
from blocks.training.settings import TrainingSettings

if TYPE_CHECKING:
    import keras

Array = np.ndarray[Any, np.dtype[Any]]

SGD_MOMENTUM = 0.9


@dataclass(frozen=True)
class Target:
    """How labels are shown to the network: as numbers, one-hot, or 0 and 1 for two classes."""

    activation: str
    units: int

    def of(self, labels: Array) -> Array:
        """Return the targets of labels (count,): (count,) whole numbers or (count, units)."""
        if self.activation != "sigmoid":
            return labels
        if self.units == 1:
            return labels.astype(np.float32)[:, None]
        return np.eye(self.units, dtype=np.float32)[labels]


def target_of(head: Head) -> Target:
    """Return the target that suits what a network ends with."""
    return Target(head.activation, head.units)


def compiled(model: "keras.Model", target: Target, settings: TrainingSettings) -> "keras.Model":
    """Return the model ready to train, all variables of its optimizer made."""
    import keras

    loss: Any
    metric: Any
    if target.activation == "sigmoid":
        loss = keras.losses.BinaryCrossentropy()
        kind = "BinaryAccuracy" if target.units == 1 else "CategoricalAccuracy"
        metric = getattr(keras.metrics, kind)(name="accuracy")
    else:
        logits = target.activation == "linear"
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=logits)
        metric = keras.metrics.SparseCategoricalAccuracy(name="accuracy")
    model.compile(optimizer=_optimizer(settings), loss=loss, metrics=[metric])
    model.optimizer.build(model.trainable_variables)
    return model


def _optimizer(settings: TrainingSettings) -> "keras.Optimizer":
    import keras

    rate = settings.learning_rate
    if settings.optimizer == "sgd":
        return keras.optimizers.SGD(rate, momentum=SGD_MOMENTUM)
    kinds = {
        "adam": keras.optimizers.Adam,
        "rmsprop": keras.optimizers.RMSprop,
        "adamw": keras.optimizers.AdamW,
    }
    return kinds[settings.optimizer](rate)
