"""Arranging a small graph in rows from top to bottom, with room for arrows that pass by."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

Row = dict[str, float]
"""What stands in a row, from left to right, with the middle of each."""

GAP, PASSING = 14.0, 26.0
SWEEPS = 8


def passing(source: str, level: int) -> str:
    """Return the name of the place that arrows from a source keep free in a row."""
    return f"{source} passes {level}"


def rows_of(inputs: Mapping[str, Sequence[str]], widths: Mapping[str, float]) -> list[Row]:
    """Return the rows of a graph; every box stands below all that it reads.

    `inputs` names what each box reads, boxes before their readers. Places of arrows are among
    the boxes under the names that `passing` gives.
    """
    levels: dict[str, int] = {}
    for name, sources in inputs.items():
        levels[name] = 1 + max((levels[source] for source in sources), default=-1)
    rows: list[list[str]] = [[] for _ in range(1 + max(levels.values(), default=-1))]
    links = [set[tuple[str, str]]() for _ in rows]
    for name, sources in inputs.items():
        rows[levels[name]].append(name)
        for source in sources:
            last = source
            for level in range(levels[source] + 1, levels[name]):
                place = passing(source, level)
                if place not in rows[level]:
                    rows[level].append(place)
                links[level].add((last, place))
                last = place
            links[levels[name]].add((last, name))
    return _arranged(rows, links, widths)


def _arranged(
    rows: list[list[str]], links: Sequence[set[tuple[str, str]]], widths: Mapping[str, float]
) -> list[Row]:
    neighbours: dict[str, tuple[list[str], list[str]]] = {
        name: ([], []) for row in rows for name in row
    }
    for row_links in links:
        for above, below in sorted(row_links):
            neighbours[above][1].append(below)
            neighbours[below][0].append(above)
    _reorder(rows, neighbours)
    places = {name: float(index) for row in rows for index, name in enumerate(row)}
    for sweep in range(2 * SWEEPS):
        for row in rows if sweep % 2 else rows[::-1]:
            wished = []
            for name in row:
                around = [places[other] for side in neighbours[name] for other in side]
                wished.append(sum(around) / len(around) if around else places[name])
            places.update(zip(row, _apart(row, wished, widths), strict=True))
    return [{name: places[name] for name in row} for row in rows]


def _reorder(rows: list[list[str]], neighbours: Mapping[str, tuple[list[str], list[str]]]) -> None:
    """Sort each row by the middle of what it is linked to above and below, in turn."""
    for sweep in range(SWEEPS):
        side = sweep % 2
        for index, row in enumerate(rows):
            beside = index + (1 if side else -1)
            if not 0 <= beside < len(rows):
                continue
            order = {name: place for place, name in enumerate(rows[beside])}
            middles = {}
            for place, name in enumerate(row):
                known = [order[other] for other in neighbours[name][side] if other in order]
                middles[name] = sum(known) / len(known) if known else float(place)
            row.sort(key=lambda name, middles=middles: middles[name])  # type: ignore[misc]


def _apart(row: list[str], wished: list[float], widths: Mapping[str, float]) -> list[float]:
    """Return places as near as can be to those wished for, in their order and apart."""
    offsets = [0.0]
    for left, right in pairwise(row):
        halves = (widths.get(left, PASSING) + widths.get(right, PASSING)) / 2
        offsets.append(offsets[-1] + halves + GAP)
    groups: list[list[float]] = []
    for wish, offset in zip(wished, offsets, strict=True):
        groups.append([wish - offset])
        while len(groups) > 1 and _mean(groups[-2]) > _mean(groups[-1]):
            last = groups.pop()
            groups[-1] += last
    settled = [_mean(group) for group in groups for _ in group]
    return [place + offset for place, offset in zip(settled, offsets, strict=True)]


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
