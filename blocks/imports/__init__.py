"""Ways back in: `read` gives a Design from a file, its text or its JSON object."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from blocks.analysis import analyze
from blocks.design import Design
from blocks.errors import ReadError
from blocks.imports.architecture import CODE, PARSED_APART, WEIGHTED, architecture_of, design_of
from blocks.imports.json_text import MAX_BYTES, parse
from blocks.imports.keras_archive import MAX_ARCHITECTURE
from blocks.imports.keras_json import model_of
from blocks.imports.places import places
from blocks.imports.structure import with_all_weights_of
from blocks.imports.weights import bring


def read(source: str | Path | Mapping[str, Any], *, weights: bool = False) -> Design:
    """Return the design in a file (by its path), in JSON text, or in a parsed JSON object.

    A Keras model, as .keras, .h5 or the JSON of its architecture, becomes a design with its
    layers' own names; its file is parsed, never executed. With `weights`, those in a .keras or
    .h5 file come along and are kept in the person's folder. Values of a design's parameters are
    not judged here: `analyze` tells what is wrong with them.

    Raises:
        ReadError: the source is no design, is damaged, goes past a limit, or is a model with a
            layer that a design cannot hold.
    """
    if isinstance(source, Mapping):
        return design_of(source)
    if isinstance(source, str) and source.lstrip().startswith("{"):
        return design_of(_parsed(source))
    if not isinstance(source, str | Path):
        raise ReadError(f"a design is read from a path, a text or an object, got {source!r:.60}")
    path = Path(source)
    suffix = path.suffix.lower()
    if weights and suffix not in WEIGHTED:
        raise ReadError(f"{path.name[:100]}: weights come along from a .keras or an .h5 file only")
    if suffix in PARSED_APART:
        return _from_archive(path, weights)
    return design_of(_parsed(_text_of(path)))


def with_weights_of(design: Design, path: str | Path, source: str = "") -> Design:
    """Return the design carrying the weights that a Keras file has for its layers.

    Layers are found by their names; the file may hold a whole model or weights alone. `source` is
    what the file is called.

    Raises:
        ReadError: the file has none for them, others than they take, or cannot be read.
    """
    path, graph = Path(path), analyze(design).graph
    try:
        data = architecture_of(path)
    except ReadError:
        return replace(design, weights=bring(path, graph, source=source))
    return _with_weights(design, path, data, source)


def _parsed(text: str) -> Any:
    """Return the JSON of a design, or of an architecture, which may be larger."""
    if len(text) <= MAX_BYTES or '"class_name"' not in text[:1_000]:
        return parse(text)
    return parse(text, "an architecture", MAX_ARCHITECTURE)


def _from_archive(path: Path, weights: bool) -> Design:
    data = architecture_of(path)
    design = design_of(data, drawn=path.suffix.lower() == CODE)
    return _with_weights(design, path, data) if weights else design


def _with_weights(design: Design, path: Path, data: Any, source: str = "") -> Design:
    """Return the design carrying the weights of a file whose architecture is known."""
    names = model_of(data).names
    found = {names[place.names]: place for place in places(data) if place.names in names}
    return replace(design, weights=bring(path, analyze(design).graph, found, source))


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_ARCHITECTURE:
            raise ReadError(
                f"{path.name}: a design file has at most {MAX_BYTES:,} bytes, "
                f"got {path.stat().st_size:,}"
            )
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ReadError(f"{path.name}: a design file is UTF-8 text, got other bytes") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a usable path"
        raise ReadError(f"{str(path)[:200]!r}: the file cannot be read: {reason}") from None


__all__ = ["MAX_BYTES", "read", "with_all_weights_of", "with_weights_of"]
