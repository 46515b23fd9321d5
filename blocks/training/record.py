"""The record of a run's figures: SQLite in write-ahead mode, one writer, any readers."""

import json
import sqlite3
import time
import zlib
from array import array
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

FILE = "metrics.sqlite"
BATCH_SECONDS = 0.25

SCHEMA = """
CREATE TABLE IF NOT EXISTS steps (
    step INTEGER PRIMARY KEY, epoch INTEGER, loss REAL, accuracy REAL, seconds REAL);
CREATE TABLE IF NOT EXISTS epochs (
    epoch INTEGER PRIMARY KEY, step INTEGER, loss REAL, accuracy REAL,
    val_loss REAL, val_accuracy REAL, seconds REAL);
CREATE TABLE IF NOT EXISTS outputs (
    epoch INTEGER, name TEXT, loss REAL, accuracy REAL, val_loss REAL, val_accuracy REAL,
    PRIMARY KEY (epoch, name));
CREATE TABLE IF NOT EXISTS confusions (
    epoch INTEGER PRIMARY KEY, classes INTEGER, counts BLOB);
CREATE TABLE IF NOT EXISTS flow_blocks (
    place INTEGER PRIMARY KEY, label TEXT, node TEXT, repeat INTEGER);
CREATE TABLE IF NOT EXISTS flows (
    step INTEGER PRIMARY KEY, gradients TEXT, activations TEXT);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT);
"""


@dataclass(frozen=True)
class Step:
    """One step: number from 1 over the whole run, epoch from 1, figures of its batch, seconds."""

    step: int
    epoch: int
    loss: float
    accuracy: float
    seconds: float


@dataclass(frozen=True)
class OutputEpoch:
    """The figures of one of several outputs after an epoch."""

    name: str
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float


@dataclass(frozen=True)
class Epoch:
    """One epoch from 1: last step, means over its samples, figures on the validation samples.

    Of several outputs the loss is the weighted sum and the accuracy that of the main one, the
    first in `outputs`.
    """

    epoch: int
    step: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    seconds: float
    outputs: tuple[OutputEpoch, ...] = ()


@dataclass(frozen=True)
class FlowBlock:
    """A block whose gradients are watched, or one repetition of it, counted from 0."""

    label: str
    node: str
    repeat: int = 0


@dataclass(frozen=True)
class Flow:
    """What was measured right after a step, on its batch, for each watched block in order.

    `gradients` are L2 norms over the block's weights, `activations` the root mean square of the
    values that leave it.
    """

    step: int
    gradients: tuple[float, ...]
    activations: tuple[float, ...]


@dataclass(frozen=True)
class Flows:
    """The measured blocks from the input on, and what was measured of them over time."""

    blocks: tuple[FlowBlock, ...] = ()
    measured: tuple[Flow, ...] = ()


@dataclass(frozen=True)
class Confusion:
    """How many validation samples of a class (row) were taken for which (column) after an epoch."""

    epoch: int
    counts: tuple[tuple[int, ...], ...]

    @property
    def recalls(self) -> tuple[float | None, ...]:
        """The share of each class that was told right; None for a class without samples."""
        return tuple(
            row[place] / sum(row) if sum(row) else None for place, row in enumerate(self.counts)
        )


@dataclass(frozen=True)
class Metrics:
    """What a run has recorded so far; `facts` are words by name (phase, steps, samples, ...)."""

    steps: tuple[Step, ...] = ()
    epochs: tuple[Epoch, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)


class Recorder:
    """Writes figures, in batches of at most a quarter of a second.

    Recording costs microseconds a step; every batch is a transaction, so that a killed process
    leaves whole rows only.
    """

    def __init__(self, folder: Path) -> None:
        self._database = sqlite3.connect(folder / FILE, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.executescript(SCHEMA)
        self._waiting: list[Step] = []
        self._written = time.monotonic()

    def __enter__(self) -> "Recorder":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(sqlite3.Error):  # a full disk; the outcome tells of it
            self.flush()
            self.fact("phase", "")
        self._database.close()

    def step(self, step: Step) -> None:
        """Record a step; a step recorded before (and repeated after a resume) is replaced."""
        self._waiting.append(step)
        if time.monotonic() - self._written >= BATCH_SECONDS:
            self.flush()

    def epoch(self, epoch: Epoch) -> None:
        """Record the end of an epoch."""
        self.flush()
        e = epoch
        row = (e.epoch, e.step, e.loss, e.accuracy, e.val_loss, e.val_accuracy, e.seconds)
        outputs = [
            (e.epoch, one.name, one.loss, one.accuracy, one.val_loss, one.val_accuracy)
            for one in e.outputs
        ]
        with self._database:
            self._database.execute("BEGIN")
            self._database.execute(
                "INSERT OR REPLACE INTO epochs VALUES (?, ?, ?, ?, ?, ?, ?)", row
            )
            self._database.executemany(
                "INSERT OR REPLACE INTO outputs VALUES (?, ?, ?, ?, ?, ?)", outputs
            )

    def confusion(self, confusion: Confusion) -> None:
        """Record which classes were taken for which after an epoch."""
        counts = array("i", (count for row in confusion.counts for count in row)).tobytes()
        row = confusion.epoch, len(confusion.counts), zlib.compress(counts)
        self._database.execute("INSERT OR REPLACE INTO confusions VALUES (?, ?, ?)", row)

    def flow_blocks(self, blocks: Sequence[FlowBlock]) -> None:
        """Record which blocks are watched."""
        rows = [(place, b.label, b.node, b.repeat) for place, b in enumerate(blocks)]
        with self._database:
            self._database.executemany(
                "INSERT OR REPLACE INTO flow_blocks VALUES (?, ?, ?, ?)", rows
            )

    def flow(self, flow: Flow) -> None:
        """Record what was measured after a step."""
        row = flow.step, json.dumps(flow.gradients), json.dumps(flow.activations)
        self._database.execute("INSERT OR REPLACE INTO flows VALUES (?, ?, ?)", row)

    def fact(self, name: str, value: object) -> None:
        """Record a word about the run: its phase, its number of steps."""
        self._database.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, str(value)))

    def flush(self) -> None:
        """Write what waits."""
        rows = [(s.step, s.epoch, s.loss, s.accuracy, s.seconds) for s in self._waiting]
        if rows:
            with self._database:
                self._database.execute("BEGIN")
                self._database.executemany(
                    "INSERT OR REPLACE INTO steps VALUES (?, ?, ?, ?, ?)", rows
                )
        self._waiting.clear()
        self._written = time.monotonic()
