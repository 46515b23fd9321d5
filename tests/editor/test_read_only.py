"""A library that may only be read is shown, says so, and is written to as soon as it may be."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from blocks import Design
from editor import database
from editor.database import LibraryError
from editor.store import Library

ANN = "ann"
Lock = Callable[[bool], None]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "home" / "library.sqlite"
    with closing(Library(path)) as library:
        library.create(Design("kept"), ANN)
    return path


@pytest.fixture
def lock(file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lock]:
    """Take the right to write away, or give it back; for root, whom no mode binds, by its word."""

    def locked(is_locked: bool) -> None:
        if os.geteuid():
            file.chmod(0o400 if is_locked else 0o600)
            file.parent.chmod(0o500 if is_locked else 0o700)
        else:
            monkeypatch.setattr(database, "_may_be_written", lambda path: not is_locked)

    yield locked
    locked(False)


def names(library: Library) -> list[str]:
    return [entry.name for entry in library.designs(ANN)]


def test_it_is_shown_and_refuses_what_would_write_in_a_sentence(file: Path, lock: Lock) -> None:
    lock(True)
    with closing(Library(file)) as library:
        assert library.is_read_only
        assert names(library) == ["kept"]
        entry = library.designs(ANN)[0]
        assert library.open(entry.id, ANN).design.name == "kept"
        with pytest.raises(LibraryError, match="allow writing to it and its folder") as raised:
            library.rename(entry.id, ANN, "other")
        assert str(file.parent) not in str(raised.value)
        assert names(library) == ["kept"]


def test_it_is_written_to_as_soon_as_it_may_be(file: Path, lock: Lock) -> None:
    lock(True)
    with closing(Library(file)) as library:
        lock(False)
        assert not library.is_read_only
        library.rename(library.designs(ANN)[0].id, ANN, "other")
    with closing(Library(file)) as library:
        assert names(library) == ["other"]


def test_changes_that_wait_beside_the_file_are_seen_too(file: Path, lock: Lock) -> None:
    """A server that was killed leaves them in a file of SQLite's own."""
    other = Library(file)
    other.create(Design("newer"), ANN)
    lock(True)
    with closing(Library(file)) as library:
        assert sorted(names(library)) == ["kept", "newer"]
    lock(False)
    other.close()


def test_a_file_that_needs_to_be_brought_up_to_date_says_that_it_cannot_be(
    file: Path, lock: Lock
) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP TABLE versions")
        connection.execute("DROP TABLE tags")
        connection.execute("PRAGMA user_version = 2")
    lock(True)
    with pytest.raises(LibraryError, match="allow writing to it and its folder"):
        Library(file)


def test_a_copy_without_its_folder_of_work_is_read(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite may make no file beside it, as on a medium that cannot be written."""
    copy = tmp_path / "medium" / "library.sqlite"
    copy.parent.mkdir()
    shutil.copy(file, copy)
    connect, opened = database._connection, []

    def refusing(address: str) -> Any:
        opened.append(address)
        return connect(address) if "immutable" in address else Refusing()

    monkeypatch.setattr(database, "_connection", refusing)
    monkeypatch.setattr(database, "_may_be_written", lambda path: False)
    with closing(Library(copy)) as library:
        assert names(library) == ["kept"]
    assert len(opened) == 2


class Refusing:
    """What SQLite gives for a file in WAL mode beside which it may make none."""

    def execute(self, *_: object) -> None:
        raise sqlite3.OperationalError("unable to open database file")

    def close(self) -> None:
        """Nothing is open."""
