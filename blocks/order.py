"""In which order blocks are built: each after what it reads."""

from collections.abc import Iterator

from blocks.design import Design
from blocks.node import Link


def ordered(design: Design) -> tuple[list[str], list[str]]:
    """Return the ids so that every node comes after what it reads, and those in circles.

    Inputs come first, in the sequence they were drawn in. The others are visited from the ends
    backwards, inputs in their order, so that the same drawing gives the same order in whatever
    sequence it was drawn.
    """
    incoming = design.incoming()
    used = {link.source for links in incoming.values() for link in links}
    starts = [node.id for node in design.nodes.values() if not node.block.inputs]
    ends = [node_id for node_id in design.nodes if node_id not in used]
    done: dict[str, bool] = {}
    order: list[str] = []
    circular: dict[str, None] = {}
    for start in (*starts, *ends, *design.nodes):
        path: list[tuple[str, Iterator[Link]]] = []
        if start not in done:
            done[start] = False
            path.append((start, iter(incoming[start])))
        while path:
            node_id, links = path[-1]
            link = next(links, None)
            if link is None:
                path.pop()
                done[node_id] = True
                order.append(node_id)
            elif link.source not in done:
                done[link.source] = False
                path.append((link.source, iter(incoming[link.source])))
            elif not done[link.source]:
                on_path = [step for step, _ in path]
                circular |= dict.fromkeys(on_path[on_path.index(link.source) :])
    return [node_id for node_id in order if node_id not in circular], list(circular)
