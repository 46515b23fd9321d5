"""Reading a run's record: whole rows only, while it is written and ever after."""

import json
import sqlite3
import zlib
from array import array
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from blocks.training.record import (
    FILE,
    Confusion,
    Epoch,
    Flow,
    FlowBlock,
    Flows,
    Metrics,
    OutputEpoch,
    Step,
)


def read(folder: Path) -> Metrics:
    """Return what is recorded in a run's folder; empty where nothing is yet."""
    steps = _rows(folder, "SELECT * FROM steps ORDER BY step")
    epochs = _rows(folder, "SELECT * FROM epochs ORDER BY epoch")
    outputs: dict[int, list[OutputEpoch]] = {}
    for epoch, *figures in _rows(folder, "SELECT * FROM outputs ORDER BY rowid"):
        outputs.setdefault(epoch, []).append(OutputEpoch(*figures))
    facts = dict(_rows(folder, "SELECT name, value FROM facts"))
    return Metrics(
        tuple(Step(*row) for row in steps),
        tuple(replace(Epoch(*row), outputs=tuple(outputs.get(row[0], ()))) for row in epochs),
        facts,
    )


def read_flows(folder: Path, most: int = 200) -> Flows:
    """Return how gradients flowed, at most some hundreds of measurements, evenly chosen."""
    blocks = _rows(folder, "SELECT label, node, repeat FROM flow_blocks ORDER BY place")
    rows = _rows(folder, "SELECT step, gradients, activations FROM flows ORDER BY step")
    chosen = rows[:1] + rows[1:][:: -(-len(rows) // most) or 1] if rows else []
    if rows and chosen[-1] != rows[-1]:
        chosen.append(rows[-1])
    return Flows(
        tuple(FlowBlock(*row) for row in blocks),
        tuple(
            Flow(step, tuple(json.loads(gradients)), tuple(json.loads(activations)))
            for step, gradients, activations in chosen
        ),
    )


def read_confusion(folder: Path, epoch: int | None = None) -> Confusion | None:
    """Return the confusion after an epoch, or after the last one; None where there is none."""
    query = "SELECT epoch, classes, counts FROM confusions"
    where = f" WHERE epoch = {epoch:d}" if epoch is not None else ""
    rows = _rows(folder, f"{query}{where} ORDER BY epoch DESC LIMIT 1")
    if not rows:
        return None
    found, classes, packed = rows[0]
    counts = array("i", zlib.decompress(packed))
    lines = (tuple(counts[start : start + classes]) for start in range(0, len(counts), classes))
    return Confusion(found, tuple(lines))


def last_epoch(folder: Path) -> Epoch | None:
    """Return the last epoch that is done; None before the first."""
    rows = _rows(folder, "SELECT * FROM epochs ORDER BY epoch DESC LIMIT 1")
    return Epoch(*rows[0]) if rows else None


def _rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    path = folder / FILE
    if not path.exists():
        return []
    try:
        with closing(sqlite3.connect(path, timeout=5)) as database:
            return database.execute(query).fetchall()
    except sqlite3.Error:
        return []  # the writer is just making the tables
