"""How far a design keeps its budget, and the width at which it does."""

from collections.abc import Iterator, Mapping
from math import lcm
from typing import Any, NamedTuple

from blocks.adapted import outputs_of
from blocks.analysis import Report, analyze, bytes_text
from blocks.block import Block
from blocks.design import Design, Edit
from blocks.errors import EditError
from blocks.node import Node, node_from_json
from blocks.own import PREFIX, Own

WIDTHS = (
    *("filters", "units", "inner_filters", "growth_rate", "pool_projection"),
    *("filters_1x1", "filters_3x3", "filters_5x5", "reduce_3x3", "reduce_5x5"),
)
"""The parameters that say how many channels or units a layer has."""

WORDS = {
    "params": "parameters",
    "macs": "multiply-adds",
    "weight_bytes": "weights",
    "training_bytes": "memory for training",
}

NARROWEST, WIDEST = 1, 800
"""The widths looked at, in hundredths of the drawn one."""


class Use(NamedTuple):
    """What a design uses of one limit of its budget."""

    name: str
    used: int
    limit: int


class WidthFit(NamedTuple):
    """The widest form of a design that keeps its budget, and the edit that leads there."""

    width: float
    edit: Edit
    report: Report


def uses(report: Report) -> tuple[Use, ...]:
    """Return what a design uses of each limit of its budget."""
    budget = report.design.budget
    if budget is None:
        return ()
    used = {
        "params": lambda: report.total,
        "macs": lambda: report.macs,
        "weight_bytes": lambda: report.weight_bytes,
        "training_bytes": lambda: report.training_bytes(budget.batch_size),
    }
    limits = {name: getattr(budget, name) for name in used}
    return tuple(Use(name, used[name](), limit) for name, limit in limits.items() if limit)


def fitted(design: Design, multiple: int = 8) -> WidthFit:
    """Return the design at the largest width multiplier at which it keeps its budget.

    Every number of filters and units is scaled alike (Howard et al. 2017, sec. 3.3) and rounded
    to a multiple, small ones to whole numbers; inputs and the number of classes stay.

    Raises:
        EditError: the design has no budget or cannot be analysed, or no width keeps the budget.
    """
    if not uses(analyze(design)):
        raise EditError(f"{design.name} has no budget; set a limit first")
    _refuse_broken(design)
    low, high, best = NARROWEST, WIDEST, None
    while low <= high:
        middle = (low + high) // 2
        found = _at(design, middle / 100, multiple)
        if found and all(use.used <= use.limit for use in uses(found.report)):
            best, low = found, middle + 1
        else:
            high = middle - 1
    if best is None:
        raise EditError(_too_tight(design, multiple))
    return best


def widened(design: Design, width: float, multiple: int = 8) -> Edit:
    """Return the edit that multiplies every width of a design, own blocks included."""
    kept = {(place.node.id, place.field) for place in outputs_of(design)}
    nodes = {
        node.id: fields
        for node in design.nodes.values()
        if (fields := _scaled(node, kept, width, multiple))
    }
    definitions = {
        name: _scaled_definition(design, data, width, multiple)
        for name, data in design.definitions.items()
        if PREFIX + name in design.own
    }
    changed = {name: data for name, data in definitions.items() if data is not None}
    parts = {"nodes": nodes, "definitions": changed}
    return {name: part for name, part in parts.items() if part}


def _at(design: Design, width: float, multiple: int) -> WidthFit | None:
    """Return a design at a width; None where it holds together no more."""
    edit = widened(design, width, multiple)
    report = analyze(design.apply(edit)[0])
    return None if report.errors else WidthFit(width, edit, report)


def _refuse_broken(design: Design) -> None:
    errors = analyze(design).errors
    if errors:
        raise EditError(f"mend the design first: {errors[0]}")


def _too_tight(design: Design, multiple: int) -> str:
    narrow = _at(design, NARROWEST / 100, multiple)
    over = [use for use in uses(narrow.report) if use.used > use.limit] if narrow else []
    if not over:
        return "no width keeps the budget and the shapes together; raise it or use fewer blocks"
    name, used, limit = over[0]
    write = bytes_text if name.endswith("bytes") else "{:,}".format
    return (
        f"even the narrowest form takes {write(used)} of {WORDS[name]}, and the budget is "
        f"{write(limit)}; raise it or use fewer blocks"
    )


def _scaled(node: Node, kept: set[tuple[str, str]], width: float, multiple: int) -> dict[str, Any]:
    """Return the fields of a node that a width changes."""
    names = {name for name in _widths(node.block) if (node.id, name) not in kept}
    if node.block.is_head:
        names = set()
    params = _rounded(node.block.values(), names, node.block, width, multiple)
    first = _rounded(node.first, names, node.block, width, multiple)
    fields = {"params": params, "first": {**node.first, **first} if first else {}}
    return {name: value for name, value in fields.items() if value}


def _widths(block: Block) -> set[str]:
    """Return the parameters of a block that are widths; those of an own block by what they set."""
    if not isinstance(block, Own):
        return {name for name in block.params() if name in WIDTHS}
    inner = block.definition.nodes
    return {
        name
        for name, targets in block.definition.drives.items()
        if any(param in _widths(inner[node_id].block) for node_id, param in targets)
    }


def _rounded(
    values: Mapping[str, Any], names: set[str], block: Block, width: float, multiple: int
) -> dict[str, int]:
    groups = block.values().get("groups", 1)
    found = {}
    for name in names & values.keys():
        value = values[name]
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            continue
        step = multiple if value >= 2 * multiple else 1
        if isinstance(groups, int) and groups > 1 and value % groups == 0:
            step = lcm(step, groups)
        scaled = max(step, round(value * width / step) * step)
        limit = getattr(block.params()[name], "max", scaled)
        if min(scaled, limit) != value:
            found[name] = min(scaled, limit)
    return found


def _scaled_definition(
    design: Design, data: Mapping[str, Any], width: float, multiple: int
) -> dict[str, Any] | None:
    """Return a definition with its inner widths scaled, or None where it has none."""
    nodes = list(_scaled_nodes(design, data, width, multiple))
    return {**data, "nodes": nodes} if nodes != list(data.get("nodes", ())) else None


def _scaled_nodes(
    design: Design, data: Mapping[str, Any], width: float, multiple: int
) -> Iterator[Mapping[str, Any]]:
    for entry in data.get("nodes", ()):
        node = node_from_json(entry["id"], entry, design.own)
        changes = _scaled(node, set(), width, multiple)
        params = {**(entry.get("params") or {}), **changes.get("params", {})}
        first = changes.get("first") or entry.get("first") or {}
        yield {**entry, "params": params, "first": first} if changes else entry
