"""The reference networks by id, read from `blocks/architectures/` only when asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from blocks.design import Design
from blocks.errors import ReadError
from blocks.layout import arranged

FIRST = ("digits", "tutorial")
"""Files shown before the others, which follow by name."""


@dataclass(frozen=True)
class Template:
    """A reference network: its id, title, source, one sentence on its idea, and how to draw it."""

    id: str
    title: str
    source: str
    summary: str
    draw: Callable[[], Design]

    def design(self) -> Design:
        """Return the network as a design, laid out from top to bottom."""
        return arranged(self.draw())


@cache
def templates() -> dict[str, Template]:
    """Return every template by id, those to begin with first."""
    package = import_module("blocks.architectures")
    names = [module.name for module in iter_modules(package.__path__)]
    names.sort(key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))
    found: list[Template] = []
    for name in names:
        found += import_module(f"{package.__name__}.{name}").TEMPLATES
    return {entry.id: entry for entry in found}


def template(template_id: str) -> Design:
    """Return the design of a template.

    Raises:
        ReadError: there is no such template.
    """
    entry = templates().get(template_id)
    if entry is None:
        raise ReadError(
            f"there is no template {template_id!r:.60}; there are: {', '.join(templates())}"
        )
    return entry.design()
