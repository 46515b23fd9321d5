"""What a SOURCE on the command line stands for: a template, a file, or standard input."""

import sys
from pathlib import Path

from blocks.design import Design
from blocks.errors import ReadError
from blocks.imports import MAX_BYTES, read, with_weights_of
from blocks.templates import template, templates

ITS_OWN = "-"
"""What --weights without a file stands for: the weights in the source itself."""


def load(source: str) -> Design:
    """Return the design a SOURCE stands for: a template id, a file, or - for standard input.

    Raises:
        ReadError: there is no such template or file, or it holds no design.
    """
    if source == "-":
        return read(_from_standard_input())
    if source in templates():
        return template(source)
    if not source or not Path(source).exists():
        raise ReadError(
            f"{source!a:.200}: there is no file and no template of that name; "
            "`python -m blocks templates` lists the templates"
        )
    return read(Path(source))


def _from_standard_input() -> str:
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise ReadError("standard input: a design is UTF-8 text, got other bytes") from None
    if not text.lstrip().startswith("{"):
        raise ReadError("standard input: a design is a JSON object, got something else")
    return text


def load_with_weights(source: str, weights: str) -> Design:
    """Return the design of a source, carrying its own weights or those of another file."""
    if weights != ITS_OWN:
        return with_weights_of(load(source), weights)
    if source in templates() or source == "-":
        raise ReadError(f"{source}: it has no weights; name a file of them after --weights")
    if not Path(source).exists():
        load(source)  # refuses it in its own words
    return read(Path(source), weights=True)
