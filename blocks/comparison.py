"""Two designs block by block, with what each block has in parameters and multiply-adds."""

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from blocks.alignment import aligned
from blocks.analysis import Report, analyze
from blocks.design import Design
from blocks.differences import Change, differences
from blocks.node import Node
from blocks.order import ordered

Kind = Literal["added", "removed", "changed", "same"]


@dataclass(frozen=True)
class BlockPair:
    """A block of two designs, or of one of them; the other is None then.

    `params` and `macs` are its counts in the first and in the second, 0 where it is not. Those of
    a block that is the same may differ too, where what comes into it does.
    """

    before: Node | None
    after: Node | None
    kind: Kind
    changes: tuple[Change, ...]
    params: tuple[int, int]
    macs: tuple[int, int]

    @property
    def node(self) -> Node:
        """The block as the second design has it, else as the first."""
        node = self.after or self.before
        assert node is not None
        return node

    @property
    def more_params(self) -> int:
        return self.params[1] - self.params[0]

    @property
    def more_macs(self) -> int:
        return self.macs[1] - self.macs[0]


def compare(
    before: Design,
    after: Design,
    reports: tuple[Report, Report] | None = None,
) -> tuple[BlockPair, ...]:
    """Return every block of two designs, in the order of the second one.

    What only the first has stands where it stood there. The differences in parameters and in
    multiply-adds add up to those of the totals.
    """
    first, second = reports or (analyze(before), analyze(after))
    counts = _counts(first), _counts(second)
    found = {(one.kind == "removed", one.node): one for one in differences(before, after)}
    rows = []
    for old, new in _pairs(before, after):
        sides = tuple(node.name if node else "" for node in (old, new))
        difference = found.get((new is None, sides[0] if new is None else sides[1]))
        params, macs = (
            (counts[0][what][sides[0]], counts[1][what][sides[1]]) for what in ("params", "macs")
        )
        kind: Kind = difference.kind if difference else "same"
        changes = difference.changes if difference else ()
        rows.append(BlockPair(old, new, kind, changes, params, macs))
    return tuple(rows)


def _pairs(before: Design, after: Design) -> list[tuple[Node | None, Node | None]]:
    """Return the blocks of both designs side by side, in order."""
    pairs = aligned(before, after)
    known = set(pairs.values())
    gone: dict[str, list[Node]] = {}
    last = ""
    for node in _sequence(before):
        if node.id in known:
            last = node.id
        else:
            gone.setdefault(last, []).append(node)
    rows: list[tuple[Node | None, Node | None]] = [(node, None) for node in gone.get("", ())]
    for node in _sequence(after):
        old = pairs.get(node.id, "")
        rows.append((before.nodes.get(old), node))
        rows += [(other, None) for other in gone.get(old, ()) if old]
    return rows


def _sequence(design: Design) -> list[Node]:
    order, circular = ordered(design)
    return [design.nodes[node_id] for node_id in (*order, *circular)]


def _counts(report: Report) -> dict[str, Counter[str]]:
    """Return parameters and multiply-adds by the name of the block they are in."""
    counts: dict[str, Counter[str]] = {"params": Counter(), "macs": Counter()}
    for layer in report.layers:
        counts["params"][layer.scope.node] += layer.params
        counts["macs"][layer.scope.node] += layer.macs
    return counts
