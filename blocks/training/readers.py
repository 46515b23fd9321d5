"""Which module reads which kind of file; what is told of a file is kept until it changes."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any

from blocks.home import home, private_folder
from blocks.jobs import JobError, run_job
from blocks.training import hdf5, npz, pictures, table
from blocks.training.archives import opened
from blocks.training.contents import Arrays, Contents, DataFileError
from blocks.training.data_settings import DataSettings
from blocks.training.files import read_json, write_json

READERS: Mapping[str, ModuleType] = {
    ".npz": npz,
    ".zip": pictures,
    ".h5": hdf5,
    ".hdf5": hdf5,
    ".csv": table,
    ".tsv": table,
}
SUFFIXES = tuple(READERS)
SECONDS = {hdf5: 30.0}
INSPECTING_SECONDS = 300.0
INSPECTING_BYTES = 6 * 1024**3
KINDS = "an .npz, .h5 or .csv file, or pictures in class folders (a folder or a .zip)"


def reader_of(path: Path) -> ModuleType | None:
    """Return the module that reads a file or folder; None where there is none for it."""
    return pictures if path.is_dir() else READERS.get(path.suffix.lower())


def inspected(path: Path, settings: DataSettings) -> Contents:
    """Return what a file or folder holds, wholly checked.

    All but .npz files are looked at in a child process with limits of time and memory, once: what
    was found is kept as long as they do not change.

    Raises:
        DataFileError: it breaks a rule.
    """
    reader = reader_of(path)
    if reader is None or not path.exists():
        raise DataFileError(f"there is no such file; give {KINDS}")
    if reader is npz:
        return npz.inspect(path, settings)
    known = private_folder(home() / "known") / f"{_mark(path, settings)}.json"
    found = read_json(known)
    if not found:
        found = _in_child(path, settings, SECONDS.get(reader, INSPECTING_SECONDS))
        write_json(known, found)
    if "refused" in found:
        raise DataFileError(found["refused"])
    return contents_from(found)


def arrays(path: Path, settings: DataSettings) -> Arrays:
    """Return the samples of a file or folder; called in processes that can be killed.

    Raises:
        DataFileError: it breaks a rule, or is gone.
    """
    reader = reader_of(path)
    contents = inspected(path, settings)
    assert reader is not None
    found: Arrays = reader.arrays(path, contents, settings)
    return found


def _in_child(path: Path, settings: DataSettings, seconds: float) -> dict[str, Any]:
    payload = {"path": str(path), "reading": _reading(settings)}
    try:
        return run_job(
            "blocks.training.readers:inspect_in_child",
            payload,
            seconds=seconds,
            memory_bytes=INSPECTING_BYTES,
            title="Looking at the data",
        )
    except JobError as error:
        raise DataFileError(f"it cannot be read: {error}") from None


def inspect_in_child(
    payload: Mapping[str, Any], progress: Callable[[float, str], None]
) -> dict[str, Any]:
    """Return what a file holds, or the sentence that refuses it; a job's function."""
    path, settings = Path(payload["path"]), DataSettings(**payload["reading"])
    reader = reader_of(path)
    assert reader is not None
    try:
        return asdict(reader.inspect(path, settings))
    except DataFileError as error:
        return {"refused": str(error)}
    except npz.UNREADABLE as error:
        return {"refused": f"it cannot be read ({error!a:.100}); save it again"}


def contents_from(found: Mapping[str, Any]) -> Contents:
    """Return contents from their JSON, where tuples are lists."""
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in found.items()
    }
    return Contents(**values)


def fingerprint(path: Path) -> str:
    """Return a mark that changes when a file or folder does: names, sizes and times."""
    state = path.stat()
    seen: list[Any] = [str(path), state.st_mtime_ns, state.st_size]
    if path.is_dir():
        with opened(path, pictures.MAX_PICTURE_BYTES) as (files, _):
            seen += [(name, size, (path / name).stat().st_mtime_ns) for name, size in files.items()]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:24]


def _mark(path: Path, settings: DataSettings) -> str:
    seen = json.dumps([fingerprint(path), _reading(settings)])
    return hashlib.sha256(seen.encode()).hexdigest()[:24]


def _reading(settings: DataSettings) -> dict[str, str]:
    """Return the settings that say what labels mean and where they are."""
    return {"task": settings.task, "label_column": settings.label_column}
