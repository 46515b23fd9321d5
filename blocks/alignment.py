"""Which block of one design is which of another: by id, by name, by place in the network."""

from collections.abc import Mapping, Sequence

from blocks.design import Design
from blocks.node import Node
from blocks.order import ordered

CERTAIN = 1_000.0
"""What a pair known by id or name weighs: more than all that could be guessed around it."""


def aligned(before: Design, after: Design) -> dict[str, str]:
    """Return the id in the first design by the id in the second, for blocks in both.

    A block is the same where its id is, else where its name is. Of the others, blocks of one type
    that stand in the same sequence are paired so that as many parameters as possible agree; last
    come blocks of different types between the same neighbours, where one took the other's place.
    """
    pairs = _by_id_and_name(before, after)
    if len(pairs) < min(len(before.nodes), len(after.nodes)):
        pairs |= _by_sequence(before, after, pairs)
        pairs |= _by_neighbours(before, after, pairs)
    return pairs


def _by_id_and_name(before: Design, after: Design) -> dict[str, str]:
    pairs = {node_id: node_id for node_id in after.nodes if node_id in before.nodes}
    names = {node.name: node.id for node in before.nodes.values() if node.id not in pairs}
    for node in after.nodes.values():
        if node.id not in pairs and node.name in names:
            pairs[node.id] = names[node.name]
    return pairs


def _by_sequence(before: Design, after: Design, pairs: Mapping[str, str]) -> dict[str, str]:
    """Return the pairs of a best global alignment (Needleman and Wunsch 1970)."""
    rows, columns = _sequence(before), _sequence(after)
    known = set(pairs.values())

    def score(old: Node, new: Node) -> float:
        if new.id in pairs:
            return CERTAIN if pairs[new.id] == old.id else 0
        return 0 if old.id in known else likeness(old, new)

    scores = [[score(old, new) for new in columns] for old in rows]
    best = _best(scores, len(columns))
    found = {}
    row, column = len(rows), len(columns)
    while row and column:
        if best[row][column] == best[row - 1][column]:
            row -= 1
        elif best[row][column] == best[row][column - 1]:
            column -= 1
        else:
            row, column = row - 1, column - 1
            found[columns[column].id] = rows[row].id
    return {new: old for new, old in found.items() if new not in pairs}


def _best(scores: Sequence[Sequence[float]], width: int) -> list[list[float]]:
    """Return the best sum of scores for each pair of beginnings of the two sequences."""
    best = [[0.0] * (width + 1)]
    for line in scores:
        above, here = best[-1], [0.0]
        for column, value in enumerate(line):
            with_both = above[column] + value if value else 0.0
            here.append(max(above[column + 1], here[-1], with_both))
        best.append(here)
    return best


def likeness(old: Node, new: Node) -> float:
    """Return how alike two blocks are: 0 for other types, else from 1 (no value equal) to 2."""
    if old.block.type_name != new.block.type_name:
        return 0
    values = old.block.values(), new.block.values()
    same = [name for name, value in values[0].items() if values[1].get(name) == value]
    return 1 + len(same) / max(len(values[0]), 1)


def _by_neighbours(before: Design, after: Design, pairs: Mapping[str, str]) -> dict[str, str]:
    known = set(pairs.values())
    places = {
        place: node_id
        for node_id, place in _neighbours(before, {old: old for old in known}).items()
        if node_id not in known and all(place)
    }
    found = {}
    for node_id, place in _neighbours(after, pairs).items():
        if node_id not in pairs and place in places:
            found[node_id] = places.pop(place)
    return found


Place = tuple[tuple[str, ...], tuple[str, ...]]


def _neighbours(design: Design, ids: Mapping[str, str]) -> dict[str, Place]:
    """Return the paired blocks before and behind each block; () where one has no partner."""
    sources: dict[str, list[str]] = {node_id: [] for node_id in design.nodes}
    targets: dict[str, list[str]] = {node_id: [] for node_id in design.nodes}
    for links in design.incoming().values():
        for link in links:
            sources[link.target].append(link.source)
            targets[link.source].append(link.target)

    def paired(names: Sequence[str]) -> tuple[str, ...]:
        return tuple(ids[name] for name in names) if all(name in ids for name in names) else ()

    return {n: (paired(sources[n]), tuple(sorted(paired(targets[n])))) for n in design.nodes}


def _sequence(design: Design) -> list[Node]:
    order, circular = ordered(design)
    return [design.nodes[node_id] for node_id in (*order, *circular)]
