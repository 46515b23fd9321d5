"""The diagram as a Mermaid flowchart, for pages in Markdown."""

import re
from collections.abc import Iterator
from pathlib import Path

from blocks.design import Design
from blocks.exports.boxes import Box, boxes
from blocks.exports.format import Format


def write(design: Design, path: Path) -> None:
    path.write_text("\n".join(_lines(list(boxes(design)))) + "\n", encoding="utf-8")


def _lines(drawn: list[Box]) -> Iterator[str]:
    """Yield the boxes, then the arrows, then the colours of the categories."""
    yield "flowchart TD"
    styles = {box.category: (f"c{box.colour[1:]}", box.colour) for box in drawn}
    for box in drawn:
        label = "<br/>".join(escaped(line) for line in box.lines)
        yield f'    {box.key}["{label}"]:::{styles[box.category][0]}'
    for box in drawn:
        for source in box.sources:
            yield f"    {source} --> {box.key}"
    for name, colour in sorted(set(styles.values())):
        yield f"    classDef {name} fill:{colour}33,stroke:{colour}"


def escaped(line: str) -> str:
    """Write what Mermaid, Markdown or HTML could take for a sign as the number of its letter."""
    return re.sub(r"[^\w ,.()-]", lambda sign: f"#{ord(sign[0])};", line)


FORMAT = Format(
    id="mermaid",
    title="Diagram, Mermaid",
    suffix=".mmd",
    mime="text/vnd.mermaid",
    write=write,
    half_drawn=True,
)
