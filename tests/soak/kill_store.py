"""Kill -9 in a loop: a process that saves edits, restores backups, writes exports and keeps data.

The killer knows what was acknowledged before each kill, and looks afterwards with fresh eyes.
"""

import hashlib
import io
import json
import os
import random
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from blocks import (
    Classifier,
    Conv,
    Design,
    Image,
    describe_data,
    export,
    keep_data,
    own_data,
    sweep,
)
from editor.store import Library
from tests.soak import Row, run
from tests.soak._victim import Victim

OWNER, DESIGN = "ann", "tiny"
KILLS_PER_LIBRARY = 25
LONGEST = 0.1
TEXTS = ("python", "json", "dot", "table_md", "mermaid")

Tell = Callable[[Any], None]


def drawn(filters: int = 16) -> Design:
    return (
        Design("tiny")
        .add("photo", Image(height=32, width=32, channels=3))
        .add("stem", Conv(filters=filters), after="photo")
        .add("head", Classifier(classes=10), after="stem")
    )


def fingerprint(design: Design) -> str:
    return hashlib.sha256(json.dumps(design.to_json(), sort_keys=True).encode()).hexdigest()


def messages_of(number: int) -> list[dict[str, Any]]:
    """Return the outbox that ends with a number: edits, undo and redo, several at once."""
    (stem,) = (node_id for node_id, node in drawn().nodes.items() if node.name == "stem")

    def message(kind: str, **more: Any) -> dict[str, Any]:
        return {"client": "tab", "number": number, "kind": kind, "label": f"edit {number}", **more}

    match number % 6:
        case 0:
            name = f"conv_{number}"
            return [message("edit", edit={"nodes": {name: {"block": "Conv", "name": name}}})]
        case 3:
            return [message("undo")]
        case 4:
            return [message("redo")]
        case 5:
            return [message("edit", edit={"name": f"design {number}"})]
        case _:
            change = {"nodes": {stem: {"params": {"filters": 1 + number % 512}}}}
            return [message("edit", edit=change)]


def save_edits(tell: Tell, path: Path, design_id: str) -> None:
    """Save edits one after the other, and say of each when it begins and when it is saved."""
    library = Library(path)
    if not library.knows(design_id):
        library.create(drawn(), OWNER, design_id=design_id)
    number = library.acknowledged(design_id, "tab")
    while True:
        number += 1
        tell(("begun", number, 0, ""))
        stored = library.apply_outbox(design_id, OWNER, messages_of(number)).stored
        tell(("saved", number, stored.revision, fingerprint(stored.design)))


def restore_backups(tell: Tell, path: Path, content: bytes) -> None:
    """Bring a backup back for one person after the other."""
    library, start = Library(path), random.randrange(10**9)
    for person in range(start, start + 10**6):
        tell(("begun", f"person {person}"))
        library.take_backup(f"person {person}", content)
        tell(("saved", f"person {person}"))


def write_exports(tell: Tell, folder: Path) -> None:
    """Export one design over the other, in every format of text."""
    for number in range(10**6):
        for format_id in TEXTS:
            tell(format_id)
            export(drawn(16 + number % 2), format_id, folder / format_id)


def keep_uploads(tell: Tell, home: Path) -> None:
    """Keep one data set after the other."""
    os.environ["BLOCKWRIGHT_HOME"] = str(home)
    for number in range(random.randrange(10**9), 2 * 10**9):
        tell(number)
        keep_data(f"set_{number}.npz", _data(number))


def _data(number: int) -> bytes:
    content = io.BytesIO()
    x = np.full((200, 8, 8, 1), number, np.float64)
    np.savez(content, x=x, y=np.arange(200) % 10)
    return content.getvalue()


def kill_saving(folder: Path, count: int, rows: dict[str, Row]) -> None:
    """Kill a process that saves edits; count every acknowledged one that is not there."""
    in_flight = committed = 0
    for number in range(count):
        path = folder / f"{number // KILLS_PER_LIBRARY}" / "library.sqlite"
        told = Victim(save_edits, path, DESIGN).kill(LONGEST)
        begun = max((n for what, n, *_ in told if what == "begun"), default=0)
        saved = [(n, revision, print_) for what, n, revision, print_ in told if what == "saved"]
        in_flight += begun > max((n for n, *_ in saved), default=0)
        committed += _look_at_saves(path, saved, begun, rows)
    rows["kills"].note = f"{in_flight} in the middle of a save, {committed} of these came through"


def _look_at_saves(
    path: Path,
    saved: list[tuple[int, int, str]],
    begun: int,
    rows: dict[str, Row],
) -> bool:
    """Compare what is stored with what was acknowledged; tell whether one more was stored."""
    with closing(Library(path)) as library:
        rows["kills"].check(not (fault := _damage(path)), f"{path}: {fault}")
        if not library.knows(DESIGN):  # killed before it was there
            rows["saves"].check(not saved, f"the design of {path} is lost")
            return False
        last = library.acknowledged(DESIGN, "tab")
        for number, revision, wanted in saved:
            there = number <= last and fingerprint(library.at(DESIGN, OWNER, revision))
            rows["saves"].check(there == wanted, f"edit {number} of {path} is lost or another")
        newest = library.open(DESIGN, OWNER)
    acknowledged = max((number for number, *_ in saved), default=0)
    whole = last <= begun or not begun
    rows["histories"].check(
        whole and fingerprint(newest.design) == _from_the_beginning(path),
        f"{path}: the present state is not what all edits lead to",
    )
    return last > acknowledged > 0


