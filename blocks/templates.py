"""The reference networks by id, read from `blocks/architectures/` only when asked for."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from blocks.adapted import adapted
from blocks.design import Design
from blocks.errors import ReadError
from blocks.layout import arranged
from blocks.published import PUBLISHED, Published

FIRST = ("digits", "tutorial", "lesson")
"""Files shown before the others, which follow by name."""


@dataclass(frozen=True)
class Template:
    """A reference network: its id, title, source, one sentence on its idea, and how to draw it.

    `differs` tells how code in circulation that it follows leaves its source; `family` is its
    file's `FAMILY`.
    """

    id: str
    title: str
    source: str
    summary: str
    draw: Callable[[], Design]
    differs: str = ""
    family: str = ""

    def design(self, **values: int) -> Design:
        """Return the network as a design, laid out from top to bottom.

        `values` are another size of its input (height, width, channels or length) and another
        number of classes.

        Raises:
            EditError: the network has no such value.
        """
        design = arranged(self.draw())
        return adapted(design, **values) if values else design

    @property
    def published(self) -> Published | None:
        """The totals published for the network, where there are some."""
        return PUBLISHED.get(self.id)


@cache
def templates() -> dict[str, Template]:
    """Return every template by id, those to begin with first."""
    package = import_module("blocks.architectures")
    names = [module.name for module in iter_modules(package.__path__)]
    names.sort(key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))
    found: list[Template] = []
    for name in names:
        module = import_module(f"{package.__name__}.{name}")
        family = getattr(module, "FAMILY", "Other")
        found += [replace(entry, family=family) for entry in module.TEMPLATES]
    return {entry.id: entry for entry in found}


def template(template_id: str, **values: int) -> Design:
    """Return the design of a template, for another input or other classes where asked.

    `template("vgg16", height=64, width=64, classes=10)` is VGG-16 for small images.

    Raises:
        ReadError: there is no such template.
        EditError: it has no such value.
    """
    entry = templates().get(template_id)
    if entry is None:
        raise ReadError(
            f"there is no template {template_id!r:.60}; there are: {', '.join(templates())}"
        )
    return entry.design(**values)
