"""Places for the blocks of a design that was written, not drawn: in rows from top to bottom."""

from dataclasses import replace

from blocks.design import Design
from blocks.order import ordered

ROW = 112
COLUMN = 264


def arranged(design: Design) -> Design:
    """Return the design with every block placed below what it reads; x and y are in pixels."""
    order, circular = ordered(design)
    incoming = design.incoming()
    row: dict[str, int] = {}
    for node_id in (*order, *circular):
        above = [row[link.source] for link in incoming[node_id] if link.source in row]
        row[node_id] = 1 + max(above, default=-1)
    rows: dict[int, list[str]] = {}
    for node_id, index in row.items():
        rows.setdefault(index, []).append(node_id)
    places = {
        node_id: ((column - (len(members) - 1) / 2) * COLUMN, index * ROW)
        for index, members in rows.items()
        for column, node_id in enumerate(members)
    }
    nodes = {
        node_id: replace(node, x=float(places[node_id][0]), y=float(places[node_id][1]))
        for node_id, node in design.nodes.items()
    }
    return replace(design, nodes=nodes)
