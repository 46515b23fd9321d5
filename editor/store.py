"""The library: designs and every edit of them, kept so that nothing a person made is lost."""

import secrets
import sqlite3
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blocks import Design, Edit
from editor.backup import Restored, pack_library, unpack_library
from editor.checks import check_edit
from editor.database import Database, LibraryError
from editor.edits import Message, Refusal, read_messages
from editor.history import (
    Head,
    find,
    last_number,
    next_redo,
    next_undo,
    replayed,
    save_numbers,
    snapshot,
    take,
    take_edit,
)
from editor.own_shelf import elsewhere, keep, shelf
from editor.shelf import Shelf
from editor.versions import Versions

KEPT_IN_MEMORY = 32


@dataclass(frozen=True)
class StoredDesign:
    """A design at one revision, and the labels of the edits its owner can undo and redo."""

    id: str
    revision: int
    design: Design
    undo: str | None
    redo: str | None
    updated: float


@dataclass(frozen=True)
class Notice:
    """A sentence on something that was not done as asked; `id` is the same when it is repeated."""

    id: str
    message: str


@dataclass(frozen=True)
class Outcome:
    """The design after an outbox, the last number applied of each of its clients, the notices."""

    stored: StoredDesign
    acknowledged: dict[str, int]
    notices: tuple[Notice, ...]


def new_id() -> str:
    """Return an id that no design has."""
    return secrets.token_hex(8)


