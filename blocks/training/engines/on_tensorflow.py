"""Keras on TensorFlow: its GPUs, and what a run's watching computes, traced once for each."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from blocks.keras_model import all_of
from blocks.training.contents import Array
from blocks.training.engines.sharing import part
from blocks.training.engines.watched import Watched
from blocks.training.watching import Group, Judge, Learn, Measure

if TYPE_CHECKING:
    import keras


def gpus() -> int:
    """Return how many GPUs TensorFlow can use in this process."""
    import tensorflow as tf

    return len(tf.config.list_physical_devices("GPU"))


def peak_gpu_bytes() -> int:
    """Return the most memory that was in use on the first GPU so far."""
    import tensorflow as tf

    found = tf.config.experimental.get_memory_info("GPU:0")
    return int(found["peak"])


def spread(devices: int) -> AbstractContextManager[object]:
    """Return the context in which a model is built that several devices train together."""
    import tensorflow as tf

    if devices == 1:
        return nullcontext()
    kind = "GPU" if gpus() else "CPU"
    names = [device.name for device in tf.config.list_logical_devices(kind)]
    return tf.distribute.MirroredStrategy(names[:devices]).scope()  # type: ignore[no-any-return]


def learner_of(model: "keras.Model", devices: int, seed: int) -> Learn:
    """Return what takes one step on a batch; several devices share it.

    Batch norm takes its statistics over the whole batch, as on a single device.
    """
    import tensorflow as tf

    if devices == 1:
        return partial(model.train_on_batch, return_dict=True)

    strategy = model.distribute_strategy

    def compute(parts: Any) -> Any:
        with _synchronized(model):
            found = strategy.run(model.train_step, args=(parts,))
        return {name: strategy.reduce("MEAN", each, axis=None) for name, each in found.items()}

    traced = tf.function(compute, autograph=False)

    def learn(x: Array, y: Any) -> Mapping[str, Any]:
        parts = [(part(x, place, devices), part(y, place, devices)) for place in range(devices)]
        if not model.metrics[-1].built:
            model.test_on_batch(*parts[0])
        model.reset_metrics()
        each = strategy.experimental_distribute_values_from_function(
            lambda context: parts[context.replica_id_in_sync_group]
        )
        return {name: float(value) for name, value in traced(each).items()}

    return learn


@contextmanager
def _synchronized(model: "keras.Model") -> Iterator[None]:
    """Let batch norm look at all devices while a step is traced; the saved model says no word."""
    layers = [layer for layer in model.layers if hasattr(layer, "synchronized")]
    before = [layer.synchronized for layer in layers]
    for layer in layers:
        layer.synchronized = True
    try:
        yield
    finally:
        for layer, value in zip(layers, before, strict=True):
            layer.synchronized = value


def judge_of(model: "keras.Model", output: str) -> Judge:
    """Return what judges a batch as `test_on_batch` does, and hands out the predictions too.

    Of several devices the first one judges.
    """
    import keras
    import tensorflow as tf

    place = model.output_names.index(output)
    alone = model.distribute_strategy.num_replicas_in_sync == 1

    def compute(x: Any, y: Any) -> tuple[Any, Any]:
        predicted = model(x, training=False)
        with nullcontext() if alone else keras.StatelessScope():
            model.reset_metrics()
            loss = model.compute_loss(x=x, y=y, y_pred=predicted, training=False)
            found = model.compute_metrics(x, y, predicted)
        return {**found, "loss": loss}, tf.cast(all_of(predicted)[place], tf.float32)

    traced = tf.function(compute, reduce_retracing=True, jit_compile=model.jit_compile)

    def judge(x: Array, y: Any) -> tuple[dict[str, float], Array]:
        if alone:  # metrics that are made while the first batch is traced count on otherwise
            model.reset_metrics()
        found, predicted = traced(x, y)
        return {name: float(value) for name, value in found.items()}, predicted.numpy()

    return judge


def measure_of(model: "keras.Model", groups: Sequence[Group]) -> Measure:
    """Return what measures a batch: each group's gradient norm (L2) and its output's size (RMS).

    It is a training step without its end: what batch norm and dropout would keep is dropped, so
    that the model stays as it is. Of several devices the first one measures its part of the batch.
    """
    import keras
    import tensorflow as tf

    watched = Watched(model, groups)
    devices = model.distribute_strategy.num_replicas_in_sync
    variables = [[variable.value for variable in group] for group in watched.variables]

    def compute(x: Any, y: Any) -> Any:
        with keras.StatelessScope(), tf.GradientTape() as tape:
            loss, inside = watched.step(x, y)
        gradients = tape.gradient(loss, variables)
        norms = [tf.linalg.global_norm(each) for each in gradients]
        sizes = [tf.sqrt(tf.reduce_mean(tf.square(tf.cast(one, tf.float32)))) for one in inside]
        return tf.stack([tf.stack(norms), tf.stack(sizes)])

    traced = tf.function(compute, reduce_retracing=True, jit_compile=model.jit_compile)

    def measure(x: Array, y: Any) -> tuple[Array, Array]:
        norms, sizes = np.asarray(traced(part(x, 0, devices), part(y, 0, devices)))
        return norms, sizes

    return measure
