"""The largest batch that a measurement finds, against a process with that much memory."""

from dataclasses import replace

import pytest

from blocks import (
    Classifier,
    Conv,
    Design,
    Image,
    JobError,
    TrainingSettings,
    describe_data,
    devices,
    measured,
    start_measuring,
)
from blocks.training.estimate import batches_to_measure

BYTES = 1_500_000_000


def wide() -> Design:
    """A network whose samples take about a megabyte each."""
    return (
        Design("wide")
        .add("photo", Image(48, 48, 1))
        .add("one", Conv(filters=24), after="photo")
        .add("two", Conv(filters=24), after="one")
        .add("head", Classifier(classes=10), after="two")
    )


@pytest.mark.parametrize(
    ("batch", "sample", "free", "expected"),
    [
        (32, 1e6, 32e9, [32, 288]),  # 256 MB apart
        (32, 1e8, 32e9, [32, 64]),
        (32, 1e8, 4e9, [4, 32]),  # no larger one where the memory is short
        (1, 1e9, 2e9, [1, 2]),
    ],
)
def test_two_batches_are_measured_that_differ_and_fit(
    batch: int, sample: float, free: float, expected: list[int]
) -> None:
    assert batches_to_measure(batch, sample, int(free)) == expected


@pytest.mark.keras
def test_the_largest_batch_fits_a_process_of_that_memory_and_a_larger_one_does_not() -> None:
    info = replace(describe_data("digits"), count=100_000)
    (cpu,) = [device for device in devices() if device.name == "cpu"]
    roomy = replace(cpu, free_bytes=8 * BYTES)
    settings = TrainingSettings(height=48, width=48, batch_size=16)
    job = start_measuring(wide(), settings, info, roomy)
    found = measured(job.result(), settings, info, replace(cpu, free_bytes=BYTES))
    largest = found.largest_batch

    small = replace(cpu, free_bytes=BYTES, total_bytes=BYTES)
    fits = replace(settings, batch_size=int(0.75 * largest))
    assert start_measuring(wide(), fits, info, small).result()["bytes"]
    too_large = replace(settings, batch_size=int(1.4 * largest))
    with pytest.raises(JobError, match=r"needed more than 1\.5 GB"):
        start_measuring(wide(), too_large, info, small).result()
