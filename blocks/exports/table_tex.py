"""The layer table for papers: a LaTeX `longtable` with the rules of `booktabs`."""

from collections.abc import Sequence
from pathlib import Path

from blocks.design import Design
from blocks.exports.format import Format
from blocks.exports.latex import escaped
from blocks.exports.table import HEADER, rows

START = r"""% Needs \usepackage{booktabs, longtable} and \usepackage[T1]{fontenc}.
\begin{longtable}{lllrr}
\toprule
"""
COLUMNS = [HEADER.index(name) for name in ("Layer", "Kind", "Output shape", "Parameters", "MACs")]


def write(design: Design, path: Path) -> None:
    *layers, total = (_line(row) for row in rows(design))
    head = f"{_line(HEADER)}\\midrule\n\\endhead\n"
    end = f"\\midrule\n{total}\\bottomrule\n\\end{{longtable}}\n"
    path.write_text(START + head + "".join(layers) + end, encoding="utf-8")


def _line(row: Sequence[str]) -> str:
    cells = (row[column] for column in COLUMNS)
    return " & ".join(_grouped(cell) for cell in cells) + " \\\\\n"


def _grouped(cell: str) -> str:
    """Return a cell, a large number with commas between its thousands."""
    return f"{int(cell):,}" if cell.isdecimal() else escaped(cell)


FORMAT = Format(
    id="table_tex",
    title="Layer table, LaTeX",
    suffix=".tex",
    mime="application/x-tex",
    write=write,
)
