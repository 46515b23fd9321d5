"""The diagram as a TikZ figure for papers, one box per block."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from blocks.design import Design
from blocks.exports.boxes import Box, boxes
from blocks.exports.format import Format
from blocks.exports.latex import escaped
from blocks.rows import Row, passing, rows_of

CM_PER_UNIT, ROW_CM, BOX_CM = 0.028, 1.9, 3.6
START = r"""\documentclass[tikz, border=4pt]{standalone}
\usepackage[T1]{fontenc}
"""
STYLES = r"""\begin{tikzpicture}[
    block/.style={
        draw, rounded corners=2pt, align=center, font=\footnotesize\sffamily,
        minimum width=3.6cm, inner sep=3pt},
    arrow/.style={->, rounded corners=4pt}]
"""


def write(design: Design, path: Path) -> None:
    drawn = {box.key: box for box in boxes(design)}
    width = BOX_CM / CM_PER_UNIT
    rows = rows_of({key: box.sources for key, box in drawn.items()}, dict.fromkeys(drawn, width))
    colours = dict(sorted({(_colour(box), box.colour[1:]) for box in drawn.values()}))
    defined = "".join(
        f"\\definecolor{{{name}}}{{HTML}}{{{code.upper()}}}\n" for name, code in colours.items()
    )
    lines = "".join(f"    {line}\n" for line in _lines(drawn, rows))
    figure = f"{STYLES}{lines}\\end{{tikzpicture}}\n"
    text = f"{START}{defined}\\begin{{document}}\n{figure}\\end{{document}}\n"
    path.write_text(text, encoding="utf-8")


def _lines(drawn: Mapping[str, Box], rows: list[Row]) -> Iterator[str]:
    """Yield the boxes, then the arrows; those past other boxes turn in the places kept for them."""
    levels = {name: level for level, row in enumerate(rows) for name in row}
    places = {
        name: f"({x * CM_PER_UNIT:.2f}, {-ROW_CM * levels[name]:.2f})"
        for row in rows
        for name, x in row.items()
    }
    for key, box in drawn.items():
        style = f"draw={_colour(box)}, fill={_colour(box)}!20"
        label = r" \\ ".join(escaped(line) for line in box.lines)
        yield f"\\node[block, {style}] ({key}) at {places[key]} {{{label}}};"
    for key, box in drawn.items():
        for source in box.sources:
            between = range(levels[source] + 1, levels[key])
            stops = "".join(f" -- {places[passing(source, level)]}" for level in between)
            yield f"\\draw[arrow] ({source}){stops} -- ({key});"


def _colour(box: Box) -> str:
    return "colour" + "".join(letter for letter in box.category.title() if letter.isalpha())


FORMAT = Format(
    id="tikz",
    title="Figure, LaTeX with TikZ",
    suffix=".tex",
    mime="application/x-tex",
    write=write,
)
