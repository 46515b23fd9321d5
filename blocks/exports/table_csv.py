"""The layer table for spreadsheets."""

import csv
from pathlib import Path

from blocks.design import Design
from blocks.exports.format import Format
from blocks.exports.table import HEADER, rows

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write(design: Design, path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(HEADER)
        table.writerows([_harmless(cell) for cell in row] for row in rows(design))


def _harmless(cell: str) -> str:
    """Keep a spreadsheet from taking a text for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


FORMAT = Format(
    id="table_csv",
    title="Layer table, CSV",
    suffix=".csv",
    mime="text/csv",
    write=write,
)
