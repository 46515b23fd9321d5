"""Places for the blocks of a design that was written, not drawn: in rows from top to bottom."""

from dataclasses import replace

from blocks.design import Design
from blocks.order import ordered

ROW = 112
COLUMN = 280


def arranged(design: Design) -> Design:
    """Return the design with every block placed below what it reads; x and y are in pixels.

    In each row the block from which the way to an end is longest stands in the middle, so that the
    main line is straight; the others stand beside it.
    """
    order, circular = ordered(design)
    incoming = design.incoming()
    row: dict[str, int] = {}
    for node_id in (*order, *circular):
        above = [row[link.source] for link in incoming[node_id] if link.source in row]
        row[node_id] = 1 + max(above, default=-1)
    ahead = dict.fromkeys(design.nodes, 0)
    for node_id in reversed(order):
        for link in incoming[node_id]:
            ahead[link.source] = max(ahead[link.source], ahead[node_id] + 1)
    rows: dict[int, list[str]] = {}
    for node_id, index in sorted(row.items(), key=lambda entry: -ahead[entry[0]]):
        rows.setdefault(index, []).append(node_id)
    nodes = dict(design.nodes)
    for index, members in rows.items():
        for place, node_id in enumerate(members):
            beside = (place + 1) // 2 * (1 if place % 2 else -1)
            nodes[node_id] = replace(nodes[node_id], x=float(beside * COLUMN), y=float(index * ROW))
    return replace(design, nodes=nodes)
