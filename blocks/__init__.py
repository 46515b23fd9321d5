"""Convolutional networks from blocks: design them, see their numbers, take the Keras model."""

from blocks.analysis import Report, analyze
from blocks.block import Block
from blocks.catalog import BLOCKS, catalog_schema
from blocks.design import Design
from blocks.errors import (
    BlockwrightError,
    DesignError,
    EditError,
    Problem,
    ReadError,
    Repair,
)
from blocks.imports import read
from blocks.keras_model import to_keras
from blocks.node import Link, Node
from blocks.templates import Template, template, templates


def __getattr__(name: str) -> type[Block]:
    """Return a block type by name, so that `from blocks import VGGBlock` needs no list here."""
    if name in BLOCKS:
        return BLOCKS[name]
    raise AttributeError(f"module 'blocks' has no name {name!r}")


__all__ = [
    "BLOCKS",
    "Block",
    "BlockwrightError",
    "Design",
    "DesignError",
    "EditError",
    "Link",
    "Node",
    "Problem",
    "ReadError",
    "Repair",
    "Report",
    "Template",
    "analyze",
    "catalog_schema",
    "read",
    "template",
    "templates",
    "to_keras",
]
