"""Keras on TensorFlow: its GPUs, and what a run's watching computes, traced once for each."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from blocks.training.watching import Array, Group, Judge, Measure

if TYPE_CHECKING:
    import keras


def gpus() -> int:
    """Return how many GPUs TensorFlow can use in this process."""
    import tensorflow as tf

    return len(tf.config.list_physical_devices("GPU"))


def gpu_bytes(peak: bool) -> int:
    """Return the memory in use on the first GPU, now or at most so far."""
    import tensorflow as tf

    found = tf.config.experimental.get_memory_info("GPU:0")
    return int(found["peak" if peak else "current"])


def judge_of(model: "keras.Model", output: str) -> Judge:
    """Return what judges a batch as `test_on_batch` does, and hands out the predictions too."""
    import tensorflow as tf

    place = model.output_names.index(output)

    def compute(x: Any, y: Any) -> tuple[Any, Any]:
        predicted = model(x, training=False)
        loss = model.compute_loss(x=x, y=y, y_pred=predicted, training=False)
        found = model.compute_metrics(x, y, predicted)
        each = predicted if isinstance(predicted, list) else [predicted]
        return {**found, "loss": loss}, tf.cast(each[place], tf.float32)

    traced = tf.function(compute, reduce_retracing=True, jit_compile=model.jit_compile)

    def judge(x: Array, y: Any) -> tuple[dict[str, float], Array]:
        model.reset_metrics()
        found, predicted = traced(x, y)
        return {name: float(value) for name, value in found.items()}, predicted.numpy()

    return judge


def measure_of(model: "keras.Model", groups: Sequence[Group]) -> Measure:
    """Return what measures a batch: each group's gradient norm (L2) and its output's size (RMS).

    It is a training step without its end: what batch norm and dropout would keep is dropped, so
    that the model stays as it is.
    """
    import keras
    import tensorflow as tf

    inner = [model.get_layer(group.output).output for group in groups]
    watched = keras.Model(model.inputs, [*model.outputs, *inner])
    single = len(model.outputs) == 1
    variables = [
        [v.value for name in group.layers for v in model.get_layer(name).trainable_variables]
        for group in groups
    ]

    def compute(x: Any, y: Any) -> Any:
        with keras.StatelessScope(), tf.GradientTape() as tape:
            values = watched(x, training=True)
            ends = values[: len(model.outputs)]
            predicted = ends[0] if single else ends
            loss = model.compute_loss(x=x, y=y, y_pred=predicted, training=True)
        gradients = tape.gradient(loss, variables)
        norms = [tf.linalg.global_norm(each) for each in gradients]
        sizes = [
            tf.sqrt(tf.reduce_mean(tf.square(tf.cast(value, tf.float32))))
            for value in values[len(model.outputs) :]
        ]
        return tf.stack([tf.stack(norms), tf.stack(sizes)])

    traced = tf.function(compute, reduce_retracing=True, jit_compile=model.jit_compile)

    def measure(x: Array, y: Any) -> tuple[Array, Array]:
        norms, sizes = np.asarray(traced(x, y))
        return norms, sizes

    return measure