class Library(Shelf):
    """The designs in one SQLite file; which there are, its `Shelf` tells.

    Any number of threads and processes may use one file at once. Each method takes the owner and
    refuses what belongs to another. `most_designs` is how many one owner may have.

    Raises:
        LibraryError: from every method, where the design is unknown or the file cannot be used.
    """

    def __init__(self, path: Path, *, most_designs: int | None = None) -> None:
        super().__init__(Database(path), most_designs)
        self.versions = Versions(self._database)
        self._recent: OrderedDict[tuple[str, str], tuple[int, Design]] = OrderedDict()
        self._lock = threading.Lock()
        self.sweep()

    def close(self) -> None:
        self._database.close()

    def backup(self, owner: str) -> bytes:
        """Return all of an owner's designs with their histories as the content of a zip file."""
        return pack_library(self._database, owner)

    def take_backup(self, owner: str, content: bytes) -> Restored:
        """Bring the designs of a backup back, all of them or, with a sentence, none."""
        restored = unpack_library(self._database, owner, content, self.require_room)
        with self._lock:  # a design that was gone may be another one now
            self._recent.clear()
        return restored

    def create(self, design: Design, owner: str, origin: str = "", design_id: str = "") -> str:
        """Store a new design and return its id; `origin` says what it grew from.

        `design_id` is an id made by `new_id`, for a design that was shown before it was stored.
        """
        design_id, now = design_id or new_id(), time.time()
        with self._database.transaction() as db:
            db.execute(
                "INSERT INTO designs VALUES (?, ?, ?, 0, ?, ?, ?, NULL)",
                (design_id, owner, design.name, origin, now, now),
            )
            snapshot(db, design_id, 0, design)
            keep(db, design_id, design.definitions)
            self.require_room(db, owner)
        return design_id

    def open(self, design_id: str, owner: str) -> StoredDesign:
        """Return a design as it is now."""
        with self._database.reading() as db:
            stored = self._stored(db, self._head(db, design_id, owner))
        self._remember(stored, owner)
        return stored

    def knows(self, design_id: str) -> bool:
        """Tell whether there is or was a design of an id, whoever owns it."""
        with self._database.reading() as db:
            query = "SELECT 1 FROM designs WHERE id = ?"
            return db.execute(query, (design_id,)).fetchone() is not None

    def revision(self, design_id: str, owner: str) -> int:
        """Return the number of a design's newest revision: the cheap way to see a change."""
        with self._database.reading() as db:
            return int(find(db, design_id, owner)["revision"])

    def revisions(self, design_ids: set[str]) -> dict[str, int]:
        """Return the newest revision of designs by id, without those that are not there."""
        marks = ",".join("?" * len(design_ids))
        query = f"SELECT id, revision FROM designs WHERE id IN ({marks}) AND deleted IS NULL"
        with self._database.reading() as db:
            return dict(db.execute(query, tuple(design_ids)).fetchall())

    def at(self, design_id: str, owner: str, revision: int) -> Design:
        """Return a design as it was at one of its revisions."""
        with self._database.reading() as db:
            newest = find(db, design_id, owner)["revision"]
            if not 0 <= revision <= newest:
                raise LibraryError(f"there is no revision {revision}; the newest is {newest}")
            return replayed(db, design_id, revision, None)

    def template_of(self, design_id: str, owner: str) -> str:
        """Return the id of the template a design, or what it was copied from, began as, or ""."""
        line = (
            "WITH RECURSIVE line (origin) AS ("
            "  SELECT origin FROM designs WHERE id = ? AND owner = ?"
            "  UNION SELECT designs.origin FROM line JOIN designs"
            "    ON designs.id = substr(line.origin, 1, instr(line.origin, '/') - 1)"
            ") SELECT substr(origin, 10) FROM line WHERE origin LIKE 'template/%'"
        )
        with self._database.reading() as db:
            row = db.execute(line, (design_id, owner)).fetchone()
        return str(row[0]) if row else ""

    def apply_outbox(self, design_id: str, owner: str, messages: object) -> Outcome:
        """Apply the unseen messages of an outbox in order, in one transaction.

        `messages` may be anything a browser sends. A message whose number is not above the last
        of its client was applied before and is skipped. An edit that cannot be applied is
        acknowledged too, and comes back as a notice.
        """
        notices: list[Notice] = []
        acknowledged: dict[str, int] = {}
        with self._database.transaction() as db:
            head = self._head(db, design_id, owner)
            for message in read_messages(messages):
                if isinstance(message, Refusal):
                    notices.append(Notice(secrets.token_hex(8), message.fault))
                    continue
                client, number = message.client, message.number
                last = acknowledged.get(client) or last_number(db, design_id, client)
                acknowledged[client] = max(last, number)
                if number > last:
                    sentences = take(db, head, message)
                    notices += [
                        Notice(f"{client}-{number}-{index}", sentence)
                        for index, sentence in enumerate(sentences)
                    ]
            save_numbers(db, design_id, acknowledged)
            stored = self._stored(db, head)
        self._remember(stored, owner)
        return Outcome(stored, acknowledged, tuple(notices))

    def edit(self, design_id: str, owner: str, label: str, edit: Edit) -> StoredDesign:
        """Apply an edit that a page makes itself; it can be undone like any other.

        Raises:
            EditError: it does not apply.
        """
        with self._database.transaction() as db:
            head = self._head(db, design_id, owner)
            take_edit(db, head, Message("", 0, "edit", label, check_edit(edit)))
            stored = self._stored(db, head)
        self._remember(stored, owner)
        return stored

    def rename(self, design_id: str, owner: str, name: str) -> StoredDesign:
        """Give a design another name, as an edit.

        Raises:
            EditError: the name is too long or no text.
        """
        return self.edit(design_id, owner, "Rename the design", {"name": name})

    def own_elsewhere(self, stored: StoredDesign, owner: str) -> list[dict[str, Any]]:
        """Return palette entries of the own blocks in an owner's other designs."""
        with self._database.reading() as db:
            found = elsewhere(db, owner, stored.id)
        return shelf(found, stored.design)

    def acknowledged(self, design_id: str, client: str) -> int:
        """Return the last number of a client that is stored, 0 where there is none."""
        with self._database.reading() as db:
            return last_number(db, design_id, client)

    def names_weights(self, weights_id: str) -> bool:
        """Tell whether any revision of any design, or the way back from one, names such weights."""
        query = (
            "SELECT 1 WHERE EXISTS (SELECT 1 FROM snapshots WHERE instr(document, :id)) "
            "OR EXISTS (SELECT 1 FROM revisions WHERE instr(edit, :id) OR instr(inverse, :id))"
        )
        with self._database.reading() as db:
            return db.execute(query, {"id": weights_id}).fetchone() is not None

    def _head(self, db: sqlite3.Connection, design_id: str, owner: str) -> Head:
        revision = find(db, design_id, owner)["revision"]
        with self._lock:
            known = self._recent.get((design_id, owner))
        design = replayed(db, design_id, revision, known)
        return Head(design_id, owner, revision, design)

    def _stored(self, db: sqlite3.Connection, head: Head) -> StoredDesign:
        undo, redo = next_undo(db, head), next_redo(db, head)
        return StoredDesign(
            head.id,
            head.revision,
            head.design,
            undo["label"] if undo else None,
            redo["label"] if redo else None,
            find(db, head.id, head.owner)["updated"],
        )

    def _remember(self, stored: StoredDesign, owner: str) -> None:
        """Keep a committed design in memory, so that the next edit needs no replay."""
        with self._lock:
            self._recent[stored.id, owner] = (stored.revision, stored.design)
            self._recent.move_to_end((stored.id, owner))
            while len(self._recent) > KEPT_IN_MEMORY:
                self._recent.popitem(last=False)
