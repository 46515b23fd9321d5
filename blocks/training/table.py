"""Signals in a CSV file: one row is a signal, its label in the last column or in a named one."""

from pathlib import Path
from typing import Any

import numpy as np

from blocks.training.contents import (
    MAX_ARRAY_BYTES,
    MAX_CLASSES,
    MAX_SAMPLES,
    Array,
    Arrays,
    Contents,
    DataFileError,
    checked_labels,
    class_count,
    counts_of,
    require_size,
)
from blocks.training.data_settings import DataSettings

SEPARATORS = ",;\t"
MAX_LINE = 20_000_000
MAX_NAMED_CLASSES = 1_000


def inspect(path: Path, settings: DataSettings) -> Contents:
    """Check every cell of a file.

    Raises:
        DataFileError: a rule is broken; the row and the column are named.
    """
    x, y, names = read(path, settings)
    return Contents(
        shape=(x.shape[1], 1),
        count=len(x),
        classes=class_count(y, settings.task, "the label column"),
        range=(float(x.min()), float(x.max())),
        class_names=names,
        counts=counts_of(y, settings.task),
        dtype="text",
    )


def arrays(path: Path, contents: Contents, settings: DataSettings) -> Arrays:
    """Return the signals, (count, length, 1), and their labels.

    Raises:
        DataFileError: a rule is broken.
    """
    x, y, _ = read(path, settings)
    return Arrays(x[:, :, None], y)


def read(path: Path, settings: DataSettings) -> tuple[Array, Array, tuple[str, ...]]:
    """Return the signals (count, length), their labels and the classes' names, if they have any.

    Raises:
        DataFileError: a rule is broken.
    """
    import pandas

    size = path.stat().st_size
    require_size(size)
    separator, header = form_of(path, settings.label_column)
    try:
        frame = pandas.read_csv(path, sep=separator, header=0 if header else None, low_memory=False)
    except Exception as error:  # the parser fails in many ways
        reason = str(error).strip().splitlines()[0][:120] if str(error) else "it is no text"
        raise DataFileError(f"it is no table that can be read ({reason})") from None
    if not 2 <= len(frame) <= MAX_SAMPLES or 8 * frame.size > MAX_ARRAY_BYTES:
        raise DataFileError(f"it must have 2 to {MAX_SAMPLES:,} rows, got {len(frame):,}")
    labels = label_places(list(frame.columns), settings.label_column)
    signals = frame.drop(columns=frame.columns[labels])
    if not len(signals.columns):
        raise DataFileError("beside the label there must be at least one column of numbers")
    return _numbers(signals, header), *_labels(frame.iloc[:, labels], settings.task, header)


def form_of(path: Path, label_column: str) -> tuple[str, bool]:
    """Return what separates the cells, and whether the first line names the columns."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        line = file.readline(MAX_LINE)
    separator = max(SEPARATORS, key=line.count)
    cells = [cell.strip().strip('"') for cell in line.split(separator)]
    if len(cells) < 2:
        raise DataFileError(
            "its first line has one cell; give a signal's values and its label, with commas, "
            "semicolons or tabs between them"
        )
    places = [place for place, cell in enumerate(cells) if not _is_number(cell)]
    if not places:
        return separator, False
    named = any(not part.strip().isdigit() for part in label_column.split(",") if part.strip())
    label = len(cells) - 1
    if label_column.strip().isdigit():
        label = int(label_column) - 1
    return separator, named or places != [label]


def label_places(columns: list[Any], label_column: str) -> list[int]:
    """Return the places of the label columns, from 0.

    Raises:
        DataFileError: there is no such column.
    """
    wanted = [part.strip() for part in label_column.split(",") if part.strip()]
    names = [str(column) for column in columns]
    places = []
    for part in wanted or [str(len(columns))]:
        if wanted and part in names and not all(isinstance(c, int) for c in columns):
            places.append(names.index(part))
        elif part.isdigit() and 1 <= int(part) <= len(columns):
            places.append(int(part) - 1)
        else:
            some = ", ".join(ascii(name)[:30] for name in names[-5:])
            raise DataFileError(
                f"there is no column {part!a:.60} for the label; give a name or a number from 1 to "
                f"{len(columns)} (the last columns are {some})"
            )
    return places


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _numbers(frame: Any, header: bool) -> Array:
    """Return a table's values as float32; all must be finite numbers."""
    import pandas

    values = _numeric(frame).to_numpy(np.float64)
    bad = np.argwhere(~np.isfinite(values))
    if len(bad):
        row, column = bad[0]
        got = frame.iloc[row, column]
        shown = "nothing" if pandas.isna(got) else f"{str(got)!a:.40}"
        raise DataFileError(
            f"line {row + 1 + header}, column {ascii(str(frame.columns[column]))[:40]} must be a "
            f"finite number, got {shown}"
        )
    return np.asarray(values, dtype=np.float32)


def _numeric(frame: Any) -> Any:
    """Return a table's cells as numbers, NaN where they are none."""
    import pandas

    try:
        return frame.apply(pandas.to_numeric, errors="coerce")
    except OverflowError:
        raise DataFileError("a number in it has more digits than a number may have") from None


def _labels(frame: Any, task: str, header: bool) -> tuple[Array, tuple[str, ...]]:
    """Return the labels, and the classes' names where they are words."""
    numeric = _numeric(frame)
    if task != "classes" or not numeric.isna().to_numpy().any():
        return checked_labels(_numbers(frame, header).astype(np.float64), task, "the label"), ()
    words = frame.iloc[:, 0].astype(str)
    if frame.iloc[:, 0].isna().any():
        line = int(np.argmax(frame.iloc[:, 0].isna().to_numpy())) + 1 + header
        raise DataFileError(f"line {line} has no label; give one or remove the line")
    names = sorted(set(words))
    if not 2 <= len(names) <= min(MAX_CLASSES, MAX_NAMED_CLASSES):
        raise DataFileError(
            f"the label column must tell 2 to {MAX_NAMED_CLASSES:,} classes apart, "
            f"got {len(names):,} different words"
        )
    numbers = {name: number for number, name in enumerate(names)}
    return np.array([numbers[word] for word in words], dtype=np.int64), tuple(
        name[:60] for name in names
    )
