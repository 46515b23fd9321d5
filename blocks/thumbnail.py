"""A small picture of a network: its blocks from left to right, as tall as their tensors are wide.

SVG made of numbers and colours only; the colours stand out on light and on dark pages.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log2, sqrt

from blocks.analysis import Report, analyze
from blocks.design import Design
from blocks.diagram import COLOURS, OTHER
from blocks.graph import Layer, LayerGraph
from blocks.node import Node
from blocks.order import ordered

TALLEST, LOWEST, ASIDE, UNKNOWN = 64.0, 7.0, 26.0, 18.0
GAP, LINE, CUT = 5.0, "#94a3b8", "#ffffff"
WIDEST, LEAST_WIDTH, LEAST_HEIGHT, ROOM = 400.0, 180.0, 84.0, 6.0
MAX_DRAWN, MAX_TURNS, MAX_BRANCHES = 300, 12, 6
THIN = ("Shape & regularise", "Merge", "Pooling")


@dataclass(frozen=True)
class _Box:
    """A node's place; `turns` are its repeats, `branches` what lies side by side in it."""

    column: int
    x: float
    y: float
    width: float
    height: float
    colour: str
    turns: int
    branches: int
    shortcut: bool
    solid: bool

    @property
    def top(self) -> float:
        return self.y - self.height / 2

    @property
    def centre(self) -> float:
        return self.x + self.width / 2


def thumbnail(design: Design, report: Report | None = None) -> str:
    """Return the picture of a design as SVG; half-drawn designs too, what has no shape dashed.

    Height stands for the length of the first axis that leaves a block, width for its number of
    layers; cuts are repeats and branches, arcs are shortcuts and links past other blocks.
    """
    boxes = _placed(design, report or analyze(design))
    links = [link for link in design.links.values() if {link.source, link.target} <= boxes.keys()]
    parts = [_link(boxes[link.source], boxes[link.target]) for link in links]
    parts += [part for box in boxes.values() for part in _drawn(box)]
    left, top, width, height = _frame(list(boxes.values()), _rise(design, boxes))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="{left:g} {top:g} {width:g} {height:g}">{"".join(parts)}</svg>'
    )


def _placed(design: Design, report: Report) -> dict[str, _Box]:
    """Return the box of every node that is drawn, column by column."""
    columns, sizes = _columns(design), _sizes(design, report.graph)
    widths = [max(sizes[node_id][0] for node_id in column) for column in columns]
    scale = min(1.0, WIDEST / (sum(widths) + GAP * len(widths))) if widths else 1.0
    boxes: dict[str, _Box] = {}
    x = 0.0
    for index, (column, width) in enumerate(zip(columns, widths, strict=True)):
        y = 0.0
        for lane, node_id in enumerate(column):
            node, (own, height) = design.nodes[node_id], sizes[node_id]
            height = min(height, ASIDE) if lane else height
            y += height / 2 if lane else 0
            left = x + (width - own) / 2
            place = (left * scale, y, own * scale, height)
            boxes[node_id] = _box(index, place, node, report.graph.of_node(node.name))
            y += height / 2 + GAP
        x += width + GAP
    return boxes


def _sizes(design: Design, graph: LayerGraph) -> dict[str, tuple[float, float]]:
    """Return width and height of every node's box."""
    shapes = [layer.shape for layer in graph]
    longest = max((shape[0] or 1 for shape in shapes if len(shape) > 1), default=1)
    return {
        node_id: _size(node, graph.of_node(node.name), longest)
        for node_id, node in design.nodes.items()
    }


def _columns(design: Design) -> list[list[str]]:
    """Return the ids of the nodes by their distance from the input; the main line comes first."""
    order, circular = ordered(design)
    drawn = [*order, *circular][:MAX_DRAWN]
    incoming = design.incoming()
    before: dict[str, int] = {}
    for node_id in drawn:
        reads = [before[link.source] for link in incoming[node_id] if link.source in before]
        before[node_id] = 1 + max(reads, default=-1)
    after: dict[str, int] = {}
    for node_id in reversed(drawn):
        after.setdefault(node_id, 0)
        for link in incoming[node_id]:
            after[link.source] = max(after.get(link.source, 0), after[node_id] + 1)
    columns: dict[int, list[str]] = {}
    for node_id in drawn:
        columns.setdefault(before[node_id], []).append(node_id)
    return [sorted(columns[key], key=lambda node_id: -after[node_id]) for key in sorted(columns)]


