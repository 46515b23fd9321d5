"""A run's figures as TensorBoard event files, written with TensorFlow; the function of a job."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from blocks.jobs import OnProgress
from blocks.training.run import Run

FIGURES = ("loss", "accuracy")


def write_events(payload: Mapping[str, Any], progress: OnProgress) -> dict[str, Any]:
    """Write the figures of the run in `folder` into event files under `target`.

    `train` and `validation` beside each other, as Keras' own callback names them; steps count
    over the whole run, epochs from 0 as Keras counts them.
    """
    import tensorflow as tf

    metadata = tf.compat.v1.SummaryMetadata(data_class="DATA_CLASS_SCALAR")
    metadata.plugin_data.plugin_name = "scalars"

    def scalar(name: str, value: float, step: int) -> None:
        """As `tf.summary.scalar`, which asks for TensorBoard itself to be installed."""
        tf.summary.write(name, tf.constant(value, tf.float32), step, metadata)

    run, target = Run(Path(payload["folder"])), Path(payload["target"])
    metrics, flows = run.metrics(), run.flows()
    progress(0.5, "Writing event files")
    with tf.summary.create_file_writer(str(target / "train")).as_default():
        for step in metrics.steps:
            for name in FIGURES:
                scalar(f"batch_{name}", getattr(step, name), step.step)
        for epoch in metrics.epochs:
            for name in FIGURES:
                scalar(f"epoch_{name}", getattr(epoch, name), epoch.epoch - 1)
        for flow in flows.measured:
            for block, norm, size in zip(
                flows.blocks, flow.gradients, flow.activations, strict=True
            ):
                scalar(f"gradients/{block.label}", norm, flow.step)
                scalar(f"activations/{block.label}", size, flow.step)
    with tf.summary.create_file_writer(str(target / "validation")).as_default():
        for epoch in metrics.epochs:
            for name in FIGURES:
                scalar(f"epoch_{name}", getattr(epoch, f"val_{name}"), epoch.epoch - 1)
    return {}
