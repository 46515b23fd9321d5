"""Everything that stands against a run, or that a person should know, before it starts."""

import math

from blocks.analysis import Report, analyze, bytes_text, require_buildable
from blocks.design import Design
from blocks.errors import BlockwrightError, DesignError, Problem, Repair
from blocks.training.backends import AUTO, BACKENDS, backends, missing, resolved
from blocks.training.data_settings import DataSettings
from blocks.training.datasets import DataError, DataInfo, describe_data
from blocks.training.devices import Device, DeviceError, find
from blocks.training.estimate import Estimate, estimated, too_much
from blocks.training.mismatch import mismatch
from blocks.training.settings import TrainingSettings
from blocks.weights import weights_fit

KERAS_MOMENTUM = 0.99
LARGEST_MOMENTUM = 1 - 1e-9  # with 1 it would never learn
START_WEIGHT = 0.05
"""Share of batch norm's first averages that may be left at the end of a run."""


def training_problems(
    design: Design, data: str, settings: TrainingSettings, device: str
) -> list[Problem]:
    """Return why a run cannot start (errors) and what to know before it does (warnings).

    Settings, data, device and design are looked at; where data and design do not fit, both sides
    are named.
    """
    report = analyze(design)
    broken = [Problem("", message) for message in settings.problems()]
    problems = [*(broken or _of_backend(settings)), *_of_design(report)]
    if settings.start_from_weights is True:
        problems += _of_weights(design, report)
    info: DataInfo | None = None
    try:
        info = describe_data(data, DataSettings() if broken else settings)
        problems += mismatch(design, info, None if broken else settings)
        if not (broken or (design.weights and settings.start_from_weights)):
            problems += _slow_averages(report, settings, info)
    except DataError as error:
        problems.append(_said(error))
    try:
        card = find(device)
        if not broken:
            problems += _sharing(settings, card)
        if info and not broken:
            problems += _memory(report, settings, info, card)
    except DeviceError as error:
        problems.append(_said(error))
    return problems


def require_trainable(design: Design, data: str, settings: TrainingSettings, device: str) -> None:
    """Refuse a training that cannot start.

    Raises:
        DesignError: with every reason.
    """
    found = training_problems(design, data, settings, device)
    errors = [problem for problem in found if problem.severity == "error"]
    if errors:
        raise DesignError(errors)


def _said(error: BlockwrightError) -> Problem:
    return Problem("", str(error))


def _of_backend(settings: TrainingSettings) -> list[Problem]:
    """Refuse a backend that is not installed, with the change to one that is."""
    message = missing(settings.backend)
    others = tuple(
        Repair(f"Train with {BACKENDS[name]}", {}, settings={"backend": name})
        for name in backends()[:1]
    )
    return [Problem("", message, repairs=others)] if message else []


def backend_on(device: Device, settings: TrainingSettings) -> str:
    """Return the backend that a run on a device gets; a cluster's machines train with JAX."""
    if device.is_cluster and settings.backend == AUTO:
        return "jax"
    return resolved(settings.backend)


def _sharing(settings: TrainingSettings, device: Device) -> list[Problem]:
    """Refuse what several devices cannot do together: a backend, a batch of uneven parts."""
    problems = []
    able = ("jax",) if device.is_cluster else ("tensorflow", "jax")
    count = settings.workers if device.is_cluster else device.count
    backend = backend_on(device, settings)
    if (device.is_cluster or count > 1) and backend not in able:
        titles = " or ".join(BACKENDS[name] for name in able)
        message = f"{device.name} trains with {titles}, not with {BACKENDS[backend]}"
        change = Repair(f"Train with {BACKENDS[able[0]]}", {}, settings={"backend": able[0]})
        problems.append(Problem("", message, repairs=(change,)))
    elif device.count > 1 and backend == "tensorflow" and settings.xla == "on":
        message = f"{device.name} trains with TensorFlow without XLA, got xla on; set it to auto"
        auto = Repair("Set XLA to auto", {}, settings={"xla": "auto"})
        jax = Repair("Train with JAX", {}, settings={"backend": "jax"})
        changes = (auto, jax) if "jax" in backends() else (auto,)
        problems.append(Problem("", message, repairs=changes))
    if settings.batch_size % count:
        message = (
            f"the batch size must be a multiple of {count}, the devices that share a batch, got "
            f"{settings.batch_size}"
        )
        batch = -(-settings.batch_size // count) * count
        change = Repair(f"Set the batch size to {batch}", {}, settings={"batch_size": batch})
        problems.append(Problem("", message, repairs=(change,)))
    return problems


def _of_design(report: Report) -> list[Problem]:
    try:
        require_buildable(report)
    except DesignError as error:
        return list(error.problems)
    if not report.trainable:
        message = "nothing in the design can be trained; add a block with weights or unfreeze one"
        return [Problem("", message)]
    return []


def _of_weights(design: Design, report: Report) -> list[Problem]:
    """Tell where layers start with fresh values although the design carries weights."""
    found = weights_fit(design, report.graph)
    if found is None or len(found.layers) == found.wanted:
        return []
    return [Problem("", found.sentence(), severity="warning")]


def _slow_averages(report: Report, settings: TrainingSettings, data: DataInfo) -> list[Problem]:
    """Warn where batch norm's running averages, which validation uses, cannot keep up.

    They start at mean 0 and variance 1; after n steps the start still weighs momentum ** n.
    """
    momenta = [
        layer.config.get("momentum", KERAS_MOMENTUM)
        for layer in report.layers
        if layer.kind == "BatchNormalization"
    ]
    if not momenta:
        return []
    samples = data.parts(settings)[0]
    steps = settings.epochs * max(1, samples // settings.batch_size)
    slowest = min(max(momenta), LARGEST_MOMENTUM)
    needed = math.ceil(math.log(START_WEIGHT) / math.log(slowest)) if slowest > 0 else 1
    if steps >= needed:
        return []
    message = (
        f"batch norm with momentum {max(momenta):g} needs some {needed:,} steps to learn the "
        f"averages that validation uses, this run has {steps:,}: validation may look far worse "
        "than training; more epochs or a smaller batch give it more steps"
    )
    return [Problem("", message, severity="warning")]


def _memory(
    report: Report, settings: TrainingSettings, info: DataInfo, device: Device
) -> list[Problem]:
    """Refuse what cannot fit; warn where the estimate, which is on the safe side, is past it.

    What a cluster's machines have is not known here.
    """
    if device.is_cluster:
        return []
    found = estimated(report, settings, info, device)
    refusal = too_much(found, settings, device)
    if refusal:
        return [Problem("", refusal, repairs=_smaller(found, settings))]
    if found.bytes <= device.free_bytes:
        return []
    message = (
        f"a step of {settings.batch_size} samples may need {bytes_text(found.bytes)}, "
        f"{device.name} has {bytes_text(device.free_bytes)} free; a smaller batch needs less"
    )
    return [Problem("", message, severity="warning", repairs=_smaller(found, settings))]


def _smaller(found: Estimate, settings: TrainingSettings) -> tuple[Repair, ...]:
    """Return the change of the batch size to one that fits, where there is one."""
    fits = found.largest_batch
    if not 0 < fits < settings.batch_size:
        return ()
    batch = 2 ** (fits.bit_length() - 1)
    return (Repair(f"Set the batch size to {batch}", {}, settings={"batch_size": batch}),)
