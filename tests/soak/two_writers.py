"""Several writers on one library: processes racing with edits while another takes backups."""

import random
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from editor.store import Library
from tests.soak import Row, run
from tests.soak._victim import Victim
from tests.soak.kill_store import DESIGN, OWNER, drawn

Tell = Callable[[Any], None]


def add_blocks(tell: Tell, path: Path, client: str, count: int) -> None:
    """Add a block after the other to the same design, each edit saved before the next."""
    library = Library(path)
    for number in range(1, count + 1):
        name = f"{client}_{number}"
        edit = {"nodes": {name: {"block": "Conv", "name": name}}}
        message = {"client": client, "number": number, "kind": "edit", "edit": edit}
        # Sent twice now and then, as a canvas does that did not hear the answer.
        for _ in range(random.choice((1, 1, 2))):
            outcome = library.apply_outbox(DESIGN, OWNER, [message])
            tell((outcome.acknowledged[client], [notice.message for notice in outcome.notices]))


def take_backups(tell: Tell, path: Path, count: int) -> None:
    """Back the library up in mid-race; every backup can be brought back, whatever is written."""
    library = Library(path)
    for number in range(count):
        with tempfile.TemporaryDirectory() as folder:
            content = library.backup(OWNER)
            with closing(Library(Path(folder) / "other.sqlite")) as other:
                restored = other.take_backup(OWNER, content)
                (entry,) = other.designs(OWNER)
                found = other.open(DESIGN, OWNER)
        whole = len(found.design.nodes) == 3 + found.revision and not restored.sentences
        tell((number, whole, entry.revision))


def soak(count: int = 200) -> list[Row]:
    """Let two processes save `count` edits each while a third takes a tenth as many backups."""
    edits = Row("edits of two processes racing on one design")
    answers = Row("answers to them: acknowledged, without a complaint")
    backups = Row("backups taken meanwhile and brought back elsewhere")
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "library.sqlite"
        library = Library(path)
        library.create(drawn(), OWNER, design_id=DESIGN)
        writers = {client: Victim(add_blocks, path, client, count) for client in ("left", "right")}
        saver = Victim(take_backups, path, max(1, count // 10))
        for client, writer in writers.items():
            for number, complaints in writer.rest():
                answers.check(not complaints, f"{client}-{number}: {complaints}")
        for number, whole, revision in saver.rest():
            backups.check(whole, f"backup {number} at revision {revision} is not whole")
        names = library.open(DESIGN, OWNER).design.names()
        for client in writers:
            for number in range(1, count + 1):
                edits.check(f"{client}_{number}" in names, f"edit {number} of {client} is lost")
        revision = library.revision(DESIGN, OWNER)
        edits.check(revision == 2 * count, f"{revision} revisions for {2 * count} edits")
        library.close()
    return [edits, answers, backups]


if __name__ == "__main__":
    run(soak, 200, "Several writers on one library")
