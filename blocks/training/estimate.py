"""What a run will take: memory, time for an epoch, largest batch; estimated, then measured."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from blocks.analysis import Report, analyze, bytes_text
from blocks.design import Design
from blocks.jobs import Job, start_job
from blocks.memory import TrainingMemory
from blocks.training.backends import environment
from blocks.training.datasets import DataInfo
from blocks.training.devices import Device
from blocks.training.settings import TrainingSettings

MEASURING_SECONDS = 300.0
STEP_SECONDS = 0.004
"""What a step takes beside its arithmetic."""

CORE_MACS = 35e9
GPU_MACS = {"float32": 15e12, "bfloat16": 60e12}
"""Multiply-adds a second of a core, and of a GPU: the right order, no more."""

PASSES = 3
"""A step does the multiply-adds of a prediction three times: forth, and back for each factor."""

LEAST_SHARE = 0.4
"""Back ends were seen to need at least 0.87 times the outputs, of the 2 times of the estimate."""

SPAN_BYTES = 256e6
"""How far, by the estimate, two batches that are measured lie apart."""

LARGEST_BATCH = 65_536
RUNTIME_BYTES = 600_000_000
"""What the back end takes for itself; a step needs more beside it, never less than half."""


@dataclass(frozen=True)
class Estimate:
    """Bytes of a step, seconds of a step and an epoch, and the largest batch that fits (0: none).

    `least_bytes` is what it needs in any case. `measured`: found by steps on the device.
    """

    bytes: int
    least_bytes: int
    step_seconds: float
    epoch_seconds: float
    largest_batch: int
    measured: bool = False
    first_seconds: float = 0.0

    def sentence(self) -> str:
        """Say it in a sentence."""
        first = f", the first step {_time(self.first_seconds)}" if self.measured else ""
        head = "Measured" if self.measured else "Estimated"
        return (
            f"{head}: {_time(self.epoch_seconds)} an epoch{first}; "
            f"{bytes_text(self.bytes)} of memory; "
            f"batches of up to {self.largest_batch:,} fit."
        )


def _time(seconds: float) -> str:
    if seconds < 0.1:
        return "less than 0.1 s"
    if seconds < 10:
        return f"{seconds:.2g} s"
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def estimated(
    report: Report, settings: TrainingSettings, info: DataInfo, device: Device
) -> Estimate:
    """Return what a run will take, from the numbers of the network alone."""
    batch = min(settings.batch_size, info.parts(settings)[0])
    memory = _memory(report, settings, batch)
    cores = CORE_MACS * max(1, device.cores)
    speed = device.count * GPU_MACS[settings.precision] if device.is_gpu else cores
    seconds = STEP_SECONDS + PASSES * report.macs * batch / speed
    sample = memory.activations / batch
    state = device.count * (memory.state + RUNTIME_BYTES)  # each device holds all variables
    free = device.free_bytes - state
    least = state - device.count * RUNTIME_BYTES // 2 + int(LEAST_SHARE * memory.activations)
    return Estimate(
        bytes=state + memory.total - memory.state,
        least_bytes=least,
        step_seconds=seconds,
        epoch_seconds=_epoch(seconds, batch, settings, info),
        largest_batch=_largest(free, sample),
    )


def _memory(report: Report, settings: TrainingSettings, batch: int) -> TrainingMemory:
    kept = "momentum" if settings.optimizer == "sgd" else settings.optimizer
    return report.training_memory(batch, kept)


def _largest(free: float, sample: float) -> int:
    return max(0, min(LARGEST_BATCH, int(free / sample))) if sample > 0 else LARGEST_BATCH


def _epoch(step_seconds: float, batch: int, settings: TrainingSettings, info: DataInfo) -> float:
    """Return the seconds of an epoch; judging takes a third of learning."""
    train, validation, _ = info.parts(settings)
    return step_seconds * (train // batch + validation / batch / PASSES)


def start_measuring(
    design: Design, settings: TrainingSettings, info: DataInfo, device: Device
) -> Job:
    """Train a few steps on made-up samples in a child process; `measured` reads its result.

    Of several devices one is measured, with its part of a batch.
    """
    batch = max(1, min(settings.batch_size, info.parts(settings)[0]) // device.count)
    sample = _memory(analyze(design), settings, 1).activations
    payload = {
        "design": design.to_json(),
        "settings": settings.values(),
        "shape": list(info.fitted(settings).shape),
        "classes": info.classes,
        "batch": batch,
        "batches": batches_to_measure(batch, sample, device.free_bytes // device.count),
    }
    return start_job(
        "blocks.training.engines.measuring:measure",
        payload,
        seconds=MEASURING_SECONDS,
        memory_bytes=max(1_000_000_000, device.total_bytes),
        title="Measuring a few steps",
        env={**environment(settings.backend), **device.environment()},
    )


def batches_to_measure(batch: int, sample_bytes: float, free_bytes: int) -> list[int]:
    """Return a batch and another size for it to be compared with, the smaller first.

    They lie far enough apart for the difference to be no noise, and need no more than there is;
    what the smaller one leaves behind in the process must not weigh.
    """
    more = max(2 * batch, batch + int(SPAN_BYTES / sample_bytes))
    if more * sample_bytes < free_bytes / 4 and more <= LARGEST_BATCH:
        return [batch, more]
    return [max(1, batch // 8), batch] if batch > 1 else [1, 2]


def measured(
    found: Mapping[str, Any], settings: TrainingSettings, info: DataInfo, device: Device
) -> Estimate:
    """Return what a run will take, from the result of `start_measuring`.

    Bytes rise evenly with the batch; where they rise is what training takes beside its samples.
    """
    batch, (small, large) = int(found["batch"]), found["batches"]
    less, most = found["bytes"]
    sample, count = (most - less) / (large - small), device.count
    total = less if batch == small else most
    return Estimate(
        bytes=count * total,
        least_bytes=count * total,
        step_seconds=found["step_seconds"],
        epoch_seconds=_epoch(found["step_seconds"], count * batch, settings, info),
        largest_batch=_largest(device.free_bytes - count * (most - large * sample), sample),
        measured=True,
        first_seconds=found["first_seconds"],
    )


def too_much(estimate: Estimate, settings: TrainingSettings, device: Device) -> str:
    """Return the sentence that refuses a run which cannot fit, or ""."""
    if estimate.least_bytes <= device.free_bytes:
        return ""
    needs = "needs" if estimate.measured else "needs at least"
    way = (
        f"set the batch size to {estimate.largest_batch} or less"
        if 0 < estimate.largest_batch < settings.batch_size
        else "take a smaller network or another device"
    )
    return (
        f"a step of {settings.batch_size} samples {needs} {bytes_text(estimate.least_bytes)}, "
        f"{device.name} has {bytes_text(device.free_bytes)} free; {way}"
    )
