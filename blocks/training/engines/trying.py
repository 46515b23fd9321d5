"""A trained network at work: judged on a part of the data, asked about samples, looked into.

The functions of a child that stays: what was built for one question is there for the next.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from blocks.design import Design
from blocks.jobs import OnProgress
from blocks.training import checkpoint
from blocks.training.contents import Array
from blocks.training.data import Samples, load
from blocks.training.datasets import describe_data
from blocks.training.engines.backend import backend
from blocks.training.engines.local import ready
from blocks.training.normalising import normalised, scale_of
from blocks.training.own_batch import own_batch
from blocks.training.own_sample import SampleError, own_sample
from blocks.training.readers import fingerprint
from blocks.training.run import Run
from blocks.training.settings import TrainingSettings
from blocks.training.spans import Span, span_of, values_of
from blocks.training.target import Figures, summed
from blocks.training.watching import judging_of, probabilities

if TYPE_CHECKING:
    import keras

MOST_MAPS = 64
Question = Mapping[str, Any]


class Network:
    """A built network and its data; each is made when it is first needed."""

    def __init__(
        self,
        design: Design,
        data: str,
        settings: TrainingSettings,
        values: tuple[float, float] | None = None,
    ) -> None:
        """Build the network; `values` are the least and greatest of its data, where known."""
        self.data, self.settings, self.values, self.weights = data, settings, values, ""
        self.model, self.targets = ready(design, settings)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of a sample that the network takes."""
        return tuple(self.model.input_shape[1:])

    @cached_property
    def samples(self) -> Samples:
        return load(self.data, self.settings)

    @cached_property
    def judge(self) -> Any:
        return backend().judge_of(self.model, self.targets.each[0].output)

    @cached_property
    def span(self) -> Span:
        """What stands for black and white in the data, before they are normalised."""
        return span_of(*(self.values or values_of(describe_data(self.data, self.settings))))

    @cached_property
    def scale(self) -> tuple[Array, Array]:
        """The normalisation of the training part."""
        plain = load(self.data, replace(self.settings, normalisation="none"))
        return scale_of(plain.x, self.settings.normalisation)

    def normalised(self, x: Array) -> Array:
        """Return samples of one's own as those of the data are normalised."""
        return x if self.settings.normalisation == "none" else normalised(x, self.scale)

    def predicted(self, x: Array) -> Array:
        """Return the probabilities of the classes for samples (count, ...)."""
        alone = len(x) == 1  # without the data pipeline, which takes longer than the answer
        found = self.model.predict_on_batch(x) if alone else self.model.predict(x, verbose=0)
        place = self.model.output_names.index(self.targets.each[0].output)
        return probabilities(
            self.targets.each[0], found[place] if isinstance(found, list) else found
        )


KEPT: dict[str, Network] = {}
"""The network that was asked last, by what it was built of; never more than one."""


def prepare(payload: Question, progress: OnProgress) -> dict[str, Any]:
    """Build a network and let it answer once, so that the next answer is quick."""
    network = _network(payload["network"], progress)
    network.predicted(np.zeros((1, *network.shape), np.float32))
    return {}


def evaluate(payload: Question, progress: OnProgress) -> dict[str, Any]:
    """Judge a network on a `part` of its data: validation, test or all.

    Returns loss, accuracy, the count of samples, and, of classes, the confusion's rows.
    """
    network = _network(payload["network"], progress)
    progress(0.5, "Loading the data")
    x, y = _part(network, payload["part"])
    targets, batch = network.targets, network.settings.batch_size
    judging, sums = judging_of(targets.each[0], y), dict[str, float]()
    for start in range(0, len(x), batch):
        progress(0.5 + 0.5 * start / len(x), "Judging")
        labels = y[start : start + batch]
        found, predicted = network.judge(x[start : start + batch], targets.of(labels))
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


