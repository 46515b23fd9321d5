"""The page of all block types for docs/: picture, source and parameters of each."""

from collections.abc import Iterator
from typing import Any

from blocks.block import Block, Preset
from blocks.catalog import BLOCKS, CATEGORIES
from blocks.params import Param
from blocks.pictures import block_pictures

HEAD = """# Blocks

Every block of the palette: what is inside it, where it comes from, and its parameters. The
pictures show a block with its default parameters; layers with weights are filled more strongly.
In Python a block is a class of this name: `from blocks import VGGBlock`.

*This page is written from the catalogue by `make golden`; change the catalogue, not the page.*
"""
COLUMNS = ("Parameter", "Default", "Values", "Unit", "Meaning")


def handbook() -> dict[str, str]:
    """Return the text of every file of the page by its path below docs/."""
    pictures = {f"blocks/{name}.svg": picture for name, picture in block_pictures().items()}
    return {"blocks.md": "\n".join(_page()), **pictures}


def _page() -> Iterator[str]:
    yield HEAD
    for category in CATEGORIES:
        yield f"## {category}\n"
        for name, kind in BLOCKS.items():
            if kind.category == category:
                yield from _section(name, kind)


def _section(name: str, kind: type[Block]) -> Iterator[str]:
    yield f"### {kind.title} (`{name}`)\n"
    yield f"![Inside {kind.title}](blocks/{name}.svg)\n"
    yield f"{_cell(kind.summary)}\n"
    if kind.details:
        yield f"{_cell(kind.details)}\n"
    if kind.citation:
        yield f"Source: {_cell(kind.citation)}.\n"
    if kind.params():
        yield _row(COLUMNS)
        yield _row(["---"] * len(COLUMNS))
        for param_name, param in kind.params().items():
            yield _row(_cells(param_name, param))
        yield ""
    for preset in kind.presets:
        yield f"![Inside {preset.title}](blocks/{name}.{preset.id}.svg)\n"
        yield _preset(preset)


def _preset(preset: Preset) -> str:
    """Return how a block is known under a name of its own, and the parameters that make it so."""
    values = ", ".join(f"`{name}={value!r}`" for name, value in preset.values.items())
    return (
        f'**{_cell(preset.title)}** (`preset("{preset.id}")`): {_cell(preset.summary)} '
        f"Source: {_cell(preset.citation)}. With {values}.\n"
    )


def _cells(name: str, param: Param) -> list[str]:
    schema = param.schema(name)
    return [
        f"`{name}`",
        _code(schema["default"]),
        _values(schema),
        schema["unit"] or "",
        _cell(param.help) + _when(param),
    ]


def _values(schema: dict[str, Any]) -> str:
    if schema["options"]:
        return ", ".join(map(_code, schema["options"]))
    if schema["kind"] == "flag":
        return "`True` or `False`"
    if schema["kind"] == "text":
        return "text"
    return f"{_number(schema['min'])} to {_number(schema['max'])}"


def _when(param: Param) -> str:
    """Return on which other parameters this one depends, as a sentence."""
    conditions = [
        f"`{name}` is {' or '.join(map(_code, allowed))}" for name, allowed in param.when.items()
    ]
    return f" Where {' and '.join(conditions)}." if conditions else ""


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"


def _code(value: Any) -> str:
    return "empty" if value in (None, "") else f"`{value}`"


def _row(cells: Any) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    """Return a text as Markdown shows it letter for letter in a table."""
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")
