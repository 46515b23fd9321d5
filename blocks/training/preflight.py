"""Everything that stands against a run, or that a person should know, before it starts."""

from blocks.analysis import Report, analyze, bytes_text, require_buildable
from blocks.design import Design
from blocks.errors import BlockwrightError, DesignError, Problem
from blocks.training.datasets import DataError, DataInfo, describe_data
from blocks.training.devices import Device, DeviceError, find
from blocks.training.mismatch import mismatch
from blocks.training.settings import TrainingSettings


def training_problems(
    design: Design, data: str, settings: TrainingSettings, device: str
) -> list[Problem]:
    """Return why a run cannot start (errors) and what to know before it does (warnings).

    Settings, data, device and design are looked at; where data and design do not fit, both sides
    are named.
    """
    report = analyze(design)
    problems = [Problem("", message) for message in settings.problems()]
    problems += _of_design(report)
    try:
        info: DataInfo = describe_data(data)
        problems += mismatch(design, info)
    except DataError as error:
        problems.append(_said(error))
    try:
        problems += _memory(report, settings, find(device))
    except DeviceError as error:
        problems.append(_said(error))
    return problems


def _said(error: BlockwrightError) -> Problem:
    return Problem("", str(error))


def _of_design(report: Report) -> list[Problem]:
    try:
        require_buildable(report)
    except DesignError as error:
        return list(error.problems)
    if not report.trainable:
        message = "nothing in the design can be trained; add a block with weights or unfreeze one"
        return [Problem("", message)]
    return []


def _memory(report: Report, settings: TrainingSettings, device: Device) -> list[Problem]:
    """Warn where the estimate, which is on the safe side, goes past what is free."""
    if any(settings.problems()):
        return []
    needed = report.training_bytes(settings.batch_size)
    if needed <= device.free_bytes:
        return []
    message = (
        f"a step of {settings.batch_size} samples may need {bytes_text(needed)}, {device.name} has "
        f"{bytes_text(device.free_bytes)} free; a smaller batch needs less"
    )
    return [Problem("", message, severity="warning")]
