"""A few steps on made-up samples: how long they take and how much memory they need."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from blocks.design import Design
from blocks.training.engines.backend import backend
from blocks.training.engines.local import ready
from blocks.training.settings import TrainingSettings

STEPS, ENOUGH_SECONDS = 8, 6.0


def measure(payload: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Train some steps; a job's function.

    Returns the seconds of the first step, which is traced, and the median of the others; the
    bytes while training and, less what the samples of a batch need, while resting.
    """
    progress(0.1, "Building the network")
    settings = TrainingSettings.of(payload["settings"])
    model, targets = ready(Design.from_json(payload["design"]), settings)
    x, y = _made_up(payload, settings.task)
    resting = _bytes_now()
    progress(0.3, "Preparing the first step")
    times: list[float] = []
    peak, began = resting, time.monotonic()
    while len(times) < 2 or (len(times) <= STEPS and time.monotonic() - began < ENOUGH_SECONDS):
        start = time.monotonic()
        model.train_on_batch(x, targets.of(y), return_dict=True)
        times.append(time.monotonic() - start)
        peak = max(peak, _bytes_now(peak=True))
        progress(min(0.95, 0.5 + 0.05 * len(times)), f"{len(times)} steps done")
    return {
        "batch": len(x),
        "first_seconds": times[0],
        "step_seconds": float(np.median(times[1:])),
        "bytes": peak,
        "resting_bytes": resting,
    }


def _made_up(payload: Mapping[str, Any], task: str) -> tuple[Any, Any]:
    """Return a batch of the right shapes; what is in it does not change the time of a step."""
    generator = np.random.default_rng(0)
    count, classes = payload["batch"], payload["classes"]
    x = generator.standard_normal((count, *payload["shape"]), dtype=np.float32)
    if task == "classes":
        return x, generator.integers(classes, size=count)
    return x, generator.integers(2, size=(count, classes)).astype(np.float32)


def _bytes_now(peak: bool = False) -> int:
    """Return the memory of the device that is in use: the GPU's, else this process's own."""
    here = backend()
    if here.gpus():
        return here.gpu_bytes(peak)
    if not peak:
        return int(psutil.Process().memory_info().rss)
    return _peak_of_process()


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
