"""The design as PyTorch code, one module per type of block; PyTorch has to be there to prove it."""

from importlib.util import find_spec
from pathlib import Path

from blocks.analysis import Report
from blocks.design import Design
from blocks.exports.format import Format
from blocks.exports.torch_code import obstacle, torch_code
from blocks.proof import TOLERANCES

MISSING = (
    "PyTorch code is run before it is offered, and PyTorch is not installed here; "
    "install it with pip install torch, or choose another format"
)


def write(design: Design, path: Path) -> None:
    path.write_text(torch_code(design), encoding="utf-8")


def hindrance(report: Report) -> str:
    """Say which layer has no equal in PyTorch, or that PyTorch is not there to prove the code."""
    return obstacle(report.graph) or ("" if find_spec("torch") else MISSING)


FORMAT = Format(
    id="torch",
    title="Python code, PyTorch",
    suffix=".py",
    mime="text/x-python",
    write=write,
    model=True,
    tolerance=TOLERANCES["torch"],
    hindrance=hindrance,
)
