"""The library's file: opening it, its tables and their versions, its transactions."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from blocks import BlockwrightError, home, is_disk_full

BUSY_SECONDS = 20

# One entry per version of the file; an entry is never changed once it has been released.
MIGRATIONS = (
    """
    CREATE TABLE designs (
        id TEXT PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, revision INTEGER NOT NULL,
        origin TEXT NOT NULL, created REAL NOT NULL, updated REAL NOT NULL, deleted REAL
    ) STRICT;
    CREATE INDEX designs_by_owner ON designs (owner, updated);
    CREATE TABLE revisions (
        design TEXT NOT NULL REFERENCES designs ON DELETE CASCADE, revision INTEGER NOT NULL,
        parent INTEGER NOT NULL, owner TEXT NOT NULL, client TEXT NOT NULL, number INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('edit', 'undo', 'redo')), label TEXT NOT NULL,
        edit TEXT NOT NULL, inverse TEXT NOT NULL, created REAL NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('done', 'undone', 'closed')),
        PRIMARY KEY (design, revision)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX revisions_by_state ON revisions (design, owner, state, revision);
    CREATE TABLE snapshots (
        design TEXT NOT NULL REFERENCES designs ON DELETE CASCADE, revision INTEGER NOT NULL,
        document TEXT NOT NULL, PRIMARY KEY (design, revision)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE clients (
        design TEXT NOT NULL REFERENCES designs ON DELETE CASCADE, client TEXT NOT NULL,
        number INTEGER NOT NULL, PRIMARY KEY (design, client)
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE own_blocks (
        design TEXT PRIMARY KEY REFERENCES designs ON DELETE CASCADE, definitions TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE versions (
        design TEXT NOT NULL REFERENCES designs ON DELETE CASCADE, revision INTEGER NOT NULL,
        name TEXT NOT NULL, created REAL NOT NULL, PRIMARY KEY (design, revision)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE tags (
        design TEXT NOT NULL REFERENCES designs ON DELETE CASCADE, tag TEXT NOT NULL,
        PRIMARY KEY (design, tag)
    ) STRICT, WITHOUT ROWID;
    """,
)

WAYS_ON = {
    "locked": "another program works on it; close that one, then reload this page",
    "not a database": "give the file another name, reload this page and import your last backup",
    "malformed": "give the file another name, reload this page and import your last backup",
    "readonly": "allow writing to it and its folder, then try again; all that was saved is safe",
    "full": "make room on its disk, then try again; what was saved before is safe",
    "No space": "make room on its disk, then try again; what was saved before is safe",
}
"""What a person can do, by what SQLite or the system says."""

ELSE = "check that its folder is there and may be written, then reload this page"


class LibraryError(BlockwrightError):
    """The library has no such design, or its file cannot be read or written."""


def library_path() -> Path:
    """Return where the library of this machine's user lies; its folder is there then.

    Raises:
        LibraryError: the folder cannot be made.
    """
    try:
        return home() / "library.sqlite"
    except OSError as error:
        raise LibraryError(
            f"the folder of your work cannot be used: {error.strerror or error}; make it writable, "
            "or name another in BLOCKWRIGHT_HOME, and start again"
        ) from error


class Database:
    """One connection to the library's file, usable from any thread.

    Every change is on the disk when its transaction ends (WAL, synchronous FULL). The folder is
    readable by its owner only, and so is the file. One that may only be read is read; it is
    written to as soon as it may be.

    Raises:
        LibraryError: the file cannot be opened, is no library, or is newer than this program.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        with self._explained():
            self._connection, self._writes = _connected(path)
        # Without a change there is nothing to write: on a full disk a library can still be read.
        with self.reading() as connection:
            is_current = _version(connection) == len(MIGRATIONS)
        if not is_current:
            with self.transaction() as connection:
                self._migrate(connection)

    @property
    def is_read_only(self) -> bool:
        """Whether the file, or the folder it is in, may only be read."""
        return not _may_be_written(self.path)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Hold the only right to write, here and in every other process; all or nothing."""
        with self._lock, self._explained():
            if not self._writes and not self.is_read_only:
                self._connection.close()
                self._connection, self._writes = _connected(self.path)
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """See one state of the library, whatever is written meanwhile."""
        with self._lock, self._explained():
            self._connection.execute("BEGIN")
            try:
                yield self._connection
            finally:
                self._connection.execute("ROLLBACK")

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            if is_disk_full(error):
                raise LibraryError(
                    f"the disk with the library {self.path.name} is full, so nothing can be "
                    "saved; free some space, what was saved before is safe"
                ) from error
            raise LibraryError(
                f"the library {self.path.name} cannot be used: {_reason(error)}"
            ) from error

    def _migrate(self, connection: sqlite3.Connection) -> None:
        version = _version(connection)
        if version > len(MIGRATIONS):
            raise LibraryError(
                f"the library {self.path.name} has version {version}, this program knows "
                f"{len(MIGRATIONS)}; update Blockwright, or name another folder in BLOCKWRIGHT_HOME"
            )
        for script in MIGRATIONS[version:]:
            # executescript would commit first: a half-done migration must not stay.
            for statement in script.split(";"):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _reason(error: sqlite3.Error | OSError) -> str:
    """Return what is wrong with the library's file, and how to go on."""
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"{words}; {next((tell for mark, tell in WAYS_ON.items() if mark in words), ELSE)}"


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _connected(path: Path) -> tuple[sqlite3.Connection, bool]:
    """Return a connection to a file, made where there is none, and whether it can write."""
    if not _may_be_written(path):
        return _connected_to_read(path), False
    _create_private(path)
    connection = _connection(str(path))
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection, True


def _connected_to_read(path: Path) -> sqlite3.Connection:
    """Open a file that may only be read."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    connection = _connection(address)
    try:
        _version(connection)
    except sqlite3.OperationalError:
        # SQLite wants a file beside it that it may not make. Where no changes wait in one either,
        # all there is to read is in the file itself.
        waiting = path.with_name(f"{path.name}-wal")
        if waiting.exists() and waiting.stat().st_size:
            raise
        connection.close()
        connection = _connection(f"{address}&immutable=1")
    return connection


def _connection(address: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        address,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        uri=address.startswith("file:"),
    )
    connection.row_factory = sqlite3.Row
    return connection


def _may_be_written(path: Path) -> bool:
    """Tell whether a file and its folder may be written to; one that is not there yet may be."""
    return not path.exists() or (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))


def _create_private(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    path.chmod(0o600)