def _damage(path: Path) -> str:
    """Return what is torn in a library, read with SQLite alone; "" where nothing is."""
    with closing(sqlite3.connect(path)) as db:
        (answer,) = db.execute("PRAGMA integrity_check").fetchone()
        if answer != "ok":
            return str(answer)
        if db.execute("PRAGMA foreign_key_check").fetchone():
            return "a row without its design"
        query = (
            "SELECT id FROM designs WHERE revision <> "
            "(SELECT count(*) FROM revisions WHERE design = id) OR revision <> "
            "coalesce((SELECT max(revision) FROM revisions WHERE design = id), 0) OR revision <> "
            "coalesce((SELECT max(number) FROM clients WHERE design = id), 0)"
        )
        torn = db.execute(query).fetchall()
    return f"half a transaction in {torn}" if torn else ""


def _from_the_beginning(path: Path) -> str:
    """Follow every edit from the first state on, without the snapshots between."""
    with closing(sqlite3.connect(path)) as db:
        query = "SELECT document FROM snapshots WHERE design = ? AND revision = 0"
        design = Design.from_json(json.loads(*db.execute(query, (DESIGN,)).fetchone()))
        query = "SELECT edit FROM revisions WHERE design = ? ORDER BY revision"
        for (edit,) in db.execute(query, (DESIGN,)).fetchall():
            design, _ = design.apply(json.loads(edit))
    return fingerprint(design)


def kill_restoring(folder: Path, count: int, row: Row) -> None:
    """Kill a process that restores backups; of each, all designs are there or none."""
    with closing(Library(folder / "source.sqlite")) as source:
        for _ in range(12):
            source.create(drawn(), OWNER)
        content = source.backup(OWNER)
    for number in range(count):
        path = folder / f"restored_{number // KILLS_PER_LIBRARY}.sqlite"
        told = Victim(restore_backups, path, content).kill(LONGEST)
        saved = {person for what, person in told if what == "saved"}
        with closing(Library(path)) as library:
            found = {person: len(library.designs(person)) for _, person in told}
        halves = {n for n in found.values() if n not in (0, 12)}
        lost = {person for person in saved if found[person] != 12}
        row.check(not halves and not lost, f"{path}: {halves or lost} after a kill")


def kill_exporting(folder: Path, count: int, row: Row) -> None:
    """Kill a process that writes files over old ones; each is an old one, a new one or none."""
    good = {name: {export(drawn(16), name), export(drawn(17), name)} for name in TEXTS}
    for _ in range(count):
        Victim(write_exports, folder).kill(LONGEST)
        torn = [
            name
            for name in TEXTS
            if (folder / name).exists() and (folder / name).read_text("utf-8") not in good[name]
        ]
        row.check(not torn, f"half a file: {torn}")


def kill_keeping(folder: Path, count: int, row: Row) -> None:
    """Kill a process that keeps uploads; what the page offers afterwards is whole."""
    seen: set[Path] = set()
    with patch.dict(os.environ, BLOCKWRIGHT_HOME=str(folder)):
        for _ in range(count):
            Victim(keep_uploads, folder).kill(LONGEST)
            fresh = set(own_data()) - seen
            seen |= fresh
            torn = [path for path in fresh if describe_data(str(path)).count != 200]
            row.check(not torn, f"half a data set: {torn}")


def sweep_up(folder: Path, row: Row) -> None:
    """Let the left-overs of the kills grow old; the sweep at a server's start removes them."""
    left = [path for path in folder.rglob(".*") if path.is_file()]
    for path in left:
        os.utime(path, (0, 0))
    sweep(folder, deep=True)
    for path in left:
        row.check(not path.exists(), f"{path} is never removed")


def soak(count: int = 500) -> list[Row]:
    """Kill `count` times while edits are saved, and a fifth as often at each other kind of work."""
    rows = {
        "kills": Row("kill -9 of a process that saves edits: the file"),
        "saves": Row("edits acknowledged before a kill"),
        "histories": Row("histories followed from the first edit to the last"),
    }
    others = {
        "backups": (Row("kill -9 while a backup is restored: all of it or none"), kill_restoring),
        "exports": (Row("kill -9 while files are exported over old ones"), kill_exporting),
        "uploads": (Row("kill -9 while a person's data is kept"), kill_keeping),
    }
    left_over = Row("half-written files left by kills, an hour later")
    with tempfile.TemporaryDirectory() as place:
        kill_saving(Path(place), count, rows)
        for name, (row, kill) in others.items():
            folder = Path(place) / name
            folder.mkdir()
            kill(folder, max(1, count // 5), row)
        sweep_up(Path(place), left_over)
    return [*rows.values(), *(row for row, _ in others.values()), left_over]


if __name__ == "__main__":
    run(soak, 500, "Kills of processes that store a person's work")