def _size(node: Node, layers: Sequence[Layer], longest: int) -> tuple[float, float]:
    """Return width and height of a node's box."""
    if not layers:
        return 10.0, UNKNOWN
    shape = layers[-1].shape
    width = 4.0 if node.block.category in THIN else 5.0 + min(3.4 * sqrt(len(layers)), 50.0)
    if len(shape) > 1:
        return width, max(TALLEST * sqrt((shape[0] or 1) / longest), LOWEST)
    return min(width, 6.0), LOWEST + 2 * log2(1 + layers[-1].elements)


def _box(
    column: int, place: tuple[float, float, float, float], node: Node, layers: Sequence[Layer]
) -> _Box:
    kinds = {layer.kind for layer in layers}
    joins = [len(layer.inputs) for layer in layers if layer.kind == "Concatenate"]
    inside = node.block.category != "Merge"
    return _Box(
        column,
        *place,
        colour=COLOURS.get(node.block.category, OTHER),
        turns=max(1, min(node.repeat if isinstance(node.repeat, int) else 1, MAX_TURNS)),
        branches=min(max(joins, default=1), MAX_BRANCHES) if inside else 1,
        shortcut="Add" in kinds and inside,
        solid=bool(layers),
    )


def _drawn(box: _Box) -> Iterator[str]:
    """Yield a box with its cuts, and an arc over each of its repeats where it has shortcuts."""
    style = f'fill="{box.colour}"'
    if not box.solid:
        style = f'fill="none" stroke="{box.colour}" stroke-dasharray="2 2"'
    radius = min(2.5, box.width / 3)
    yield (
        f'<rect x="{box.x:.1f}" y="{box.top:.1f}" width="{box.width:.1f}" '
        f'height="{box.height:.1f}" rx="{radius:.1f}" {style}/>'
    )
    step, slice_ = box.width / box.turns, box.height / box.branches
    cuts = [
        f"M{box.x + step * turn:.1f} {box.top:.1f}v{box.height:.1f}" for turn in range(1, box.turns)
    ]
    cuts += [
        f"M{box.x:.1f} {box.top + slice_ * n:.1f}h{box.width:.1f}" for n in range(1, box.branches)
    ]
    if cuts:
        yield f'<path d="{"".join(cuts)}" stroke="{CUT}" stroke-opacity=".65" fill="none"/>'
    if box.shortcut:
        rise = min(6.0, step)
        arc = f"q{step / 2:.1f} {-rise:.1f} {step:.1f} 0"
        arcs = [f"M{box.x + step * n:.1f} {box.top - 1.5:.1f}{arc}" for n in range(box.turns)]
        yield f'<path d="{"".join(arcs)}" stroke="{box.colour}" stroke-width="1.3" fill="none"/>'


def _link(source: _Box, target: _Box) -> str:
    """Return a line to the next box, and an arc over the boxes between to one farther away."""
    if target.column - source.column == 1:
        way = f"M{source.centre:.1f} {source.y:.1f}L{target.centre:.1f} {target.y:.1f}"
    else:
        top = min(source.top, target.top)
        peak = top - _height(source, target)
        way = (
            f"M{source.centre:.1f} {source.top:.1f}C{source.centre:.1f} {peak:.1f} "
            f"{target.centre:.1f} {peak:.1f} {target.centre:.1f} {target.top:.1f}"
        )
    return f'<path d="{way}" stroke="{LINE}" stroke-width="1.2" fill="none"/>'


def _height(source: _Box, target: _Box) -> float:
    """Return how far the ends of an arc's control lines stand above its boxes."""
    return min(8 + abs(target.centre - source.centre) / 5, 44.0)


def _rise(design: Design, boxes: Mapping[str, _Box]) -> float:
    """Return the highest place an arc reaches, 0 where there is none."""
    return min(
        (
            min(boxes[link.source].top, boxes[link.target].top)
            - 0.75 * _height(boxes[link.source], boxes[link.target])
            for link in design.links.values()
            if {link.source, link.target} <= boxes.keys()
            and boxes[link.target].column - boxes[link.source].column != 1
        ),
        default=0.0,
    )


def _frame(boxes: Sequence[_Box], rise: float) -> tuple[float, float, float, float]:
    """Return left, top, width and height of the picture; small networks are not blown up."""
    right = max((box.x + box.width for box in boxes), default=0.0)
    top = min([rise, *(box.top - (8 if box.shortcut else 0) for box in boxes)])
    bottom = max((box.y + box.height / 2 for box in boxes), default=0.0)
    width = max(right + 2 * ROOM, LEAST_WIDTH)
    height = max(bottom - top + 2 * ROOM, LEAST_HEIGHT)
    return (right - width) / 2, (top + bottom - height) / 2, width, height
