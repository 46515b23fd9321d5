"""Which stock class of Keras, with which arguments, a setting stands for.

Training makes them and a run's training script writes them down, so the two cannot differ.
"""

from typing import Any

from blocks.training.settings import TrainingSettings
from blocks.training.target import Target

SGD_MOMENTUM = 0.9
OPTIMIZERS = {"adam": "Adam", "sgd": "SGD", "rmsprop": "RMSprop", "adamw": "AdamW"}

Made = tuple[str, dict[str, Any]]
"""The name of a class of Keras and the arguments that it is made with."""


def loss_of(target: Target) -> Made:
    """Return the loss (`keras.losses`) that suits an output and its task."""
    raw = {"from_logits": True} if target.activation == "linear" else {}
    smooth = {"label_smoothing": float(target.smoothing)} if target.smoothing else {}
    if target.task == "regression":
        return "MeanSquaredError", {}
    if target.task == "several labels" or target.activation == "sigmoid":
        return "BinaryCrossentropy", raw | smooth
    if target.one_hot:
        return "CategoricalCrossentropy", raw | smooth
    return "SparseCategoricalCrossentropy", raw


def measure_of(target: Target) -> Made:
    """Return the metric (`keras.metrics`) that a person reads beside the loss."""
    if target.task == "regression":
        return "MeanAbsoluteError", {}
    if target.task == "several labels":
        return "BinaryAccuracy", {"threshold": 0.0} if target.activation == "linear" else {}
    if not target.one_hot:
        return "SparseCategoricalAccuracy", {}
    return ("BinaryAccuracy" if target.units == 1 else "CategoricalAccuracy"), {}


def optimizer_of(settings: TrainingSettings) -> Made:
    """Return the optimizer (`keras.optimizers`)."""
    arguments: dict[str, Any] = {"learning_rate": float(settings.learning_rate)}
    if settings.optimizer == "sgd":
        arguments["momentum"] = SGD_MOMENTUM
    if settings.weight_decay is not None:
        arguments["weight_decay"] = float(settings.weight_decay)
    return OPTIMIZERS[settings.optimizer], arguments
