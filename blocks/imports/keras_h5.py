"""Taking the architecture out of an HDF5 file; only ever called in a child process.

A damaged file can hang or crash the HDF5 library, and links in a file can lead to others.
"""

from itertools import count
from pathlib import Path
from typing import Any

from blocks.errors import ReadError
from blocks.imports.keras_archive import MAX_ARCHITECTURE, said_by

ATTRIBUTE = "model_config"
MAX_LINKS = 100_000
MAX_GROUPS_DEEP = 100
UNREADABLE = (OSError, RuntimeError, ValueError, KeyError, TypeError, AttributeError)


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
    except UNREADABLE as error:
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
    """Refuse soft and external links, virtual or external data sets, and groups in a ring.

    Raises:
        ReadError: naming the first one.
    """
    met = {h5py.h5o.get_info(file.id).addr}
    seen = count(1)

    def follow(name: bytes, link: Any) -> str | None:
        """Return what is wrong with a link, which ends the visit; an error would not get out."""
        if next(seen) > MAX_LINKS:
            return f"an HDF5 file may have {MAX_LINKS:,} entries, got more"
        try:
            return _fault_of(h5py, file, name, link, met)
        except UNREADABLE as error:
            return f"the entry {_shown(name)} cannot be read: {said_by(error)}"

    if fault := file.id.links.visit(follow, info=True):
        raise ReadError(fault)


def _fault_of(h5py: Any, file: Any, name: bytes, link: Any, met: set[int]) -> str | None:
    if link.type != h5py.h5l.TYPE_HARD:
        return f"the entry {_shown(name)} is a link that leads elsewhere"
    entry = h5py.h5o.get_info(file.id, name)
    if entry.type == h5py.h5o.TYPE_GROUP:
        return _fault_of_group(name, entry.addr, met)
    if entry.type == h5py.h5o.TYPE_DATASET and _is_outside(h5py, file, name):
        return f"the data set {_shown(name)} keeps its values in another file"
    return None


def _fault_of_group(name: bytes, address: int, met: set[int]) -> str | None:
    """Return what is wrong with a group: a way down through a ring of them would never end."""
    if address in met:
        return f"the group {_shown(name)} stands at two places in the file"
    if name.count(b"/") >= MAX_GROUPS_DEEP:
        return f"groups may stand {MAX_GROUPS_DEEP} deep in each other, got more"
    met.add(address)
    return None


def _is_outside(h5py: Any, file: Any, name: bytes) -> bool:
    made = h5py.h5d.open(file.id, name).get_create_plist()
    return bool(made.get_layout() == h5py.h5d.VIRTUAL or made.get_external_count())


def _shown(name: bytes) -> str:
    return ascii("/" + name.decode("utf-8", "replace"))[:100]
