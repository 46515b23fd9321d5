"""The design as Keras code, one function per type of block."""

from pathlib import Path

from blocks.design import Design
from blocks.exports.code import python_code
from blocks.exports.format import Format


def write(design: Design, path: Path) -> None:
    path.write_text(python_code(design), encoding="utf-8")


FORMAT = Format(
    id="python",
    title="Python code, Keras",
    suffix=".py",
    mime="text/x-python",
    write=write,
    model=True,
)