def ask(payload: Question, progress: OnProgress) -> dict[str, Any]:
    """Ask a network about a sample: a `row` of a `part` of the data, or a `file`.

    The sample, and the values and kernels of the `layer` named, are written to `target`, an .npz
    file. Returns the probabilities of the classes, and the label of a sample of the data.
    """
    network = _network(payload["network"], progress)
    progress(0.6, "Asking")
    sample, label = _sample(network, payload)
    arrays = {"sample": sample}
    if payload["layer"]:
        arrays |= _inside(network.model, payload["layer"], sample)
    with Path(payload["target"]).open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    return {"probabilities": network.predicted(sample[None])[0].tolist(), "label": label}


def ask_all(payload: Question, progress: OnProgress) -> dict[str, Any]:
    """Ask a network about the samples of an .npz `file`; they and the answers go to `target`."""
    network = _network(payload["network"], progress)
    progress(0.6, "Asking")
    x, labels = own_batch(Path(payload["file"]), network.shape, network.span)
    x = network.normalised(x)
    with Path(payload["target"]).open("wb") as file:
        np.savez(file, allow_pickle=False, samples=x, probabilities=network.predicted(x))
    return {"labels": labels.tolist() if labels is not None else []}


def _network(asked: Question, progress: OnProgress) -> Network:
    """Return the network that is asked: the kept one, with other weights where these are asked."""
    run = Run(Path(asked["folder"])) if "folder" in asked else None
    data = run.data if run else asked["data"]
    key = f"{asked['id']} {_state(Path(data))}"
    if key not in KEPT:
        _forget()
        progress(0.1, "Building the network")
        KEPT[key] = (
            Network(run.design, run.data, run.settings, run.data_values)
            if run
            else Network(
                Design.from_json(asked["design"]), data, TrainingSettings.of(asked["settings"])
            )
        )
    network = KEPT[key]
    if run:
        _take_weights(network, run, Path(asked["weights"]))
    return network


def _take_weights(network: Network, run: Run, source: Path) -> None:
    mark = f"{source} {_state(source)}"
    if network.weights == mark:
        return
    if source == run.best_path:
        checkpoint.restore_weights(source, network.model)
    else:
        checkpoint.restore(source, network.model)
    network.weights = mark


def _state(path: Path) -> str:
    """Return a mark that changes when a file or folder does; "" where there is none."""
    try:
        return fingerprint(path)
    except OSError:
        return ""


def _forget() -> None:
    """Let go of the kept network, and of what Keras keeps of it."""
    import gc

    import keras

    KEPT.clear()
    keras.backend.clear_session()
    gc.collect()


def _part(network: Network, part: str) -> tuple[Array, Array]:
    found = network.samples
    if part == "all":
        x = found.x, found.x_validation, found.x_test
        return np.concatenate(x), np.concatenate([found.y, found.y_validation, found.y_test])
    x_part, y_part = (
        (found.x_test, found.y_test) if part == "test" else (found.x_validation, found.y_validation)
    )
    if not len(x_part):
        raise SampleError("the data have no test part; set Test share to keep one aside")
    return x_part, y_part


def _sample(network: Network, payload: Question) -> tuple[Array, int | None]:
    if not payload["file"]:
        x, y = _part(network, payload["part"])
        row = payload["row"]
        if not 0 <= row < len(x):
            raise SampleError(f"a sample's number must be from 1 to {len(x):,}, got {row + 1:,}")
        return x[row], int(y[row]) if y.ndim == 1 else None
    span = network.span if len(network.shape) == 3 else Span()
    found = own_sample(Path(payload["file"]), network.shape, payload["invert"], span)
    return network.normalised(found), None


def _inside(model: "keras.Model", name: str, sample: Array) -> dict[str, Array]:
    """Return the values that leave a layer and, of a convolution, its kernels by filter."""
    import keras

    layer = model.get_layer(name)
    leaving = keras.Model(model.inputs, layer.output)(sample[None], training=False)
    values = keras.ops.convert_to_numpy(leaving)[0]
    found = {"values": values[..., :MOST_MAPS].astype(np.float32)}
    kernels = [weight for weight in layer.weights if weight.name == "kernel"]
    if kernels and len(kernels[0].shape) >= 3:
        kernel = keras.ops.convert_to_numpy(kernels[0]).astype(np.float32)
        found["kernels"] = np.moveaxis(kernel, -1, 0)[:MOST_MAPS]
    return found
