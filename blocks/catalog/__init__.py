"""The catalogue: one file per type of block; dropping a file in here is all it takes."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from blocks.block import Block

CATEGORIES = (
    "Input",
    "Convolution",
    "Inception",
    "Residual",
    "Pooling",
    "Dense",
    "Shape & regularise",
    "Merge",
    "Output",
)


def _discover() -> dict[str, type[Block]]:
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    found = [block for block in Block.__subclasses__() if block.__module__.startswith(__name__)]
    found.sort(key=lambda block: (CATEGORIES.index(block.category), block.rank, block.title))
    return {block.__name__: block for block in found}


BLOCKS: dict[str, type[Block]] = _discover()
"""Every type of block by name, in the order of the palette."""


def catalog_schema() -> list[dict[str, Any]]:
    """Return the declaration of every block type as JSON, for palettes and forms."""
    return [block.schema() for block in BLOCKS.values()]
