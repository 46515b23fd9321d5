"""What only the backend itself can say or do; a file `on_NAME.py` for each, with these functions.

Everything else that trains is plain Keras, the same on all of them.
"""

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Protocol, cast

from blocks.training.watching import Group, Judge, Learn, Measure

if TYPE_CHECKING:
    import keras


class Backend(Protocol):
    """The functions of a file `on_NAME.py`."""

    def gpus(self) -> int:
        """Return how many GPUs the backend can really use in this process."""

    def peak_gpu_bytes(self) -> int:
        """Return the most memory that was in use on the first GPU so far."""

    def spread(self, devices: int) -> AbstractContextManager[object]:
        """Return the context in which a model is built that several devices train together."""

    def learner_of(self, model: "keras.Model", devices: int, seed: int) -> Learn:
        """Return what takes one step on a batch; several devices share it evenly."""

    def judge_of(self, model: "keras.Model", output: str) -> Judge:
        """Return what judges a batch as `test_on_batch` does, and hands out the predictions too."""

    def measure_of(self, model: "keras.Model", groups: Sequence[Group]) -> Measure:
        """Return what measures a batch: each group's gradient norm (L2), its output's size (RMS).

        It is a training step without its end: what batch norm and dropout would keep is dropped,
        so that the model stays as it is.
        """


def backend() -> Backend:
    """Return the functions of the backend that Keras has in this process; imports Keras."""
    import keras

    return cast(Backend, import_module(f"blocks.training.engines.on_{keras.backend.backend()}"))


def leave_tensorflow_out() -> None:
    """Keep Keras on another backend from importing TensorFlow too: 350 MB, and seconds.

    It would, to set TensorFlow's seed. None in `sys.modules` is Python's own word for that a
    module cannot be imported.
    """
    import keras

    if keras.backend.backend() != "tensorflow":
        sys.modules.setdefault("tensorflow", cast(ModuleType, None))
