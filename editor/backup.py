"""Everything a person has in the library as one file, and the way back from it.

The file is a zip archive: `manifest.json`, and for every design `designs/<id>.json` with its
present document, its first one, every edit since, its named versions and its tags.
"""

import io
import json
import sqlite3
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from editor.backup_check import FORMAT, MAX_MEMBER, VERSION, Kept, kept_designs
from editor.database import Database
from editor.history import SNAPSHOT_EVERY, compact, replayed, snapshot
from editor.own_shelf import keep

REVISION = ("revision", "client", "number", "kind", "label", "edit", "inverse", "created", "state")


@dataclass(frozen=True)
class Restored:
    """How many designs a backup brought, and how many of its designs were there already."""

    brought: int
    present: int
    sentences: tuple[str, ...] = ()


def pack_library(database: Database, owner: str) -> bytes:
    """Return an owner's designs, the deleted ones left out, as the content of a zip file."""
    content = io.BytesIO()
    with database.reading() as db, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        rows = db.execute(
            "SELECT * FROM designs WHERE owner = ? AND deleted IS NULL ORDER BY id", (owner,)
        ).fetchall()
        about = {"format": FORMAT, "version": VERSION, "created": time.time(), "designs": len(rows)}
        file.writestr("manifest.json", json.dumps(about))
        for row in rows:
            file.writestr(f"designs/{row['id']}.json", _member(_packed(db, row)))
    return content.getvalue()


def _member(packed: dict[str, Any]) -> str:
    """Write a design as its file in a backup; without a history that no backup could bring back."""
    text = json.dumps(packed)
    return text if len(text) <= MAX_MEMBER else json.dumps({**packed, "revisions": []})


def _packed(db: sqlite3.Connection, row: sqlite3.Row) -> dict[str, Any]:
    def rows(query: str) -> list[dict[str, Any]]:
        return [dict(one) for one in db.execute(query, (row["id"],))]

    (first,) = rows("SELECT document FROM snapshots WHERE design = ? AND revision = 0")
    revisions = rows(
        f"SELECT {', '.join(REVISION)} FROM revisions WHERE design = ? ORDER BY revision"
    )
    for one in revisions:
        one["edit"], one["inverse"] = json.loads(one["edit"]), json.loads(one["inverse"])
    return {
        **{key: row[key] for key in ("name", "revision", "origin", "created", "updated")},
        "document": replayed(db, row["id"], row["revision"], None).to_json(),
        "first": json.loads(first["document"]),
        "revisions": revisions,
        "clients": rows("SELECT client, number FROM clients WHERE design = ?"),
        "versions": rows("SELECT revision, name, created FROM versions WHERE design = ?"),
        "tags": [one["tag"] for one in rows("SELECT tag FROM tags WHERE design = ?")],
    }


def unpack_library(
    database: Database,
    owner: str,
    content: bytes,
    require_room: Callable[[sqlite3.Connection, str], None],
) -> Restored:
    """Bring the designs of a backup back, with their histories; all of them or none.

    A design that is still there, or has gone on since, is left as it is. One whose id is taken by
    another gets a new one. `require_room(db, owner)` refuses more than an owner may have.

    Raises:
        LibraryError: the file is no backup, damaged, or goes past a limit; nothing is changed.
    """
    designs = kept_designs(content)
    sentences = [
        f"{kept.design.name}: its history could not be followed, so it came without"
        for kept in designs
        if not kept.revisions and kept.about["revision"]
    ]
    with database.transaction() as db:
        written = [_write(db, owner, kept) for kept in designs]
        require_room(db, owner)
    return Restored(sum(written), len(written) - sum(written), tuple(sentences))


def _write(db: sqlite3.Connection, owner: str, kept: Kept) -> bool:
    """Write a design unless it is there; tell whether it was written."""
    about, newest = kept.about, len(kept.revisions)
    row = db.execute("SELECT * FROM designs WHERE id = ?", (kept.id,)).fetchone()
    if row and _goes_on(row, owner, kept):
        return False
    design_id = _free_id(db) if row else kept.id
    db.execute(
        "INSERT INTO designs VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
        (
            *(design_id, owner, kept.design.name, newest),
            *(about["origin"], about["created"], about["updated"]),
        ),
    )
    _write_states(db, design_id, owner, kept)
    keep(db, design_id, kept.design.definitions)
    named = [one for one in about["versions"] if one[0] <= newest]
    for table, rows in (
        ("clients VALUES (?, ?, ?)", about["clients"]),
        ("versions VALUES (?, ?, ?, ?)", named),
        ("tags VALUES (?, ?)", [(tag,) for tag in about["tags"]]),
    ):
        db.executemany(f"INSERT OR IGNORE INTO {table}", [(design_id, *row) for row in rows])
    return True


def _goes_on(row: sqlite3.Row, owner: str, kept: Kept) -> bool:
    """Tell whether a design of the library is the one of the backup, then or later.

    One that came without its history counts its revisions anew: its last change tells there.
    """
    is_same = row["owner"] == owner and row["created"] == kept.about["created"]
    if not is_same or row["deleted"] is not None:
        return False
    is_later = row["revision"] >= kept.about["revision"]
    return is_later or (not kept.revisions and row["updated"] >= kept.about["updated"])


def _free_id(db: sqlite3.Connection) -> str:
    (design_id,) = db.execute("SELECT lower(hex(randomblob(8)))").fetchone()
    return str(design_id)


def _write_states(db: sqlite3.Connection, design_id: str, owner: str, kept: Kept) -> None:
    """Write the first state, every edit, and the states between that make reading quick."""
    design = kept.first if kept.revisions else kept.design
    snapshot(db, design_id, 0, design)
    for one in kept.revisions:
        number, edit = one["revision"], one["edit"]
        design, _ = design.apply(edit)
        db.execute(
            "INSERT INTO revisions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(design_id, number, number - 1, owner),
                *(one["client"], one["number"], one["kind"], one["label"]),
                *(compact(edit), compact(one["inverse"]), one["created"], one["state"]),
            ),
        )
        if number % SNAPSHOT_EVERY == 0:
            snapshot(db, design_id, number, design)
