"""Which block of one design is which of another: by id, by name, by place in the network."""

from collections.abc import Mapping, Sequence

from blocks.design import Design
from blocks.node import Node
from blocks.order import ordered

CERTAIN = 1_000.0
"""What a pair known by id or name weighs: more than all that could be guessed around it."""

Look = tuple[str, frozenset[tuple[str, str]]]
"""A block's type and its parameters with their values."""


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
    best = _best(_scores(rows, columns, pairs), len(columns))
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


def _scores(
    rows: Sequence[Node], columns: Sequence[Node], pairs: Mapping[str, str]
) -> list[list[float]]:
    """Return what each pair of blocks weighs, those known already included."""
    known = set(pairs.values())
    # Of a thousand blocks most look like others, so each two looks are held together once.
    looks = list(dict.fromkeys(_look(node) for node in (*rows, *columns)))
    numbers = {look: number for number, look in enumerate(looks)}
    table = [[likeness(old, new) for new in looks] for old in looks]
    across = [numbers[_look(node)] for node in columns]
    scores = []
    for row in rows:
        line = table[numbers[_look(row)]]
        scores.append([0.0 if row.id in known else line[number] for number in across])
    places = {row.id: place for place, row in enumerate(rows)}
    for column, node in enumerate(columns):
        if node.id in pairs:
            for weights in scores:
                weights[column] = 0.0
            scores[places[pairs[node.id]]][column] = CERTAIN
    return scores


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


def likeness(old: Look, new: Look) -> float:
    """Return how alike two blocks are: 0 for other types, else from 1 (no value equal) to 2."""
    if old[0] != new[0]:
        return 0
    return 1 + len(old[1] & new[1]) / max(len(old[1]), 1)


def _look(node: Node) -> Look:
    values = frozenset((name, repr(value)) for name, value in node.block.values().items())
    return node.block.type_name, values


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
