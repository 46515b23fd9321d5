"""The reference networks as the canvas's menu shows them, and what it asks of one. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from blocks import EditError, Template, adaptable, analyze, templates, thumbnail
from editor.checks import shown

ENDS = ("height", "width", "length", "channels", "classes")


def template_entries() -> list[dict[str, Any]]:
    """Return every template with its picture, its numbers, and the ends it can be opened for."""
    return [_entry(entry) for entry in templates().values()]


def _entry(entry: Template) -> dict[str, Any]:
    design = entry.design()
    report = analyze(design)
    return {
        "id": entry.id,
        "title": entry.title,
        "summary": entry.summary,
        "family": entry.family,
        "picture": thumbnail(design, report),
        "params": str(report.total),
        "macs": str(report.macs),
        "ends": [
            {"name": name, "value": end.value}
            | {limit: end.param.schema(name)[limit] for limit in ("min", "max")}
            for name, end in adaptable(design).items()
        ],
    }


def template_values(action: Mapping[Any, Any]) -> dict[str, int]:
    """Return the sizes and classes that an action asks a template for.

    Raises:
        EditError: one is no whole number.
    """
    values = {}
    for name in ENDS:
        value = action.get(name)
        if value is None:
            continue
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,9}", value):
            raise EditError(f"{name} must be a whole number, got {shown(value)}; write another")
        values[name] = int(value)
    return values
