"""The layer table for documents in Markdown."""

import re
from collections.abc import Sequence
from pathlib import Path

from blocks.design import Design
from blocks.exports.format import Format
from blocks.exports.table import HEADER, rows


def write(design: Design, path: Path) -> None:
    lines = [_line(HEADER), _line(["---"] * 5 + ["---:"] * 2 + ["---"])]
    lines += [_line([_escaped(cell) for cell in row]) for row in rows(design)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(cell: str) -> str:
    """Keep a text from being taken for Markdown or HTML."""
    return re.sub(r"([\\`*\[\]<>|&])", r"\\\1", " ".join(cell.split()))


FORMAT = Format(
    id="table_md",
    title="Layer table, Markdown",
    suffix=".md",
    mime="text/markdown",
    write=write,
)
