"""Repairs of problems: every way that may help is tried out, and those that do are ranked.

A way is kept when the design, expanded again, has lost the problem and gained none. What stood
behind the problem, and could not be judged before, may have problems of its own: such a way is
offered only where there is no better one, and says how many.
"""

from collections.abc import Iterable, Iterator

from blocks.design import Design
from blocks.errors import EditError, Problem, Repair
from blocks.expand import Expansion, expand
from blocks.repairs import links, merges, values
from blocks.repairs.place import REMOVE, Place, Way

MOST = 5
MOST_TRIED, FEWEST_TRIED = 40, 8
WORK = 2_000
"""Blocks that the trials of one problem expand, about: a person waits for the answer."""


def repairs(design: Design, expansion: Expansion, problem: Problem) -> tuple[Repair, ...]:
    """Return up to five repairs of a problem, the one that changes least first.

    `expansion` is that of the design; every repair is one edit of it.
    """
    if problem.node_id not in design.nodes:
        return problem.repairs
    place = Place(design, expansion, problem)
    allowed = min(MOST_TRIED, max(FEWEST_TRIED, WORK // len(design.nodes)))
    ways = sorted(_distinct(_ways(place)), key=lambda way: way.cost)[:allowed]
    tried = [(way, repair) for way in ways if (repair := _tried(place, way))]
    clean = [pair for pair in tried if not pair[1].uncovers]
    if all(way.cost >= REMOVE for way, _ in clean):
        clean = tried
    clean.sort(key=lambda pair: (pair[0].cost >= REMOVE, pair[1].uncovers, *_size(*pair)))
    firsts = {way.alike or way.label: repair for way, repair in reversed(clean)}
    return tuple(repair for _, repair in clean if repair in firsts.values())[:MOST]


def _ways(place: Place) -> Iterator[Way]:
    for repair in place.problem.repairs:
        yield Way(repair.label, repair.edit, 0)
    yield from values.ways(place)
    yield from merges.ways(place)
    yield from links.ways(place)


def _distinct(ways: Iterable[Way]) -> Iterator[Way]:
    """Leave out ways that are there already under another label."""
    seen = []
    for way in ways:
        if way.edit not in seen:
            seen.append(way.edit)
            yield way


def _tried(place: Place, way: Way) -> Repair | None:
    """Return a way as a repair if it is one."""
    try:
        mended, _ = place.design.apply(way.edit)
    except EditError:
        return None
    after = expand(mended)
    before = {(one.node_id, one.message) for one in place.expansion.problems}
    left = {(one.node_id, one.message): one for one in after.problems}
    if (place.problem.node_id, place.problem.message) in left:
        return None
    fresh = [one for key, one in left.items() if key not in before]
    touched = way.edit.get("nodes") or {}
    for one in fresh:
        seen_before = one.node_id in place.expansion.tensors or one.node_id in touched
        is_own = one.node_id == place.node.id and not place.is_unjudged
        if is_own or (seen_before and one.severity == "error" and one.node_id != place.node.id):
            return None
    params, macs = _changes(place, mended, after, set(touched))
    return Repair(way.label, way.edit, params, macs, len(fresh))


def _changes(place: Place, mended: Design, after: Expansion, touched: set[str]) -> tuple[int, int]:
    """Return what a way changes in parameters and in multiply-adds.

    Blocks that stood waiting behind the problem come to life with it; they are no change of it.
    """
    judged = {*place.expansion.tensors, *touched}
    totals = [0, 0]
    for sign, design, expansion in ((-1, place.design, place.expansion), (1, mended, after)):
        names = {node.name for node_id, node in design.nodes.items() if node_id in judged}
        for layer in expansion.graph:
            if layer.scope.node in names:
                totals[0] += sign * layer.params
                totals[1] += sign * layer.macs
    return totals[0], totals[1]


def _size(way: Way, repair: Repair) -> tuple[int, int, int]:
    return way.cost, abs(repair.params_change or 0), abs(repair.macs_change or 0)
