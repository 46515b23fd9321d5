"""The receptive field: which places of the input one value of a tensor can depend on.

Exact along every axis for convolutions, poolings, paddings, croppings, enlargements and merges;
borders are not cut off. Checked by probing real Keras models.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import gcd, lcm
from typing import NamedTuple

from blocks.graph import Layer, LayerGraph, Shape
from blocks.layers.merging import RULES as MERGES
from blocks.layers.spans import MAX_PHASES, SAME, Span, layer_spans

SPREADING = ("Flatten", "Global", "Reshape", "RepeatVector", "Resizing", "CenterCrop")
NORMALIZING = ("LayerNormalization", "RMSNormalization", "UnitNormalization", "Softmax")


class Field(NamedTuple):
    """What one value sees along one axis of the input, in places.

    `largest` is how far the widest branch reaches, `smallest` how far the narrowest; None is the
    whole input, as behind a global pooling. `jump` is how many input places lie between two
    neighbouring values, None where there are no neighbours.
    """

    largest: int | None
    smallest: int | None
    jump: float | None


class Track(NamedTuple):
    """Along which axis of the input an axis of a tensor runs, and what its places read there."""

    axis: int
    largest: Span | None
    smallest: Span | None


Tracks = tuple[Track | None, ...]
"""One per axis of a tensor; None where the axis does not run along the input, as channels."""

WHOLE = Field(None, None, None)


def receptive_fields(graph: LayerGraph) -> dict[str, tuple[Field, ...]]:
    """Return, for the output of every layer, what it sees along each axis of the input.

    An image has two fields, height first, a signal one, a vector none. Where a layer joins
    several inputs, these are taken to lie over each other.
    """
    ranks: dict[str, int] = {}
    seen: dict[str, Tracks] = {}
    fields: dict[str, tuple[Field, ...]] = {}
    for layer, tracks in tracked(graph):
        name, sources = layer.name, layer.inputs
        seen[name] = tracks
        if len(sources) == 1 and seen[sources[0]] is tracks:
            ranks[name], fields[name] = ranks[sources[0]], fields[sources[0]]
            continue
        rank = max((ranks[source] for source in sources), default=max(len(layer.shape) - 1, 0))
        ranks[name], fields[name] = rank, tuple(_field(axis, tracks) for axis in range(rank))
    return fields


def tracked(graph: LayerGraph) -> Iterator[tuple[Layer, Tracks]]:
    """Yield every layer with what the axes of its output read of the input."""
    tracks: dict[str, Tracks] = {}
    shapes: dict[str, Shape] = {}
    for layer in graph:
        inputs = [tracks[name] for name in layer.inputs]
        found = _behind(layer, inputs, [shapes[name] for name in layer.inputs])
        tracks[layer.name], shapes[layer.name] = found, layer.shape
        yield layer, found


def _field(axis: int, tracks: Tracks) -> Field:
    for track in tracks:
        if track and track.axis == axis:
            widest, narrowest = track.largest, track.smallest
            span = widest or narrowest
            return Field(
                widest.size if widest else None,
                narrowest.size if narrowest else None,
                span.jump if span else None,
            )
    return WHOLE


def _behind(layer: Layer, inputs: Sequence[Tracks], shapes: Sequence[Shape]) -> Tracks:
    """Return what the axes of a layer's output read, from those of its inputs."""
    kind, config = layer.kind, layer.config
    if not inputs:
        places = range(len(layer.shape) - 1)
        return (*(Track(axis, SAME, SAME) for axis in places), *((None,) * bool(layer.shape)))
    if kind in MERGES:
        return _merged(layer, inputs)
    if kind == "TimeDistributed":
        return _at_every_step(layer, inputs[0], shapes[0])
    if kind == "Permute":
        return tuple(inputs[0][axis - 1] for axis in config["dims"])
    if kind.startswith(SPREADING):
        return (None,) * len(layer.shape)
    if kind == "GroupNormalization":
        return tuple(track and track._replace(largest=None, smallest=None) for track in inputs[0])
    spans = layer_spans(kind, config, shapes[0][:-1], layer.shape[:-1])
    if spans is None:
        return _elementwise(layer, inputs[0])
    last = None if "Conv" in kind else inputs[0][-1]
    return (*map(_through, spans, inputs[0]), last)


