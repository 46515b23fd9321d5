"""The diagram as Graphviz source."""

from pathlib import Path

from blocks.design import Design
from blocks.diagram import diagram_dot
from blocks.exports.format import Format


def write(design: Design, path: Path) -> None:
    path.write_text(diagram_dot(design), encoding="utf-8")


FORMAT = Format(
    id="dot",
    title="Diagram, Graphviz source",
    suffix=".dot",
    mime="text/vnd.graphviz",
    write=write,
    half_drawn=True,
)
