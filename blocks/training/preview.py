"""A look at data before training: samples of each class as the network gets them, and balance."""

import base64
import hashlib
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from blocks.home import home, private_folder
from blocks.jobs import Job, start_job
from blocks.training import downloads
from blocks.training.contents import Array
from blocks.training.data import load, varied
from blocks.training.datasets import DataInfo, describe_data
from blocks.training.files import read_json, write_json
from blocks.training.readers import fingerprint
from blocks.training.settings import TrainingSettings

SHOWN = 6
MAX_ROWS = 200
PIXELS = 72
POINTS = 120
SECONDS, BYTES = 120.0, 8 * 1024**3
SLOWEST = 100_000  # bytes a second; a download that is slower is given up
VERSION = 1


@dataclass(frozen=True)
class PreviewRow:
    """A class (or label, or some of the numbers to learn): its samples, and how many there are.

    `samples` are pictures as data addresses, or signals as lists of values; the last one is
    varied as in training, where augmentation is set.
    """

    name: str
    count: int
    samples: tuple[Any, ...]


@dataclass(frozen=True)
class Preview:
    """What there is to see of a data set; `low` and `high` are the values after normalisation."""

    rows: tuple[PreviewRow, ...]
    low: float
    high: float


def previewed(info: DataInfo, settings: TrainingSettings) -> Preview | None:
    """Return the preview of a data set if it was made before; None where it was not."""
    found = read_json(_place(info, settings))
    if not found:
        return None
    rows = [PreviewRow(row["name"], row["count"], tuple(row["samples"])) for row in found["rows"]]
    return Preview(tuple(rows), found["low"], found["high"])


def start_preview(info: DataInfo, settings: TrainingSettings) -> Job:
    """Make the preview of a data set in a child process; `previewed` has it then.

    One that is not on this machine is downloaded first; the job tells how far it is.
    """
    payload = {"name": info.name, "settings": settings.values()}
    return start_job(
        "blocks.training.preview:preview_in_child",
        payload,
        seconds=SECONDS + downloads.download_bytes(info.name) / SLOWEST,
        memory_bytes=BYTES,
        title=f"Looking at {info.title}" if info.is_downloaded else "Looking at the data",
    )


def preview_in_child(
    payload: Mapping[str, Any], progress: Callable[[float, str], None]
) -> dict[str, Any]:
    """Make a preview and keep it; a job's function."""
    settings = TrainingSettings.of(payload["settings"])
    info = describe_data(payload["name"], settings)
    with downloads.told(info.name, info.title, progress):
        found = _preview(info, settings)
    place = _place(info, settings)
    private_folder(place.parent)
    write_json(place, asdict(found))
    return {}


def _place(info: DataInfo, settings: TrainingSettings) -> Path:
    """Return where a preview is kept: under what it depends on, and nothing else."""
    shown = {name: value for name, value in settings.values().items() if name not in BESIDE}
    of = fingerprint(Path(info.name)) if info.is_own else info.name
    mark = hashlib.sha256(json.dumps([VERSION, of, shown], sort_keys=True).encode()).hexdigest()
    return home() / "known" / f"preview-{mark[:24]}.json"


BESIDE = (
    *("epochs", "batch_size", "learning_rate", "optimizer", "schedule", "step_epochs"),
    *("step_factor", "warmup_epochs", "weight_decay", "label_smoothing", "precision", "xla"),
    *("patience", "minutes", "start_from_weights", "backend", "workers"),
)
"""Settings that a preview does not depend on."""


def _preview(info: DataInfo, settings: TrainingSettings) -> Preview:
    samples = load(info.name, settings)
    low, high = float(samples.x.min()), float(samples.x.max())
    rows = []
    for name, chosen in _groups(info, samples.y):
        shown = chosen[: SHOWN - settings.augments]
        kept = samples.x[shown]
        if settings.augments and len(shown):
            kept = np.concatenate([kept, varied(samples.x[shown[:1]], settings, 0, 0)])
        drawn = tuple(_signal(x) if x.ndim == 2 else _picture(x, low, high) for x in kept)
        rows.append(PreviewRow(name, len(chosen), drawn))
    return Preview(tuple(rows), low, high)


def _groups(info: DataInfo, labels: Array) -> list[tuple[str, Array]]:
    """Return the rows of each class or label; of numbers, those with the least and the greatest."""
    if info.task == "regression":
        order = np.argsort(labels[:, 0], kind="stable")
        thirds = [third for third in np.array_split(order, 3) if len(third)]
        ends = [(labels[third[0], 0], labels[third[-1], 0]) for third in thirds]
        spans = [f"{first:.4g} to {last:.4g}" for first, last in ends]
        return list(zip(spans, thirds, strict=True))
    names = info.class_names or tuple(str(number) for number in range(info.classes))
    has = labels[:, None] == np.arange(len(names)) if labels.ndim == 1 else labels > 0
    return [(name, np.flatnonzero(has[:, at])) for at, name in enumerate(names[:MAX_ROWS])]


def _signal(x: Array) -> list[float]:
    """Return the first channel of a signal in few points: the most extreme of each stretch."""
    values = x[:, 0]
    if len(values) <= POINTS:
        return [round(float(value), 4) for value in values]
    parts = np.array_split(values, POINTS)
    return [round(float(part[np.abs(part - part.mean()).argmax()]), 4) for part in parts]


def _picture(x: Array, low: float, high: float) -> str:
    """Return a picture as a data address, small ones with their pixels to be seen."""
    from PIL import Image

    pixels = np.clip((x - low) / (high - low or 1) * 255, 0, 255).astype(np.uint8)
    image = Image.fromarray(pixels[:, :, :3] if pixels.shape[2] >= 3 else pixels[:, :, 0])
    factor = PIXELS / max(image.size)
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    way = Image.Resampling.NEAREST if factor > 1 else Image.Resampling.BILINEAR
    file = io.BytesIO()
    image.resize(size, way).save(file, "PNG")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
