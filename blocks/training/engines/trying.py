"""A trained network at work: judged on a part of the data, asked about a sample, looked into.

The functions of jobs: each builds the model of a run anew and takes its weights.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from blocks.jobs import OnProgress
from blocks.training import checkpoint
from blocks.training.contents import Array
from blocks.training.data import load
from blocks.training.engines.backend import backend
from blocks.training.engines.local import build
from blocks.training.normalising import normalised, scale_of
from blocks.training.own_sample import SampleError, own_sample
from blocks.training.run import Run
from blocks.training.target import Figures, Targets, summed
from blocks.training.watching import judging_of, probabilities

if TYPE_CHECKING:
    import keras

MOST_MAPS = 64


def evaluate(payload: Mapping[str, Any], progress: OnProgress) -> dict[str, Any]:
    """Judge a run's network on a `part` of its data: validation or test.

    Returns loss, accuracy, the count of samples, and, of classes, the confusion's rows.
    """
    run = Run(Path(payload["folder"]))
    model, targets = _trained(run, payload["best"], progress)
    progress(0.5, "Loading the data")
    x, y = _part(run, payload["part"])
    judge = backend().judge_of(model, targets.each[0].output)
    judging = judging_of(targets.each[0], y)
    batch, sums = run.settings.batch_size, dict[str, float]()
    for start in range(0, len(x), batch):
        progress(0.5 + 0.5 * start / len(x), "Judging")
        labels = y[start : start + batch]
        found, predicted = judge(x[start : start + batch], targets.of(labels))
        figures: Figures = targets.figures(found)
        sums = dict(summed(sums, figures, len(labels)))
        if judging:
            judging.add(labels, predicted)
    return {
        "loss": sums["loss"] / len(x),
        "accuracy": sums["accuracy"] / len(x),
        "count": len(x),
        "counts": judging.counts.tolist() if judging else [],
    }


def ask(payload: Mapping[str, Any], progress: OnProgress) -> dict[str, Any]:
    """Ask a run's network about a sample: a `row` of a `part` of the data, or a `file`.

    The sample, and the values and kernels of the `layer` named, are written to `target`, an .npz
    file. Returns the probabilities of the classes, and the label of a sample of the data.
    """
    run = Run(Path(payload["folder"]))
    model, targets = _trained(run, payload["best"], progress)
    progress(0.6, "Asking")
    sample, label = _sample(run, payload, tuple(model.input_shape[1:]))
    arrays = {"sample": sample}
    if payload["layer"]:
        arrays |= _inside(model, payload["layer"], sample)
    with Path(payload["target"]).open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    predicted = model.predict(sample[None], verbose=0)
    place = model.output_names.index(targets.each[0].output)
    values = predicted[place] if isinstance(predicted, list) else predicted
    return {"probabilities": probabilities(targets.each[0], values)[0].tolist(), "label": label}


def _trained(run: Run, best: bool, progress: OnProgress) -> "tuple[keras.Model, Targets]":
    progress(0.1, "Building the network")
    model, targets = build(run)
    if best:
        checkpoint.restore_weights(run.best_path, model)
    else:
        checkpoint.restore(run.checkpoint_path, model)
    return model, targets


def _part(run: Run, part: str) -> tuple[Array, Array]:
    samples = load(run.data, run.settings)
    x, y = (
        (samples.x_test, samples.y_test)
        if part == "test"
        else (samples.x_validation, samples.y_validation)
    )
    if not len(x):
        raise SampleError(
            "the data have no test part; set Test share before a run to keep one aside"
        )
    return x, y


def _sample(
    run: Run, payload: Mapping[str, Any], shape: tuple[int, ...]
) -> tuple[Array, int | None]:
    if not payload.get("file"):
        x, y = _part(run, payload["part"])
        row = payload["row"]
        if not 0 <= row < len(x):
            raise SampleError(f"a sample's number must be from 1 to {len(x):,}, got {row + 1:,}")
        return x[row], int(y[row]) if y.ndim == 1 else None
    sample = own_sample(Path(payload["file"]), shape, payload["invert"])
    kind = run.settings.normalisation
    if kind == "none":
        return sample, None
    plain = load(run.data, replace(run.settings, normalisation="none"))
    return normalised(sample, scale_of(plain.x, kind)), None


def _inside(model: "keras.Model", name: str, sample: Array) -> dict[str, Array]:
    """Return the values that leave a layer and, of a convolution, its kernels by filter."""
    import keras

    layer = model.get_layer(name)
    values = keras.Model(model.inputs, layer.output).predict(sample[None], verbose=0)[0]
    found = {"values": np.asarray(values, np.float32)}
    kernels = [weight for weight in layer.weights if weight.name == "kernel"]
    if kernels and len(kernels[0].shape) >= 3:
        kernel = np.asarray(kernels[0], np.float32)
        found["kernels"] = np.moveaxis(kernel, -1, 0)[:MOST_MAPS]
    return found | {"values": found["values"][..., :MOST_MAPS]}
