"""One box per block and the arrows between them: what diagrams in other languages are made of."""

from collections.abc import Iterator
from dataclasses import dataclass

from blocks.analysis import analyze
from blocks.design import Design
from blocks.diagram import COLOURS, OTHER, clean, title_of
from blocks.layers import shape_text
from blocks.order import ordered


@dataclass(frozen=True)
class Box:
    """A block as a diagram shows it; `sources` are the keys of the boxes its arrows come from."""

    key: str
    lines: tuple[str, ...]
    category: str
    colour: str
    sources: tuple[str, ...]


def boxes(design: Design) -> Iterator[Box]:
    """Yield the boxes of a design, half-drawn or not, sources before their readers."""
    report, incoming = analyze(design), design.incoming()
    order, circular = ordered(design)
    keys = {node_id: f"b{place}" for place, node_id in enumerate((*order, *circular))}
    for node_id, key in keys.items():
        node = design.nodes[node_id]
        numbers = report.nodes.get(node_id)
        shape = shape_text(numbers.shape).replace("x", " x ") if numbers else ""
        params = f"{numbers.params:,} parameters" if numbers and numbers.params else ""
        yield Box(
            key=key,
            lines=tuple(clean(line) for line in (node.name, title_of(node), shape, params) if line),
            category=node.block.category,
            colour=COLOURS.get(node.block.category, OTHER),
            sources=tuple(keys[link.source] for link in incoming[node_id]),
        )
