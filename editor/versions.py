"""The past of a design, to look at and to go back to: its revisions, and the names some have."""

import sqlite3
import time
from dataclasses import dataclass

from blocks import EditError
from editor.checks import check_text
from editor.database import Database, LibraryError
from editor.history import find

MOST_NAMED = 500
MAX_NAME = 80


@dataclass(frozen=True)
class Step:
    """A revision of a design: the edit that made it, when (seconds since 1970), and its name.

    The first one has the label "Created"; `name` is "" where it was given none.
    """

    revision: int
    label: str
    kind: str
    created: float
    name: str = ""


class Versions:
    """The revisions of the designs in a library.

    Raises:
        LibraryError: from every method, where the design is unknown or the file cannot be used.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def name(self, design_id: str, owner: str, revision: int, name: str) -> None:
        """Give a revision a name; "" takes it away.

        Raises:
            EditError: the name is too long or no text.
        """
        check_text("the version's name", name, MAX_NAME)
        with self._database.transaction() as db:
            newest = find(db, design_id, owner)["revision"]
            if not 0 <= revision <= newest:
                raise LibraryError(f"there is no revision {revision}; the newest is {newest}")
            if not name.strip():
                db.execute(
                    "DELETE FROM versions WHERE design = ? AND revision = ?", (design_id, revision)
                )
                return
            _refuse_too_many(db, design_id)
            db.execute(
                "INSERT INTO versions VALUES (?, ?, ?, ?) "
                "ON CONFLICT (design, revision) DO UPDATE SET name = excluded.name",
                (design_id, revision, name.strip(), time.time()),
            )

    def steps(self, design_id: str, owner: str, most: int = 200) -> list[Step]:
        """Return the last revisions and every named one, the newest first."""
        query = (
            "SELECT revisions.revision, label, kind, revisions.created, coalesce(name, '') "
            "FROM revisions LEFT JOIN versions USING (design, revision) "
            "WHERE design = ? AND (revisions.revision > ? OR name IS NOT NULL) "
            "ORDER BY revisions.revision DESC"
        )
        with self._database.reading() as db:
            row = find(db, design_id, owner)
            rows = db.execute(query, (design_id, row["revision"] - most))
            steps = [Step(*one) for one in rows]
            first = db.execute(
                "SELECT name FROM versions WHERE design = ? AND revision = 0", (design_id,)
            ).fetchone()
        name = first["name"] if first else ""
        if name or row["revision"] <= most:
            steps.append(Step(0, "Created", "create", row["created"], name))
        return steps


def _refuse_too_many(db: sqlite3.Connection, design_id: str) -> None:
    (count,) = db.execute("SELECT count(*) FROM versions WHERE design = ?", (design_id,)).fetchone()
    if count >= MOST_NAMED:
        raise EditError(f"a design may have {MOST_NAMED} named versions; take a name away first")
