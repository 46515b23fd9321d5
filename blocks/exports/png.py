"""The diagram as an image."""

from pathlib import Path

from blocks.design import Design
from blocks.exports import drawing
from blocks.exports.format import Format


def write(design: Design, path: Path) -> None:
    path.write_bytes(drawing.png(design))


FORMAT = Format(
    id="png",
    title="Diagram, PNG",
    suffix=".png",
    mime="image/png",
    write=write,
    heavy=True,
    text=False,
    half_drawn=True,
)
