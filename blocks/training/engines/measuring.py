"""A few steps on made-up samples: how long they take and how much memory they need."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from blocks.design import Design
from blocks.training.engines.backend import backend
from blocks.training.engines.local import ready
from blocks.training.settings import TrainingSettings

if TYPE_CHECKING:
    import keras

STEPS, ENOUGH_SECONDS = 9, 6.0


def measure(payload: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Train some steps with each of two batches; a job's function.

    `batches` are their sizes, the smaller first; `batch` is the one to train with. Returns the
    seconds of its first step, which is traced, and the median of its others; and for each size
    the most bytes that were held until then.
    """
    progress(0.1, "Building the network")
    settings = TrainingSettings.of(payload["settings"])
    model, targets = ready(Design.from_json(payload["design"]), settings)
    times: dict[int, list[float]] = {}
    peaks: list[int] = []
    for size in payload["batches"]:
        progress(0.2 + 0.4 * len(peaks), f"Steps of {size:,} samples")
        x, y = _made_up(payload, settings.task, size)
        model.make_train_function(force=True)  # traced for this size alone, as training does it
        times[size] = _seconds_of_steps(
            model, x, targets.of(y), STEPS if size == payload["batch"] else 2
        )
        peaks.append(_peak_bytes())
    first, *others = times[payload["batch"]]
    return {
        "batch": payload["batch"],
        "batches": payload["batches"],
        "bytes": peaks,
        "first_seconds": first,
        "step_seconds": float(np.median(others)),
    }


def _seconds_of_steps(model: "keras.Model", x: Any, y: Any, most: int) -> list[float]:
    times: list[float] = []
    began = time.monotonic()
    while len(times) < 2 or (len(times) < most and time.monotonic() - began < ENOUGH_SECONDS):
        start = time.monotonic()
        model.train_on_batch(x, y, return_dict=True)
        times.append(time.monotonic() - start)
    return times


def _made_up(payload: Mapping[str, Any], task: str, count: int) -> tuple[Any, Any]:
    """Return a batch of the right shapes; what is in it does not change the time of a step."""
    generator = np.random.default_rng(0)
    classes = payload["classes"]
    x = generator.standard_normal((count, *payload["shape"]), dtype=np.float32)
    if task == "classes":
        return x, generator.integers(classes, size=count)
    return x, generator.integers(2, size=(count, classes)).astype(np.float32)


def _peak_bytes() -> int:
    """Return the most memory that was held so far: the GPU's, else this process's own."""
    here = backend()
    return here.peak_gpu_bytes() if here.gpus() else _peak_of_process()


def _peak_of_process() -> int:
    """Return the most memory this process held.

    What `getrusage` says of a process on Linux includes its parent's memory before the start.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    import resource

    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
