"""The child's part of an import: take the architecture's text out of a file, within limits."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from blocks.imports import keras_archive, keras_h5, python
from blocks.jobs import OnProgress

READERS = {".keras": keras_archive, ".h5": keras_h5, ".hdf5": keras_h5, ".py": python}


def architecture_in_child(payload: Mapping[str, Any], progress: OnProgress) -> dict[str, Any]:
    """Return the architecture's JSON text of a .keras or HDF5 file, or of code we exported."""
    path = Path(payload["path"])
    return {"text": READERS[payload["suffix"]].architecture_text(path)}
