"""The designs of a library as a list: their tags, and the ones put away until they are emptied."""

import sqlite3
import time
from dataclasses import dataclass

from blocks import EditError
from editor.checks import check_text
from editor.database import Database, LibraryError
from editor.history import find

KEPT_SECONDS = 30 * 24 * 3600
MAX_TAG = 40
MAX_TAGS = 20


@dataclass(frozen=True)
class Entry:
    """A line of the list of designs; times are in seconds since 1970."""

    id: str
    name: str
    revision: int
    created: float
    updated: float
    tags: tuple[str, ...] = ()
    deleted: float = 0.0


def _entry(row: sqlite3.Row) -> Entry:
    tags = tuple(sorted(row["tags"].split("\n"))) if row["tags"] else ()
    fields = row["id"], row["name"], row["revision"], row["created"], row["updated"]
    return Entry(*fields, tags, row["deleted"] or 0.0)


class Shelf:
    """Which designs there are. Each method takes the owner and refuses what belongs to another."""

    def __init__(self, database: Database, most_designs: int | None = None) -> None:
        self._database, self._most = database, most_designs

    @property
    def is_read_only(self) -> bool:
        """Whether the library's file, or its folder, may only be read."""
        return self._database.is_read_only

    def require_room(self, db: sqlite3.Connection, owner: str) -> None:
        """Refuse, inside the transaction that added one, more designs than an owner may have.

        Raises:
            LibraryError: there are more.
        """
        query = "SELECT count(*) FROM designs WHERE owner = ? AND deleted IS NULL"
        (count,) = db.execute(query, (owner,)).fetchone()
        if self._most is not None and count > self._most:
            raise LibraryError(
                f"a person may have {self._most:,} designs on this server; delete some first"
            )

    def designs(self, owner: str) -> list[Entry]:
        """Return an owner's designs, the last edited one first."""
        return self._entries(owner, "deleted IS NULL ORDER BY updated DESC, rowid DESC")

    def deleted(self, owner: str) -> list[Entry]:
        """Return an owner's deleted designs, the last deleted one first."""
        return self._entries(owner, "deleted IS NOT NULL ORDER BY deleted DESC, rowid DESC")

    def _entries(self, owner: str, condition: str) -> list[Entry]:
        query = (
            "SELECT id, name, revision, created, updated, "
            "(SELECT group_concat(tag, char(10)) FROM tags WHERE design = designs.id) AS tags, "
            f"deleted FROM designs WHERE owner = ? AND {condition}"
        )
        with self._database.reading() as db:
            rows = db.execute(query, (owner,)).fetchall()
        return [_entry(row) for row in rows]

    def tag(self, design_id: str, owner: str, tags: list[str]) -> None:
        """Give a design these tags and no others.

        Raises:
            EditError: a tag is too long or no text, or they are too many.
        """
        wanted = sorted({" ".join(tag.split()) for tag in tags} - {""})
        for tag in wanted:
            check_text("a tag", tag, MAX_TAG)
        if len(wanted) > MAX_TAGS:
            raise EditError(f"a design may have {MAX_TAGS} tags, got {len(wanted)}")
        with self._database.transaction() as db:
            find(db, design_id, owner)
            db.execute("DELETE FROM tags WHERE design = ?", (design_id,))
            db.executemany("INSERT INTO tags VALUES (?, ?)", [(design_id, tag) for tag in wanted])

    def delete(self, design_id: str, owner: str) -> None:
        """Put a design away; `restore` brings it back, with its history, for 30 days."""
        with self._database.transaction() as db:
            find(db, design_id, owner)
            db.execute("UPDATE designs SET deleted = ? WHERE id = ?", (time.time(), design_id))

    def restore(self, design_id: str, owner: str) -> None:
        """Bring a deleted design back."""
        with self._database.transaction() as db:
            changed = db.execute(
                "UPDATE designs SET deleted = NULL WHERE id = ? AND owner = ?", (design_id, owner)
            )
            if not changed.rowcount:
                raise LibraryError(f"there is no design {design_id!a:.60} to bring back")
            self.require_room(db, owner)

    def empty(self, owner: str) -> int:
        """Remove an owner's deleted designs for good; return how many."""
        with self._database.transaction() as db:
            query = "DELETE FROM designs WHERE owner = ? AND deleted IS NOT NULL"
            return db.execute(query, (owner,)).rowcount

    def sweep(self) -> None:
        """Remove for good what was deleted more than 30 days ago, whoever it belonged to."""
        before = time.time() - KEPT_SECONDS
        query = "SELECT 1 FROM designs WHERE deleted < ? LIMIT 1"
        with self._database.reading() as db:
            if db.execute(query, (before,)).fetchone() is None:
                return
        with self._database.transaction() as db:
            db.execute("DELETE FROM designs WHERE deleted < ?", (before,))
