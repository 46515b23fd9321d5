"""What a Keras file says of its architecture, read in a child, and the design of it."""

from pathlib import Path
from typing import Any

from blocks.design import Design
from blocks.errors import ReadError
from blocks.imports.design_json import from_object
from blocks.imports.drawn import KEY, Drawn
from blocks.imports.json_text import parse
from blocks.imports.keras_archive import MAX_ARCHITECTURE
from blocks.imports.keras_json import is_architecture, model_of
from blocks.imports.patterns import recognised
from blocks.jobs import JobError, run_job

WEIGHTED = (".keras", ".h5", ".hdf5")
CODE = ".py"
PARSED_APART = (*WEIGHTED, CODE)
"""Endings of files that are opened in a child."""

SECONDS = 20
MEMORY_BYTES = 1024**3


def design_of(data: Any, *, drawn: bool = False) -> Design:
    """Return the design that an object of JSON is, or that an architecture in it becomes.

    `drawn` says that the architecture is our own child's, of code: it tells more than layers.

    Raises:
        ReadError: it is neither, or holds what a design cannot.
    """
    if not is_architecture(data):
        return from_object(data)
    told = data.get(KEY) if drawn else None
    try:
        return recognised(model_of(data), Drawn.of(told) if told else None)
    except RecursionError:
        raise ReadError("the architecture is nested too deep") from None


def architecture_of(path: Path) -> Any:
    """Return the architecture in a .keras, HDF5 or Python file, opened in a child with limits.

    Raises:
        ReadError: there is none, or it cannot be read.
    """
    if not path.is_file():
        raise ReadError(f"{str(path)[:200]!r}: there is no such file")
    try:
        answer = run_job(
            "blocks.imports.child:architecture_in_child",
            {"path": str(path.resolve()), "suffix": path.suffix.lower()},
            seconds=SECONDS,
            memory_bytes=MEMORY_BYTES,
            title=f"reading {path.name[:100]}",
        )
    except JobError as error:
        raise ReadError(f"{path.name[:100]}: {error}") from None
    data = parse(answer["text"], "an architecture", MAX_ARCHITECTURE)
    if not is_architecture(data):
        raise ReadError(f"{path.name[:100]}: it holds no architecture of a Keras model")
    return data