def _elementwise(layer: Layer, tracks: Tracks) -> Tracks:
    """Return the tracks behind a layer that keeps places apart, but for the axes it mixes."""
    if layer.kind == "Dense":
        return (*tracks[:-1], None)
    if layer.kind == "Embedding":
        return (*tracks, None)
    if layer.kind not in NORMALIZING:
        return tracks
    axes = layer.config.get("axis", -1)
    rank = len(tracks)
    mixed = {a - 1 if a > 0 else a + rank for a in (axes if isinstance(axes, tuple) else (axes,))}
    return tuple(None if axis in mixed else track for axis, track in enumerate(tracks))


def _at_every_step(layer: Layer, tracks: Tracks, shape: Shape) -> Tracks:
    """Return the tracks behind a wrapped layer, which never sees the first axis."""
    inner = layer.config["layer"]
    wrapped = layer._replace(
        kind=inner["class_name"], config=inner["config"], shape=layer.shape[1:]
    )
    return (tracks[0], *_behind(wrapped, [tracks[1:]], [shape[1:]]))


def _through(window: Span | None, track: Track | None) -> Track | None:
    if track is None or window == SAME:
        return track
    axis, largest, smallest = track
    wide = _follow(window, largest)
    return Track(axis, wide, wide if smallest == largest else _follow(window, smallest))


@lru_cache(maxsize=16_384)
def _follow(window: Span | None, source: Span | None) -> Span | None:
    """Return what the places behind a window read, from what those before it read."""
    if window is None or source is None:
        return None
    turns = len(source.first) // gcd(len(source.first), window.step)
    phases = range(len(window.first) * turns)
    if len(phases) > MAX_PHASES:
        return None
    reads = [window.at(phase) for phase in phases]
    step = window.step * turns // len(source.first) * source.step
    first = tuple(source.at(start)[0] for start, _ in reads)
    return Span(step, first, tuple(source.at(end)[1] for _, end in reads))


def _merged(layer: Layer, inputs: Sequence[Tracks]) -> Tracks:
    joined: list[Track | None] = []
    for tracks in zip(*inputs, strict=True):
        found = [track for track in tracks if track]
        if not found or all(track == tracks[0] for track in tracks):
            joined.append(tracks[0])
            continue
        wide = [track.largest if track else None for track in tracks]
        narrow = [track.smallest for track in found if track.smallest]
        smallest = min(narrow, key=lambda span: span.size, default=None)
        joined.append(Track(found[0].axis, _hull(tuple(wide)), smallest))
    if layer.kind == "Concatenate":
        place = layer.config.get("axis", -1)
        joined[place - 1 if place > 0 else place] = None
    return tuple(joined)


@lru_cache(maxsize=4096)
def _hull(spans: tuple[Span | None, ...]) -> Span | None:
    """Return the span that covers all of them; None is the whole input."""
    known = [span for span in spans if span]
    phases = lcm(*(len(span.first) for span in known))
    if len(known) < len(spans) or phases > MAX_PHASES:
        return None
    if len({span.jump for span in known}) > 1:  # only where an axis has shrunk to one place
        phases = 1
    reads = [[span.at(phase) for span in known] for phase in range(phases)]
    step = max(int(phases * span.jump) for span in known)
    first = tuple(min(start for start, _ in read) for read in reads)
    return Span(step, first, tuple(max(end for _, end in read) for read in reads))


def milliseconds(places: int, sampling_rate: float) -> float:
    """Return how long so many samples of a signal last; the rate is in Hz."""
    return 1_000 * places / sampling_rate


def field_text(fields: Sequence[Field]) -> str:
    """Return what a value sees, as people write it: 35x35, or 35x35 (from 3x3) with branches."""
    if not fields:
        return ""
    largest = _sides([field.largest for field in fields])
    smallest = _sides([field.smallest for field in fields])
    return largest if largest == smallest else f"{largest} (from {smallest})"


def _sides(places: Sequence[int | None]) -> str:
    if all(place is None for place in places):
        return "whole input"
    return "x".join("whole" if place is None else str(place) for place in places)
