"""Data sets by name or path, and what is known of them before their arrays are loaded."""

from dataclasses import dataclass, replace
from pathlib import Path

from blocks.errors import BlockwrightError
from blocks.layers.base import shape_text
from blocks.training.class_names import DIGIT_NAMES, FASHION, FINE_OBJECTS, OBJECTS, RHYTHMS
from blocks.training.contents import Contents
from blocks.training.data_settings import DataSettings
from blocks.training.splitting import part_sizes


class DataError(BlockwrightError):
    """Data that are not there, or that cannot be trained on."""


@dataclass(frozen=True)
class DataInfo:
    """What is known of a data set before its arrays are loaded.

    `shape` is that of one sample without the batch axis, the most frequent one where pictures
    have `sizes` different ones; `count` is all samples, validation and test included, `test_count`
    those of a test part of its own; `range` are the least and greatest value of a sample.
    `classes` counts classes, labels or numbers to learn, as the `task` is; `counts` are the
    training samples of each class, where they are known before loading.
    """

    name: str
    title: str
    shape: tuple[int, ...]
    classes: int
    count: int
    range: tuple[float, float] = (0.0, 1.0)
    class_names: tuple[str, ...] = ()
    note: str = ""
    task: str = "classes"
    test_count: int = 0
    counts: tuple[int, ...] = ()
    dtype: str = "float32"
    sizes: int = 1

    @property
    def is_own(self) -> bool:
        """Tell whether it is a person's own, not one of the named ones."""
        return self.name not in NAMED

    @property
    def is_downloaded(self) -> bool:
        """Tell whether training fetches it from elsewhere the first time."""
        return self.note == DOWNLOADED

    @property
    def sample(self) -> str:
        """What one sample is called: a picture (height x width x channels) or a signal."""
        return {2: "signal", 3: "picture"}.get(len(self.shape), "sample")

    @property
    def label(self) -> str:
        """What sentences call the data."""
        return f"the data ({self.title if self.is_own else self.name})"

    def describe(self) -> str:
        """Return the data set in a line: count, shape, classes, range of values."""
        low, high = self.range
        sizes = f" and {self.sizes - 1} other sizes" if self.sizes > 1 else ""
        return (
            f"{self.count:,} {self.sample}s of {shape_text(self.shape)}{sizes}, {self.learned}, "
            f"values from {low:.3g} to {high:.3g}"
        )

    @property
    def learned(self) -> str:
        """What there is to learn, in words."""
        kinds = {"several labels": "labels", "regression": "numbers to learn"}
        return f"{self.classes} {kinds.get(self.task, 'classes')}"

    def parts(self, settings: DataSettings) -> tuple[int, int, int]:
        """Return how many samples train, judge after each epoch, and are kept for the end."""
        share = 0.0 if self.test_count else settings.test_share
        train, validation, test = part_sizes(
            self.count - self.test_count, settings.validation_share, share
        )
        return train, validation, test + self.test_count

    def fitted(self, settings: DataSettings) -> "DataInfo":
        """Return what is known of the data once they are brought to the size that is set."""
        shape, sizes = self.shape, self.sizes
        if self.sample == "picture":
            if settings.height and settings.width:
                shape, sizes = (settings.height, settings.width, shape[2]), 1
            wanted = {"grey": 1, "colour": 3}.get(settings.channels, shape[2])
            shape = (*shape[:2], wanted if shape[2] in (1, 3) else shape[2])
        elif settings.length:
            shape = (settings.length, *shape[1:])
        return replace(self, shape=shape, sizes=sizes)


DIGITS = DataInfo(
    "digits",
    "Handwritten digits",
    (8, 8, 1),
    10,
    1797,
    class_names=DIGIT_NAMES,
    note="comes with scikit-learn",
)
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


def _of_keras(
    name: str, title: str, shape: tuple[int, ...], count: int, class_names: tuple[str, ...]
) -> DataInfo:
    """Return what is known of pictures that Keras downloads; 10,000 of them are the test part."""
    return DataInfo(
        name,
        title,
        shape,
        len(class_names),
        count,
        class_names=class_names,
        note=DOWNLOADED,
        test_count=10_000,
        dtype="uint8",
    )


NAMED = {
    info.name: info
    for info in (
        DIGITS,
        ECG,
        _of_keras("mnist", "MNIST digits", (28, 28, 1), 70_000, DIGIT_NAMES),
        _of_keras("fashion_mnist", "Fashion-MNIST clothes", (28, 28, 1), 70_000, FASHION),
        _of_keras("cifar10", "CIFAR-10 objects", (32, 32, 3), 60_000, OBJECTS),
        _of_keras("cifar100", "CIFAR-100 objects", (32, 32, 3), 60_000, FINE_OBJECTS),
    )
}

DATA_NAMES = tuple(NAMED)


def describe_data(name: str, settings: DataSettings | None = None) -> DataInfo:
    """Return what is known of a data set, given by name or as the path of one's own.

    `settings` say what its labels mean and where they are. A file is checked wholly: sizes before
    anything is read, every value finite, every label in its place.

    Raises:
        DataError: no such data set, or a file that cannot be trained on.
    """
    from blocks.training import readers
    from blocks.training.contents import DataFileError

    settings = settings or DataSettings()
    if name in NAMED:
        if settings.task != "classes":
            raise DataError(
                f"task must be classes for {name}, got {settings.task!a:.40}; set it to classes, "
                "or give data of your own"
            )
        return NAMED[name]
    path = Path(name).expanduser().absolute()
    if readers.reader_of(path) is None:
        raise DataError(
            f"data must be one of {', '.join(DATA_NAMES)} or the path of {readers.KINDS}, "
            f"got {name!a:.80}; choose one of these"
        )
    try:
        return _described(path, readers.inspected(path, settings), settings.task)
    except DataFileError as error:
        raise DataError(f"{path.name.lstrip('.')}: {error}") from None


def _described(path: Path, contents: Contents, task: str) -> DataInfo:
    return DataInfo(
        name=str(path),
        title=path.name,
        shape=contents.shape,
        classes=contents.classes,
        count=contents.count + contents.test_count,
        range=contents.range,
        class_names=contents.class_names,
        task=task,
        test_count=contents.test_count,
        counts=contents.counts,
        dtype=contents.dtype,
        sizes=contents.sizes,
    )
