"""Small pictures of what is inside a block, drawn from the layers it stands for."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape

from blocks.analysis import analyze
from blocks.block import Block
from blocks.catalog import BLOCKS
from blocks.design import Design
from blocks.diagram import COLOURS, OTHER, clean, layer_text
from blocks.graph import Layer, LayerGraph
from blocks.node import make_block
from blocks.rows import PASSING, Row, passing, rows_of

SIDE, CHANNELS = 16, 64
MANY_LAYERS = 16
HEIGHT, STEP, LETTER, MARGIN = 22, 38, 6.3, 6
INK, LINE = "#1e293b", "#7d8794"  # ink stands on the boxes' own light fill, lines on any page
SYMBOLS = {"Add": "+", "Multiply": "\N{MULTIPLICATION SIGN}", "InputLayer": "in"}
SHORT = {
    "BatchNormalization": "Batch norm",
    "LayerNormalization": "Layer norm",
    "GlobalAveragePooling": "Global average",
    "GlobalMaxPooling": "Global maximum",
    "AveragePooling": "Average pool",
    "MaxPooling": "Max pool",
    "DepthwiseConv": "Depthwise",
    "SeparableConv": "Separable",
    "ConvTranspose": "Transposed",
    "ZeroPadding": "Zero pad",
    "UpSampling": "Upsample",
    "Activation ": "",
}


@dataclass(frozen=True)
class Box:
    """A layer in the picture, or the rest of a long repetition."""

    text: str
    inputs: tuple[str, ...]
    weighted: bool = False

    @property
    def width(self) -> float:
        return len(self.text) * LETTER + 16 if len(self.text) > 1 else HEIGHT


@cache
def block_picture(block: str | type[Block], preset: str = "") -> str:
    """Return the inside of a block type, with its default parameters or a preset's, as SVG.

    It is drawn from top to bottom, in the colour of the category, and legible on light and on
    dark pages.

    Raises:
        KeyError: there is no block type, or no preset of it, of that name.
    """
    kind = BLOCKS[block] if isinstance(block, str) else block
    boxes = _boxes(_inside(kind.preset(preset) if preset else kind()))
    rows = rows_of({name: box.inputs for name, box in boxes.items()}, _widths(boxes))
    return "\n".join(_svg(kind, boxes, rows)) + "\n"


def block_pictures() -> dict[str, str]:
    """Return the pictures of all block types by name, those of presets by `Type.preset`."""
    pictures = {}
    for name, kind in BLOCKS.items():
        pictures[name] = block_picture(name)
        for preset in kind.presets:
            pictures[f"{name}.{preset.id}"] = block_picture(name, preset.id)
    return pictures


def _inside(block: Block) -> LayerGraph:
    """Return the layers of a block that reads a small image, or two where it joins several."""
    if not block.inputs:
        return analyze(Design().add("block", block)).graph
    filters = block.values().get("filters")
    channels = filters if isinstance(filters, int) else CHANNELS
    image, _ = make_block("Image", {"height": SIDE, "width": SIDE, "channels": channels})
    design, sources = Design().add("in", image), ["in"]
    if len(block.inputs) > 1:
        double, _ = make_block(
            "Image", {"height": 2 * SIDE, "width": 2 * SIDE, "channels": channels}
        )
        design, sources = design.add("in2", double), ["in", "in2"]
    if block.inputs[0].many and analyze(design.add("block", block, "in")).errors:
        design, sources = design.add("in2", image), ["in", "in2"]
    return analyze(design.add("block", block, sources)).graph


def _boxes(graph: LayerGraph) -> dict[str, Box]:
    """Return the boxes by name, inputs before their readers; long repetitions are cut short."""
    many = len(graph) > MANY_LAYERS
    places = {layer.name: "rest" if many and _repeats(layer) else layer.name for layer in graph}
    boxes: dict[str, Box] = {}
    for layer in graph:
        place = places[layer.name]
        sources = [places[name] for name in layer.inputs if places[name] != place]
        if place == "rest":
            known = boxes["rest"].inputs if "rest" in boxes else ()
            turns = layer.scope.loops[0].turns - 1
            boxes[place] = Box(f"{turns} more times", tuple(dict.fromkeys((*known, *sources))))
        else:
            boxes[place] = Box(_text(layer), tuple(sources), bool(layer.weights))
    return boxes


def _repeats(layer: Layer) -> bool:
    return bool(layer.scope.loops) and layer.scope.loops[0].turn > 0


def _text(layer: Layer) -> str:
    if layer.kind in SYMBOLS and layer.scope.node != "block":
        return SYMBOLS["InputLayer"]
    if layer.kind in ("Add", "Multiply"):
        return SYMBOLS[layer.kind]
    text = re.sub(r"[123]D", "", layer_text(layer)).replace("InputLayer", "Input")
    for long, short in SHORT.items():
        text = text.replace(long, short)
    return clean(text)


def _widths(boxes: Mapping[str, Box]) -> dict[str, float]:
    return {name: box.width for name, box in boxes.items()}


def _svg(kind: type[Block], boxes: Mapping[str, Box], rows: list[Row]) -> Iterator[str]:
    """Yield the lines of the drawing."""
    places = {
        name: (x, MARGIN + HEIGHT / 2 + STEP * level)
        for level, row in enumerate(rows)
        for name, x in row.items()
    }
    sides = [
        (x - _width(boxes, name) / 2, x + _width(boxes, name) / 2)
        for name, (x, _) in places.items()
    ]
    left = min(side[0] for side in sides) - MARGIN
    width = max(side[1] for side in sides) + MARGIN - left
    height = STEP * len(rows) - (STEP - HEIGHT) + 2 * MARGIN
    colour = COLOURS.get(kind.category, OTHER)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="{left:.1f} 0 {width:.1f} {height:.0f}" role="img" font-size="11" '
        'font-family="Helvetica,Arial,sans-serif" text-anchor="middle">'
    )
    yield f"<title>Inside {escape(clean(kind.title))}</title>"
    yield from _arrows(boxes, rows, places)
    for name, box in boxes.items():
        yield from _drawn(box, *places[name], colour)
    yield "</svg>"


def _width(boxes: Mapping[str, Box], name: str) -> float:
    return boxes[name].width if name in boxes else PASSING


def _arrows(
    boxes: Mapping[str, Box], rows: list[Row], places: Mapping[str, tuple[float, float]]
) -> Iterator[str]:
    """Yield the arrows; those past other boxes run through the gaps that are kept for them."""
    levels = {name: level for level, row in enumerate(rows) for name in row}
    for name, box in boxes.items():
        for source in box.inputs:
            between = range(levels[source] + 1, levels[name])
            stops = [places[passing(source, level)] for level in between]
            yield _arrow([places[source], *stops, places[name]])


def _arrow(stops: list[tuple[float, float]]) -> str:
    (x, y), *rest = stops
    half = HEIGHT / 2
    path, y = f"M{x:.1f} {y + half:.1f}", y + half
    for index, (to_x, to_y) in enumerate(rest):
        end = to_y - half - (3 if index == len(rest) - 1 else 0)
        middle = (y + end) / 2
        path += f" C{x:.1f} {middle:.1f} {to_x:.1f} {middle:.1f} {to_x:.1f} {end:.1f}"
        x, y = to_x, to_y + half
        if index < len(rest) - 1:
            path += f" V{y:.1f}"
    head = f"M{x - 3.5:.1f} {end - 3:.1f} l3.5 5 l3.5 -5"
    return f'<path d="{path} {head}" fill="none" stroke="{LINE}" stroke-width="1.4"/>'


def _drawn(box: Box, x: float, y: float, colour: str) -> Iterable[str]:
    """Yield a box; layers with weights are filled more strongly than those without."""
    left, top = x - box.width / 2, y - HEIGHT / 2
    round_side = HEIGHT / 2 if box.width == HEIGHT else 5
    yield (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{box.width:.1f}" height="{HEIGHT}" '
        f'rx="{round_side:g}" fill="{_tint(colour, 0.34 if box.weighted else 0.14)}" '
        f'stroke="{colour}"/>'
    )
    yield f'<text x="{x:.1f}" y="{y + 4:.1f}" fill="{INK}">{escape(box.text)}</text>'


def _tint(colour: str, share: float) -> str:
    """Return a colour mixed with white."""
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * share):02x}" for part in parts)
