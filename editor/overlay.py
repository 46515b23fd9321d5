"""The numbers and problems of a design as the canvas lays them over its blocks. Pure.

Counts travel as decimal strings: they pass 2^53, which is where JavaScript's numbers end.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from blocks import Arithmetic, Design, Problem, Report, Turn, shape_text, turns

MAX_TURNS = 200
MAX_STEPS = 40
BYTES = 4  # of a float32


def overlay(design: Design, report: Report) -> dict[str, Any]:
    """Return the numbers and problems that the canvas lays over its blocks."""
    counts = Counter(problem.node_id for problem in report.found)
    held = _held(report)
    repeats = turns(report)
    return {
        "nodes": {
            node_id: _numbers(report, node_id)
            | {"bytes": str(held[node.name])}
            | {"problems": counts[node_id], "turns": _turns(repeats.get(node.name, ()))}
            for node_id, node in design.nodes.items()
        },
        "totals": totals(report),
        "problems": [_problem(problem, design) for problem in report.found],
    }


def totals(report: Report) -> dict[str, Any]:
    """Return the totals of a design as decimal strings, bytes included."""
    return {
        "params": str(report.total),
        "trainable": str(report.trainable),
        "non_trainable": str(report.non_trainable),
        "macs": str(report.macs),
        "activation_bytes": str(report.activation_bytes),
        "weights_bytes": str(report.weight_bytes),
        "layers": len(report.layers),
    }


def lines_of(steps: Sequence[Arithmetic]) -> dict[str, Any]:
    """Return lines of arithmetic as the canvas reads them, as many as anybody does."""
    return {
        "steps": [
            {"of": of, "text": text, "value": "?" if value is None else str(value)}
            for of, text, value in steps[:MAX_STEPS]
        ],
        "left_out": max(len(steps) - MAX_STEPS, 0),
        "total": str(sum(step.value or 0 for step in steps)),
    }


def signed(change: int | None) -> str:
    """Return a change as a decimal string with its sign, "" where it is not known."""
    return "" if change is None else f"{change:+d}"


def _numbers(report: Report, node_id: str) -> dict[str, Any]:
    node = report.nodes.get(node_id)
    if node is None:
        return {"shape": "", "params": "0", "macs": "0", "layers": 0}
    return {
        "shape": shape_text(node.shape),
        "params": str(node.params),
        "macs": str(node.macs),
        "layers": node.layers,
    }


def _held(report: Report) -> Counter[str]:
    """Return the bytes that the layers of each block hold for one sample."""
    held: Counter[str] = Counter()
    for layer in report.layers:
        held[layer.scope.node] += BYTES * layer.elements
    return held


def _turns(repeats: Sequence[Turn]) -> list[dict[str, str]]:
    """Return the first repetitions of a block, as many as anybody reads."""
    return [
        {
            "name": turn.name,
            "shape": shape_text(turn.shape),
            "params": str(turn.params),
            "macs": str(turn.macs),
        }
        for turn in repeats[:MAX_TURNS]
    ]


def _problem(problem: Problem, design: Design) -> dict[str, Any]:
    """Return a problem; `repairs` is None until they are worked out."""
    ids = (node_id for node_id, node in design.nodes.items() if node.name == problem.node)
    return {
        "node": problem.node_id or next(ids, ""),
        "name": problem.node,
        "message": str(problem),
        "severity": problem.severity,
        "repairs": None,
    }
