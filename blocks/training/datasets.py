"""Data sets by name or path, and what is known of them before their arrays are loaded."""

from dataclasses import dataclass
from pathlib import Path

from blocks.errors import BlockwrightError
from blocks.layers.base import shape_text


class DataError(BlockwrightError):
    """Data that are not there, or that cannot be trained on."""


@dataclass(frozen=True)
class DataInfo:
    """What is known of a data set before its arrays are loaded.

    `shape` is that of one sample without the batch axis, as the network gets it; `count` is all
    samples, validation included; `range` are the least and greatest value of a sample.
    """

    name: str
    title: str
    shape: tuple[int, ...]
    classes: int
    count: int
    range: tuple[float, float] = (0.0, 1.0)
    class_names: tuple[str, ...] = ()
    note: str = ""

    @property
    def sample(self) -> str:
        """What one sample is called: a picture (height x width x channels) or a signal."""
        return {2: "signal", 3: "picture"}.get(len(self.shape), "sample")

    @property
    def label(self) -> str:
        """What sentences call the data."""
        return f"the data ({self.title if self.name.endswith('.npz') else self.name})"

    def describe(self) -> str:
        """Return the data set in a line: count, shape, classes, range of values."""
        low, high = self.range
        return (
            f"{self.count:,} {self.sample}s of {shape_text(self.shape)}, {self.classes} classes, "
            f"values from {low:.3g} to {high:.3g}"
        )


DIGIT_NAMES = tuple("0123456789")
DIGITS = DataInfo(
    "digits",
    "Handwritten digits",
    (8, 8, 1),
    10,
    1797,
    class_names=DIGIT_NAMES,
    note="comes with scikit-learn",
)
RHYTHMS = ("normal", "atrial fibrillation", "premature ventricular beats", "tachycardia")
ECG = DataInfo(
    "ecg",
    "Synthetic ECG rhythms",
    (1024, 1),
    len(RHYTHMS),
    1_200,
    range=(-2.0, 2.0),
    class_names=RHYTHMS,
    note="made by rule, 128 samples per second; no records of patients",
)
DOWNLOADED = "downloaded when first used"
FASHION = (
    "T-shirt",
    "trousers",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)
OBJECTS = (
    "aeroplane",
    "car",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "lorry",
)
NAMED = {
    info.name: info
    for info in (
        DIGITS,
        ECG,
        DataInfo(
            "mnist",
            "MNIST digits",
            (28, 28, 1),
            10,
            70_000,
            class_names=DIGIT_NAMES,
            note=DOWNLOADED,
        ),
        DataInfo(
            "fashion_mnist",
            "Fashion-MNIST clothes",
            (28, 28, 1),
            10,
            70_000,
            class_names=FASHION,
            note=DOWNLOADED,
        ),
        DataInfo(
            "cifar10",
            "CIFAR-10 objects",
            (32, 32, 3),
            10,
            60_000,
            class_names=OBJECTS,
            note=DOWNLOADED,
        ),
        DataInfo("cifar100", "CIFAR-100 objects", (32, 32, 3), 100, 60_000, note=DOWNLOADED),
    )
}

DATA_NAMES = tuple(NAMED)


def describe_data(name: str) -> DataInfo:
    """Return what is known of a data set, given by name or as the path of an .npz file.

    A file is checked wholly: sizes before anything is read, every value finite, labels whole.

    Raises:
        DataError: no such data set, or a file that cannot be trained on.
    """
    if name in NAMED:
        return NAMED[name]
    if not name.endswith(".npz"):
        raise DataError(
            f"data must be one of {', '.join(DATA_NAMES)} or the path of an .npz file, "
            f"got {name!a:.80}; choose one of these"
        )
    from blocks.training import npz

    path = Path(name).expanduser().absolute()
    try:
        contents = npz.inspect(path)
    except npz.NpzError as error:
        raise DataError(f"{path.name.lstrip('.')}: {error}") from None
    return DataInfo(
        name=str(path),
        title=path.name,
        shape=contents.shape,
        classes=contents.classes,
        count=contents.count,
        range=contents.range,
    )
