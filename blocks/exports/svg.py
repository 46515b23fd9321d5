"""The diagram as a drawing that scales, for the web."""

from pathlib import Path

from blocks.design import Design
from blocks.exports import drawing
from blocks.exports.format import Format


def write(design: Design, path: Path) -> None:
    path.write_text(drawing.svg(design), encoding="utf-8")


FORMAT = Format(
    id="svg",
    title="Diagram, SVG",
    suffix=".svg",
    mime="image/svg+xml",
    write=write,
    heavy=True,
    half_drawn=True,
)
