"""Training on one device of this machine, with Keras on the backend of this process.

Everything here runs in the training process or in a job, never in the editor's process.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blocks.analysis import analyze
from blocks.design import Design
from blocks.graph import LayerGraph
from blocks.keras_model import build_model, put_weights
from blocks.training import checkpoint
from blocks.training.backends import BACKENDS
from blocks.training.devices import Device, missing_cards
from blocks.training.engines.backend import backend, leave_tensorflow_out
from blocks.training.files import replacing
from blocks.training.mismatch import Head, heads_of
from blocks.training.run import Run
from blocks.training.settings import TrainingSettings
from blocks.training.stock import loss_of, measure_of, optimizer_of
from blocks.training.target import Target, Targets, targets_of

if TYPE_CHECKING:
    import keras

FOR_GPUS = {
    "tensorflow": "tensorflow[and-cuda]",
    "jax": "jax[cuda13]",
    "torch": "a PyTorch built for CUDA",
}


class EngineError(Exception):
    """Training cannot go on here; the text is a sentence for a person."""


def require_device(device: Device) -> None:
    """Compare the device asked for with what the backend really got.

    Raises:
        EngineError: a GPU was asked for and is not there, or cannot be used.
    """
    import keras

    name = keras.backend.backend()
    if device.is_gpu and backend().gpus() < device.count:
        if lost := missing_cards(device):
            raise EngineError(
                f"{device.name} ({device.title}) is not there any more: the driver does not list "
                f"{' and '.join(lost)}; when nvidia-smi does, resume, or start a new run on "
                "another device"
            )
        raise EngineError(
            f"{device.name} ({device.title}) cannot be used by {BACKENDS[name]}; install "
            f"{FOR_GPUS[name]} and the card's driver, or train on the cpu"
        )
    print(f"training on {device.name} ({device.title}) with {BACKENDS[name]}", flush=True)


def build(run: Run, devices: int = 1) -> "tuple[keras.Model, Targets]":
    """Return the compiled model of a run's design, as it was before the first step.

    With several devices, each of them holds its variables.
    """
    with backend().spread(devices):
        return ready(run.design, run.settings)


def ready(design: Design, settings: TrainingSettings) -> "tuple[keras.Model, Targets]":
    """Return the compiled model of a design.

    Its weights are those that the design carries, if training is to start from them, else drawn
    by the seed.
    """
    import keras

    leave_tensorflow_out()
    keras.utils.set_random_seed(settings.seed)
    graph, heads = analyze(design).graph, heads_of(design)
    targets = targets_of(heads, settings)
    model = in_precision(graph, heads, design.name, settings.precision)
    if settings.start_from_weights:
        put_weights(model, design, graph)
    return compiled(model, targets, settings), targets


def in_precision(
    graph: LayerGraph, heads: tuple[Head, ...], name: str, precision: str
) -> "keras.Model":
    """Return the model of a graph; in bfloat16 it still predicts in float32, as losses need it."""
    import keras

    if precision == "float32":
        return build_model(graph, name)
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        ends = [layer for head in heads for layer in (head.layer.name, head.predicts)]
        return build_model(graph, name, dict.fromkeys(ends, "float32"))
    finally:
        keras.config.set_dtype_policy(before)


def save_model(model: "keras.Model", path: Path) -> None:
    """Save a model, or its weights, as a whole or not at all; Keras' own save is not atomic."""
    with replacing(path) as temporary:
        if path.name.endswith(".weights.h5"):
            model.save_weights(temporary)
        else:
            model.save(temporary)


def write_model(
    payload: Mapping[str, Any], progress: Callable[[float, str], None]
) -> dict[str, Any]:
    """Write the model of a run at its start, its last checkpoint or best epoch; a job's function.

    `payload` has the run's `folder`, the name of the file that it is `of` (`start` for the first
    weights), and the `target`, whose name says the format: .keras, .h5 or .weights.h5.
    """
    progress(0.1, "Building the network")
    run, target = Run(Path(payload["folder"])), Path(payload["target"])
    model, _ = build(run)
    if payload["of"] == run.best_path.name:
        checkpoint.restore_weights(run.best_path, model)
    elif payload["of"] == run.checkpoint_path.name:
        checkpoint.restore(run.checkpoint_path, model)
    progress(0.6, "Writing the file")
    save_model(model, target)
    return {"path": str(target)}


def compiled(model: "keras.Model", targets: Targets, settings: TrainingSettings) -> "keras.Model":
    """Return the model ready to train, all variables of its optimizer made."""
    each, words = targets.each, {"auto": "auto", "on": True, "off": False}
    how: dict[str, Any] = {
        "optimizer": _optimizer(settings),
        "jit_compile": words[settings.xla],
    }
    if len(each) == 1:
        model.compile(**how, loss=_loss(each[0]), metrics=[_measure(each[0])])
    else:
        model.compile(
            **how,
            loss={target.output: _loss(target) for target in each},
            loss_weights={target.output: float(target.loss_weight) for target in each},
            metrics={target.output: [_measure(target)] for target in each},
        )
    model.optimizer.build(model.trainable_variables)
    return model


def _loss(target: Target) -> "keras.Loss":
    import keras

    kind, arguments = loss_of(target)
    return getattr(keras.losses, kind)(**arguments)


def _measure(target: Target) -> "keras.Metric":
    import keras

    kind, arguments = measure_of(target)
    return getattr(keras.metrics, kind)(name="accuracy", **arguments)


def _optimizer(settings: TrainingSettings) -> "keras.Optimizer":
    import keras

    kind, arguments = optimizer_of(settings)
    return getattr(keras.optimizers, kind)(**arguments)
