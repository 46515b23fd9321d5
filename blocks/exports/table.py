"""The layer table: what every format of table says."""

from collections.abc import Iterator, Mapping
from typing import Any

from blocks.analysis import analyze
from blocks.design import Design
from blocks.layers import shape_text

HEADER = ("Layer", "Kind", "Inputs", "Config", "Output shape", "Parameters", "MACs", "Block")


def rows(design: Design) -> Iterator[tuple[str, ...]]:
    """Yield one row per layer, and the totals."""
    report = analyze(design)
    for layer in report.layers:
        yield (
            layer.name,
            layer.kind,
            " ".join(layer.inputs),
            _config(layer.config),
            shape_text(layer.shape),
            str(layer.params),
            str(layer.macs),
            layer.scope.node,
        )
    yield "Total", "", "", "", "", str(report.total), str(report.macs), ""


def _config(config: Mapping[str, Any]) -> str:
    return " ".join(f"{key}={str(value).replace(' ', '')}" for key, value in config.items())
