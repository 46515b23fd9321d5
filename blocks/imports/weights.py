"""Bringing the weights of a Keras file along with the design that was read from it."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from blocks.carried import MAX_SOURCE, Carried
from blocks.errors import ReadError
from blocks.graph import LayerGraph
from blocks.imports.architecture import MEMORY_BYTES, SECONDS, WEIGHTED
from blocks.imports.places import Place, place_of
from blocks.jobs import JobError, OnProgress, run_job

BYTES_PER_SECOND = 10_000_000  # of weights, on a slow disk


def bring(
    path: Path,
    graph: LayerGraph,
    places: Mapping[str, Place] | None = None,
    source: str = "",
    on_progress: OnProgress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Carried:
    """Put the weights that a file has for the layers of a graph into the store.

    `places` tells where the file keeps each layer, by our layers' names; without it they are
    looked for by their names. `source` is what the file is called.

    Raises:
        ReadError: it has none for them, others than they take, or cannot be read.
    """
    _require_weights_file(path)
    source = _plain(source or path.name)
    weight_bytes = 4 * sum(layer.params for layer in graph)
    answer = _asked(
        "weights_in_child",
        source,
        {
            "path": str(path.resolve()),
            "source": source,
            "bytes": weight_bytes,
            "requests": _requests(graph, places),
        },
        # As long as the reading of an architecture, and the time and room that so many
        # weights take: the file of a VGG-16 has 550 MB, 411 of them in one array.
        seconds=SECONDS + weight_bytes / BYTES_PER_SECOND,
        memory_bytes=MEMORY_BYTES + 3 * _largest(graph),
        on_progress=on_progress,
        cancelled=cancelled,
    )
    carried = Carried.of(answer)
    if carried is None or not carried.layers:
        raise ReadError(f"{source}: it has weights for none of the design's layers, by their names")
    return carried


def weighted_names(path: Path) -> list[str]:
    """Return the names of the layers that an HDF5 file of weights alone has any for.

    Raises:
        ReadError: it cannot be read.
    """
    answer = _asked(
        "names_in_child",
        _plain(path.name),
        {"path": str(path.resolve())},
        seconds=SECONDS,
        memory_bytes=MEMORY_BYTES,
    )
    return [str(name) for name in answer["names"]]


def _require_weights_file(path: Path) -> None:
    if not path.is_file():
        raise ReadError(f"{str(path)[:200]!r}: there is no such file")
    if path.suffix.lower() not in WEIGHTED:
        raise ReadError(f"{path.name[:100]}: weights are read from {', '.join(WEIGHTED)} files")


def _asked(
    function: str, source: str, question: Mapping[str, Any], **limits: Any
) -> dict[str, Any]:
    """Ask a child about a file of weights; a refusal names the file as its owner does."""
    title = f"reading the weights of {source}"
    try:
        return run_job(f"blocks.imports.weights_child:{function}", question, title=title, **limits)
    except JobError as error:
        raise ReadError(f"{source}: {error}") from None


def _requests(graph: LayerGraph, places: Mapping[str, Place] | None) -> Sequence[dict[str, Any]]:
    weighted = {layer.name: layer for layer in graph if layer.weights}
    if places is None:
        return [place_of(name).request(name, weighted[name].weights) for name in weighted]
    return [
        place.request(name, weighted[name].weights)
        for name, place in places.items()
        if name in weighted
    ]


def _largest(graph: LayerGraph) -> int:
    return 4 * max((weight.size for layer in graph for weight in layer.weights), default=0)


def _plain(name: str) -> str:
    """Return a file's name as a design may hold it."""
    return "".join(char if char.isprintable() else "?" for char in name)[:MAX_SOURCE]
