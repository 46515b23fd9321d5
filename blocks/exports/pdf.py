"""The diagram as a page, for papers."""

from pathlib import Path

from blocks.design import Design
from blocks.exports import drawing
from blocks.exports.format import Format


def write(design: Design, path: Path) -> None:
    path.write_bytes(drawing.pdf(design))


FORMAT = Format(
    id="pdf",
    title="Diagram, PDF",
    suffix=".pdf",
    mime="application/pdf",
    write=write,
    heavy=True,
    text=False,
    half_drawn=True,
)
