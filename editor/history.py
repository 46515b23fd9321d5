"""The history of a design in the library: its states, its edits, and the ways back and forth.

Every function works inside a transaction of `editor.database`.
"""

import json
import sqlite3
import time
from dataclasses import dataclass, replace
from typing import Any

from blocks import Design, Edit, EditError
from editor.database import LibraryError
from editor.edits import Message, grow, renamed
from editor.own_shelf import keep

SNAPSHOT_EVERY = 20


@dataclass
class Head:
    """A design while a transaction adds revisions to it."""

    id: str
    owner: str
    revision: int
    design: Design


def find(db: sqlite3.Connection, design_id: str, owner: str) -> sqlite3.Row:
    row = db.execute("SELECT * FROM designs WHERE id = ?", (design_id,)).fetchone()
    if row is None or row["owner"] != owner:
        # The same words for both: whether another person has such a design is theirs to tell.
        raise LibraryError(f"there is no design {design_id!a:.60} in your library")
    if row["deleted"] is not None:
        raise LibraryError(f"the design {row['name']!a:.80} was deleted; restore it in the library")
    return row  # type: ignore[no-any-return]


def replayed(
    db: sqlite3.Connection, design_id: str, revision: int, known: tuple[int, Design] | None
) -> Design:
    """Return a design at a revision, from the nearest state before it and the edits since."""
    if known is None or known[0] > revision:
        row = db.execute(
            "SELECT revision, document FROM snapshots WHERE design = ? AND revision <= ? "
            "ORDER BY revision DESC LIMIT 1",
            (design_id, revision),
        ).fetchone()
        known = (row["revision"], Design.from_json(json.loads(row["document"])))
    start, design = known
    edits = db.execute(
        "SELECT edit FROM revisions WHERE design = ? AND revision > ? AND revision <= ? "
        "ORDER BY revision",
        (design_id, start, revision),
    )
    for (edit,) in edits:
        design, _ = design.apply(json.loads(edit))
    return design


def take(db: sqlite3.Connection, head: Head, message: Message) -> list[str]:
    """Apply a message to the head; return the sentences there are to say about it."""
    try:
        if message.request:
            label, edit = message.request.label(head.design), message.request.edit(head.design)
            message = replace(message, kind="edit", label=label, edit=edit)
        if message.kind == "edit":
            return take_edit(db, head, message)
        return _take_back(db, head, message)
    except EditError as error:
        return [str(error)]


def take_edit(db: sqlite3.Connection, head: Head, message: Message) -> list[str]:
    if message.edit is None:
        raise EditError(message.fault)
    after, inverse = grow(head.design, message.edit)
    inverse = _with_continued(db, head, message, inverse)
    db.execute(
        "UPDATE revisions SET state = 'closed' WHERE design = ? AND owner = ? AND state = 'undone'",
        (head.id, head.owner),
    )
    _commit(db, head, after, message, message.edit, inverse)
    return renamed(message.edit, after)


def _with_continued(db: sqlite3.Connection, head: Head, message: Message, inverse: Edit) -> Edit:
    """Return what takes back an edit and, if it continues the one before, that one too."""
    if not message.continues:
        return inverse
    row = db.execute(
        "SELECT revision, inverse FROM revisions WHERE design = ? AND client = ? AND number = ? "
        "AND owner = ? AND state = 'done'",
        (head.id, message.client, message.number - 1, head.owner),
    ).fetchone()
    if row is None:
        return inverse
    _set_state(db, head, row["revision"], "closed", row["inverse"])
    both: Edit = _overlaid(inverse, json.loads(row["inverse"]))
    return both


def _overlaid(later: Any, earlier: Any) -> Any:
    """Return the later inverse with all that the earlier one says in its place."""
    if not isinstance(later, dict) or not isinstance(earlier, dict):
        return earlier
    shared = {key: _overlaid(later[key], earlier[key]) for key in later.keys() & earlier.keys()}
    return {**later, **earlier, **shared}


def _take_back(db: sqlite3.Connection, head: Head, message: Message) -> list[str]:
    """Undo or redo: apply the inverse of an edit (or of its undo) to the design as it is now."""
    undoing = message.kind == "undo"
    row = next_undo(db, head) if undoing else next_redo(db, head)
    if row is None:
        return [f"there is nothing to {message.kind}"]
    edit = json.loads(row["inverse"])
    try:
        after, inverse = head.design.apply(edit)
    except EditError as error:
        _set_state(db, head, row["revision"], "closed", row["inverse"])
        return [f"{message.kind} of {row['label']!r} no longer applies: {error}"]
    # The edit's row keeps what takes it the other way next time, others' edits included.
    _set_state(db, head, row["revision"], "undone" if undoing else "done", compact(inverse))
    _commit(db, head, after, message, edit, inverse, label=row["label"])
    return []


def _commit(
    db: sqlite3.Connection,
    head: Head,
    after: Design,
    message: Message,
    edit: Edit,
    inverse: Edit,
    label: str = "",
) -> None:
    """Write the next revision of a design and move the head to it."""
    now = time.time()
    if after.definitions != head.design.definitions:
        keep(db, head.id, after.definitions)
    head.revision, head.design = head.revision + 1, after
    db.execute(
        "INSERT INTO revisions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(head.id, head.revision, head.revision - 1, head.owner),
            *(message.client, message.number, message.kind, label or message.label),
            *(compact(edit), compact(inverse), now, "done" if message.kind == "edit" else "closed"),
        ),
    )
    db.execute(
        "UPDATE designs SET name = ?, revision = ?, updated = ? WHERE id = ?",
        (after.name, head.revision, now, head.id),
    )
    if head.revision % SNAPSHOT_EVERY == 0:
        snapshot(db, head.id, head.revision, after)


def snapshot(db: sqlite3.Connection, design_id: str, revision: int, design: Design) -> None:
    document = compact(design.to_json())
    db.execute("INSERT INTO snapshots VALUES (?, ?, ?)", (design_id, revision, document))


def next_undo(db: sqlite3.Connection, head: Head) -> sqlite3.Row | None:
    return _newest(db, head, "done", "DESC")


def next_redo(db: sqlite3.Connection, head: Head) -> sqlite3.Row | None:
    # Undone edits are always the newest of their owner, so the one undone last is the oldest.
    return _newest(db, head, "undone", "ASC")


def _newest(db: sqlite3.Connection, head: Head, state: str, order: str) -> sqlite3.Row | None:
    return db.execute(  # type: ignore[no-any-return]
        "SELECT revision, label, inverse FROM revisions "
        f"WHERE design = ? AND owner = ? AND state = ? ORDER BY revision {order} LIMIT 1",
        (head.id, head.owner, state),
    ).fetchone()


def _set_state(db: sqlite3.Connection, head: Head, revision: int, state: str, inverse: str) -> None:
    db.execute(
        "UPDATE revisions SET state = ?, inverse = ? WHERE design = ? AND revision = ?",
        (state, inverse, head.id, revision),
    )


def last_number(db: sqlite3.Connection, design_id: str, client: str) -> int:
    row = db.execute(
        "SELECT number FROM clients WHERE design = ? AND client = ?", (design_id, client)
    ).fetchone()
    return row["number"] if row else 0


def save_numbers(db: sqlite3.Connection, design_id: str, numbers: dict[str, int]) -> None:
    db.executemany(
        "INSERT INTO clients VALUES (?, ?, ?) "
        "ON CONFLICT (design, client) DO UPDATE SET number = max(number, excluded.number)",
        [(design_id, client, number) for client, number in numbers.items()],
    )


def compact(value: Any) -> str:
    """Return a value as JSON, as short as it can be."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
