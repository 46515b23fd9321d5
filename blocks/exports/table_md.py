"""The layer table for documents in Markdown."""

from collections.abc import Sequence
from pathlib import Path

from blocks.design import Design
from blocks.exports.format import Format
from blocks.exports.markdown import escaped
from blocks.exports.table import HEADER, rows


def write(design: Design, path: Path) -> None:
    lines = [_line(HEADER), _line(["---"] * 5 + ["---:"] * 2 + ["---"])]
    lines += [_line([escaped(cell) for cell in row]) for row in rows(design)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


FORMAT = Format(
    id="table_md",
    title="Layer table, Markdown",
    suffix=".md",
    mime="text/markdown",
    write=write,
)
