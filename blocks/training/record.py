"""The record of a run's figures: SQLite in write-ahead mode, one writer, any readers."""

import sqlite3
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any

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
