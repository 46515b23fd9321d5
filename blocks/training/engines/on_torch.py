"""Keras on PyTorch: its GPUs, and what a run's watching computes, step by step."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from blocks.errors import BlockwrightError
from blocks.keras_model import all_of
from blocks.training.contents import Array
from blocks.training.engines.watched import Watched
from blocks.training.watching import Group, Judge, Learn, Measure

if TYPE_CHECKING:
    import keras


def gpus() -> int:
    """Return how many GPUs PyTorch can use in this process."""
    import torch

    return torch.cuda.device_count() if torch.cuda.is_available() else 0


def peak_gpu_bytes() -> int:
    """Return the most memory that was in use on the first GPU so far."""
    import torch

    return int(torch.cuda.max_memory_allocated())


def spread(devices: int) -> AbstractContextManager[object]:
    """Return the context in which a model is built; on PyTorch Keras trains on one device alone."""
    if devices > 1:
        raise BlockwrightError(
            "Keras on PyTorch trains on one GPU; take TensorFlow or JAX for several"
        )
    return nullcontext()


def learner_of(model: "keras.Model", devices: int, seed: int) -> Learn:
    """Return what takes one step on a batch.

    Dropout without a seed of its own draws from PyTorch's own generator, which no variable keeps:
    it starts each step anew, from the run's seed and the number of the step.
    """
    import torch

    def learn(x: Array, y: Any) -> Mapping[str, Any]:
        torch.manual_seed(seed + int(model.optimizer.iterations))
        return cast(Mapping[str, Any], model.train_on_batch(x, y, return_dict=True))

    return learn


def judge_of(model: "keras.Model", output: str) -> Judge:
    """Return what judges a batch as `test_on_batch` does, and hands out the predictions too."""
    import keras
    import torch

    place = model.output_names.index(output)

    def judge(x: Array, y: Any) -> tuple[dict[str, float], Array]:
        model.reset_metrics()
        with torch.no_grad():
            predicted = model(keras.ops.convert_to_tensor(x), training=False)
            loss = model.compute_loss(x=x, y=y, y_pred=predicted, training=False)
            found = {**model.compute_metrics(x, y, predicted), "loss": loss}
        values = keras.ops.convert_to_numpy(keras.ops.cast(all_of(predicted)[place], "float32"))
        return {name: float(value) for name, value in found.items()}, np.asarray(values)

    return judge


def measure_of(model: "keras.Model", groups: Sequence[Group]) -> Measure:
    """Return what measures a batch: each group's gradient norm (L2) and its output's size (RMS).

    It is a training step without its end: what batch norm and dropout would keep is dropped, so
    that the model stays as it is.
    """
    import keras
    import torch

    watched = Watched(model, groups)
    variables = [[variable.value for variable in group] for group in watched.variables]

    def measure(x: Array, y: Any) -> tuple[Array, Array]:
        with keras.StatelessScope():
            loss, inside = watched.step(keras.ops.convert_to_tensor(x), y)
        flat = [value for part in variables for value in part]
        gradients = iter(torch.autograd.grad(loss, flat))
        with torch.no_grad():
            norms = [
                torch.linalg.vector_norm(
                    torch.stack([torch.linalg.vector_norm(next(gradients)) for _ in part])
                )
                for part in variables
            ]
            sizes = [torch.sqrt(torch.mean(torch.square(one.float()))) for one in inside]
        return np.array([float(n) for n in norms]), np.array([float(s) for s in sizes])

    return measure
