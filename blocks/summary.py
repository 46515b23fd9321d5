"""The layer table as text and as JSON."""

from typing import Any

from blocks.analysis import Report, bytes_text
from blocks.errors import Problem, Repair
from blocks.fitting import uses
from blocks.layers import shape_text
from blocks.receptive import field_text

COLUMNS = ("Layer", "Kind", "Output shape", "Params", "MACs", "Connected to")


def summary_json(report: Report) -> dict[str, Any]:
    """Return totals, layers and problems; shapes without the batch axis."""
    return {
        "name": report.name,
        "total": report.total,
        "trainable": report.trainable,
        "non_trainable": report.non_trainable,
        "macs": report.macs,
        "activation_bytes": report.activation_bytes,
        "layers": [
            {
                "name": layer.name,
                "kind": layer.kind,
                "inputs": list(layer.inputs),
                "shape": list(layer.shape),
                "params": layer.params,
                "macs": layer.macs,
                "node": layer.scope.node,
            }
            for layer in report.layers
        ],
        "problems": [problem_json(problem) for problem in report.problems],
        **({"budget": _budget(report)} if report.design.budget else {}),
    }


def _budget(report: Report) -> dict[str, Any]:
    return {use.name: {"used": use.used, "limit": use.limit} for use in uses(report)}


def problem_json(problem: Problem) -> dict[str, Any]:
    """Return a problem as JSON."""
    repairs = [repair_json(repair) for repair in problem.repairs]
    return {
        "node": problem.node,
        "message": str(problem),
        "severity": problem.severity,
        "repair": repairs[0] if repairs else None,
        "repairs": repairs,
    }


def repair_json(repair: Repair) -> dict[str, Any]:
    """Return a repair as JSON; changes are integers, or null where they are not known."""
    return {
        "label": repair.label,
        "edit": repair.edit,
        "params_change": repair.params_change,
        "macs_change": repair.macs_change,
        "uncovers": repair.uncovers,
    }


def summary_text(report: Report) -> str:
    """Return the layer table, the totals and the problems as text."""
    rows = [
        (
            layer.name,
            layer.kind,
            shape_text(layer.shape),
            f"{layer.params:,}",
            f"{layer.macs:,}",
            ", ".join(layer.inputs),
        )
        for layer in report.layers
    ]
    widths = [max(len(row[i]) for row in (COLUMNS, *rows)) for i in range(len(COLUMNS))]
    lines = [_line(COLUMNS, widths), "  ".join("-" * width for width in widths)]
    lines += [_line(row, widths) for row in rows]
    lines += [
        "",
        f"{report.total:,} parameters: {report.trainable:,} trained, "
        f"{report.non_trainable:,} not; {bytes_text(report.weight_bytes)} of weights",
        f"{report.macs:,} multiply-adds and {bytes_text(report.activation_bytes)} of "
        "activations per sample",
        f"{report.weighted_depth:,} convolutions and dense layers deep, receptive field "
        f"{field_text(report.output_fields) or 'none'}",
    ]
    lines += [f"{problem.severity}: {problem}" for problem in report.problems]
    return "\n".join(lines)


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    padded = [
        cell.rjust(width) if column in (3, 4) else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(padded).rstrip()
