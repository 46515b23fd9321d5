"""Taking the architecture out of an HDF5 file; only ever called in a child process.

A damaged file can hang or crash the HDF5 library, and links in a file can lead to others.
"""

from pathlib import Path
from typing import Any

from blocks.errors import ReadError
from blocks.imports.keras_archive import MAX_ARCHITECTURE, said_by

ATTRIBUTE = "model_config"
MAX_LINKS = 100_000


def architecture_text(path: Path) -> str:
    """Return the JSON text of the architecture in an HDF5 file.

    Raises:
        ReadError: the file is no HDF5, holds no architecture, or has links that lead elsewhere.
    """
    import h5py

    try:
        with h5py.File(path, "r") as file:
            refuse_links(h5py, file)
            text = _attribute(file)
    except (OSError, RuntimeError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReadError(f"the HDF5 file cannot be read: {said_by(error)}") from None
    return text


def _attribute(file: Any) -> str:
    if ATTRIBUTE not in file.attrs:
        raise ReadError(
            "the HDF5 file holds no architecture (no attribute model_config); save the whole "
            "model, not its weights alone"
        )
    size = file.attrs.get_id(ATTRIBUTE).get_storage_size()
    if size > MAX_ARCHITECTURE:
        raise ReadError(f"{ATTRIBUTE} may have {MAX_ARCHITECTURE:,} bytes, got {size:,}")
    value = file.attrs[ATTRIBUTE]
    text = value.decode("utf-8") if isinstance(value, bytes) else value
    if not isinstance(text, str) or len(text) > MAX_ARCHITECTURE:
        raise ReadError(f"{ATTRIBUTE} must be a text of at most {MAX_ARCHITECTURE:,} characters")
    return text


def refuse_links(h5py: Any, file: Any) -> None:
    """Refuse soft and external links and virtual or external data sets, wherever they stand.

    Raises:
        ReadError: naming the first one.
    """
    waiting, seen = ["/"], 0
    while waiting:
        place = waiting.pop()
        group = file[place]
        for name in group:
            seen += 1
            if seen > MAX_LINKS:
                raise ReadError(f"an HDF5 file may have {MAX_LINKS:,} entries, got more")
            where = f"{place.rstrip('/')}/{name}"
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                raise ReadError(f"the entry {where!a:.100} is a link that leads elsewhere")
            kind = group.get(name, getclass=True)
            if kind is h5py.Group and where.count("/") < 100:
                waiting.append(where)
            elif kind is h5py.Dataset and (group[name].is_virtual or group[name].external):
                raise ReadError(f"the data set {where!a:.100} keeps its values in another file")
