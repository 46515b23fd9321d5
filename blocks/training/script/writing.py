"""A run as a script: plain Keras, runs on its own, gives the run's loss curve again.

Whatever decides a number (split, order, fitting, normalisation, augmentation, learning rate) is
the source that training itself ran, copied into the script; so the two cannot drift apart.
"""

import ast
import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from blocks.exports.code import python_code
from blocks.training import augmenting, fitting, normalising, schedule, splitting
from blocks.training.datasets import DataInfo, describe_data
from blocks.training.run import Run
from blocks.training.script import loading
from blocks.training.script.main import changes_rate, main_code
from blocks.training.settings import TrainingSettings
from blocks.training.unstarted import Unstarted

RUN_BY_ITSELF = '\n\n\nif __name__ == "__main__":'
SETTINGS = ("epochs", "batch_size", "seed", "validation_share", "test_share")


def training_script(run: Run | Unstarted) -> str:
    """Return the Python script that trains the run's network as the run did, or would.

    It needs Keras, NumPy and what reads the data. On the same machine and versions it gives the
    run's losses to within rounding; a run that started from weights reads them from
    `start.weights.h5`, which `Run.start_weights` writes.

    Raises:
        DataError: the data of the run are gone, or not what they were.
    """
    settings, info = run.settings, describe_data(run.data, run.settings)
    before = [
        _opening(run, info),
        *_constants(settings),
        loading.code(info, settings),
        *(_source(function) for function in _functions(settings, info)),
    ]
    after = main_code(run, settings, info)
    pieces = [*before, _model(run, _names_at_top([*before, after])), after]
    return "\n\n\n".join(piece.strip("\n") for piece in pieces) + "\n"


def _names_at_top(pieces: Sequence[str]) -> Iterator[str]:
    """Yield what the pieces of a script define or import for all of it."""
    for statement in ast.parse("\n".join(pieces)).body:
        if isinstance(statement, ast.FunctionDef):
            yield statement.name
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in statement.names)
        else:
            names = (part for part in ast.walk(statement) if isinstance(part, ast.Name))
            yield from (name.id for name in names if isinstance(name.ctx, ast.Store))


def _opening(run: Run | Unstarted, info: DataInfo) -> str:
    versions = ", ".join(f"{name} {v}" for name, v in run.about.get("versions", {}).items())
    imports = {"import json", "from typing import Any", "import keras", "import numpy as np"}
    imports.update(loading.imports(info))
    if changes_rate(run.settings):
        imports.add("import math")
    if run.settings.minutes is not None:
        imports.add("import time")
    if run.backend != "tensorflow":
        imports.add("import os")
    if run.backend == "torch":
        imports.add("import torch")
    others = sorted((line for line in imports if line.startswith(THIRD)), key=_order)
    standard = sorted(imports.difference(others), key=_order)
    return "\n".join(
        [
            '"""Train a network on its data; the same seed gives the same losses again.',
            "",
            f"Trained before with {versions}.",
            "Call it with the path of the data, where they have moved.",
            '"""',
            "",
            *standard,
            "",
            *_choice_of_backend(run),
            *others,
            "from keras import layers",
        ]
    )


def _choice_of_backend(run: Run | Unstarted) -> list[str]:
    """Return the line that must stand before Keras is imported, where there is need of one."""
    if run.backend == "tensorflow":
        return []
    return [f'os.environ.setdefault("KERAS_BACKEND", {run.backend!a})', ""]


THIRD = (
    "import keras",
    "import numpy",
    "import torch",
    "import pandas",
    "import h5py",
    "from PIL",
    "from sklearn",
)


def _order(line: str) -> tuple[bool, str]:
    return line.startswith("from"), line


def _constants(settings: TrainingSettings) -> Iterator[str]:
    values = settings.values()
    lines = [f"{name.upper()} = {values[name]!r}" for name in SETTINGS]
    yield "\n".join(["Array = np.ndarray[Any, Any]", *lines])


def _functions(settings: TrainingSettings, info: DataInfo) -> Iterator[Callable[..., Any]]:
    """Yield the functions of training that the script needs, in the order that they call."""
    yield from (splitting.part_sizes, splitting.split_rows, splitting.sample_order)
    yield normalising.scaled
    if info.fitted(settings).shape != info.shape or info.sizes > 1 or loading.fits(info):
        yield from loading.fitting_functions(info)
    if settings.normalisation != "none":
        yield from (normalising.scale_of, normalising.normalised)
    if settings.augments:
        yield from (augmenting.augmented, augmenting.moved)
    if changes_rate(settings):
        yield schedule.learning_rate_at


def _source(function: Callable[..., Any]) -> str:
    source = inspect.getsource(function)
    if function is fitting.fitted:
        source = f"GREY = {fitting.GREY}  # ITU-R BT.601\n\n\n{source}"
    return source


def _model(run: Run | Unstarted, taken: Iterable[str]) -> str:
    code = python_code(run.design, list(taken)).partition(RUN_BY_ITSELF)[0]
    _, _, code = code.partition("from keras import layers\n")
    return code
