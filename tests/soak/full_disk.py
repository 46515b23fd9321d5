"""A full disk under everything that writes: a sentence, nothing lost, and on it goes after.

The person's folder lies on a small tmpfs; what is done on the pages is tried in `full_disk_pages`.
"""

import io
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from typing import Any

import numpy as np

from blocks import (
    export,
    export_proven,
    keep_data,
    own_data,
    start_run,
    template,
)
from editor.server import LOCAL
from editor.store import Library
from tests.browser.server import ROOT, Server
from tests.soak import Row
from tests.soak._disk import Disk, Tries, main, on_small_disk
from tests.soak._visitor import Visitor
from tests.soak.kill_store import fingerprint, messages_of
from tests.soak.kill_training import FREE_SECONDS, is_free, recorded, state_of, tiny, until


def save(disk: Disk, tries: Tries) -> None:
    """Fill the disk between two edits, again and again."""
    what = "edits saved to a library"
    path = disk.folder / "home" / "library.sqlite"
    library = Library(path)
    design_id = library.create(tiny(), LOCAL)
    for number in range(1, 41):
        if number % 4 == 0:
            before = library.open(design_id, LOCAL)
            with disk.full():
                tries.refused(what, lambda n=number: add(library, design_id, n, 400))
                now = library.open(design_id, LOCAL)
                same = fingerprint(now.design) == fingerprint(before.design)
                tries.check(what, same, "the last saved state cannot be read")
                with closing(Library(path)) as fresh:
                    names = [entry.name for entry in fresh.designs(LOCAL)]
                tries.check(what, names == [tiny().name], "a new server cannot read it")
        add(library, design_id, number, 1)
        kept = library.acknowledged(design_id, "tab") == number
        tries.check(what, kept, f"edit {number} was not saved when there was room again")
    content = library.backup(LOCAL)
    with disk.full():
        tries.check("a backup is taken", library.backup(LOCAL)[:2] == b"PK", "it is no zip file")
        tries.refused("a backup is restored", lambda: library.take_backup("ben", content * 1))
    none = library.designs("ben") == []
    tries.check("a backup is restored", none, "half of it was restored")
    tries.check("a backup is restored", library.take_backup("ben", content).brought == 1, "lost")
    library.close()


def add(library: Library, design_id: str, number: int, blocks: int) -> None:
    """Save an edit that adds and takes away so many blocks: it needs room in the file."""
    nodes = {f"n{index}": {"block": "Conv", "name": f"n{index}"} for index in range(blocks)}
    edit = {"nodes": nodes} if blocks > 1 else messages_of(1)[0]["edit"]
    message = {"client": "tab", "number": number, "kind": "edit", "edit": edit}
    library.apply_outbox(design_id, LOCAL, [message])


def export_files(disk: Disk, tries: Tries) -> None:
    """Write exports over old ones on a full disk."""
    design = template("resnet50")
    for format_id in ("python", "json", "svg"):
        path, what = disk.folder / f"model.{format_id}", "exports over an old file"
        path.write_text("the old file")
        with disk.full():
            tries.refused(what, lambda f=format_id, p=path: export(design, f, p))
        tries.check(what, path.read_text() == "the old file", f"{format_id}: the old file is gone")
    path, what = disk.folder / "tiny.keras", "a proven .keras, by a child"
    path.write_text("the old file")
    with disk.full():
        tries.refused(what, lambda: export_proven(tiny(), "keras", path))
    tries.check(what, path.read_text() == "the old file", "the old file is gone")
    tries.check(what, export_proven(tiny(), "keras", path).passed, "no better with room")
    left = [one.name for one in disk.folder.glob(".blockwright-*")]
    tries.check(what, not left, f"left behind: {left}")


def command_line(disk: Disk, tries: Tries) -> None:
    """Let the shell's commands write to a full disk."""
    what, target = "commands of the shell", disk.folder / "out.json"
    target.write_text("the old file")
    commands = (
        ("import", "resnet50", "-o", str(target)),
        ("export", "resnet50", "--format", "json", "-o", str(target)),
        ("diagram", "lenet5", "-o", str(disk.folder / "out.dot")),
        ("train", "digits", "--data", "digits", "--run", str(disk.folder / "run")),
    )
    with disk.full():
        for command in commands:
            words = [sys.executable, "-m", "blocks", *command]
            done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, check=False)
            told = done.returncode == 2 and "disk" in done.stderr
            tidy = "Traceback" not in done.stderr and done.stderr.count("\n") == 1
            tries.check(what, told and tidy, f"{command}: {done.returncode} {done.stderr[-300:]}")
        tries.check(what, target.read_text() == "the old file", "the old file is gone")


def keep_uploads(disk: Disk, tries: Tries) -> None:
    """Keep a person's data on a full disk."""
    content = io.BytesIO()
    np.savez(content, x=np.zeros((200, 8, 8, 1)), y=np.arange(200) % 10)
    with disk.full():
        tries.refused("a person's data is kept", lambda: keep_data("x.npz", content.getvalue()))
    tries.check("a person's data is kept", own_data() == [], "half of it is offered")
    kept = keep_data("x.npz", content.getvalue()).count == 200
    tries.check("a person's data is kept", kept, "not kept with room either")


def train(disk: Disk, tries: Tries) -> None:
    """Fill the disk at different moments of a training, make room, resume."""
    what = "trainings that met a full disk"
    with disk.full():
        tries.refused("a training is started", lambda: start_run(tiny(), "digits", epochs=2))
    epochs = 20 * tries.count
    untouched = start_run(tiny(), "digits", epochs=epochs)
    untouched.wait()
    one = start_run(tiny(), "digits", epochs=epochs)
    for number in range(tries.count):
        steps = len(one.metrics().steps)
        enough = steps + 50 * (number + 1)
        until(lambda n=enough: len(one.metrics().steps) >= n or not one.status().alive)
        disk.fill()
        before = recorded(one)
        start = time.monotonic()
        until(lambda: not one.status().alive)
        tries.check("the device is free again", until(lambda: is_free(one), FREE_SECONDS), "no")
        after = recorded(one)
        lost = [step for step, figures in before.items() if after.get(step) != figures]
        tries.check(what, not lost, f"{len(lost)} recorded steps are lost")
        status = one.status()
        tries.check(what, "disk" in status.message, f"after {time.monotonic() - start}: {status}")
        disk.fill()  # again: what had not been finished gave some room back
        tries.refused("a training is resumed", one.resume)
        disk.free()
        one.resume()
    finished = one.wait().state == "finished"
    pairs = zip(state_of(one), state_of(untouched), strict=True)
    equal = finished and all(np.array_equal(mine, theirs) for mine, theirs in pairs)
    tries.check(what, equal, f"resumed, it ends with other weights: {one.status()}")
    tries.check(what, recorded(one) == recorded(untouched), "a step is missing or another")


def serve(disk: Disk, tries: Tries) -> None:
    """Edit and train on the page of a real server whose disk is full."""
    what, home = "edits on the page", disk.folder / "home"
    with closing(Library(home / "library.sqlite")) as library:
        design_id = library.create(tiny(), LOCAL)
    server = Server(home)
    server.start()
    try:
        with closing(Visitor(server.url, query=f"design={design_id}")) as page:
            page.draw([{"name": "before"}], "me")
            with disk.full():
                page.send([numbered(2, "x" * 200)])
                told = any("disk" in notice["message"] for notice in page.canvas["notices"])
                waits = page.acknowledged("me") == 1
                tries.check(what, told and waits, f"{told=} {waits=} {page.canvas['notices']}")
            page.send([numbered(2, "after")])
            tries.check(what, page.acknowledged("me") == 2, "not saved when there was room again")
        with disk.full(), closing(Visitor(server.url, "train", f"design={design_id}")) as page:
            page.press("start-training")
            told = any("disk" in text for text in page.texts)
            tries.check("Start on the page", told, f"{page.texts}")
        server.kill()
        with disk.full():
            server.start()
            with closing(Visitor(server.url, query=f"design={design_id}")) as page:
                shown = page.canvas.get("document", {}).get("name") == "after"
                tries.check("a server that starts", shown, f"{page.texts}")
    finally:
        server.kill()


def numbered(number: int, name: str) -> dict[str, Any]:
    return {"client": "me", "number": number, "kind": "edit", "edit": {"name": name}}


WORKS = {
    work.__name__: work for work in (save, export_files, command_line, keep_uploads, serve, train)
}


def soak(count: int = 5, works: Sequence[str] = tuple(WORKS)) -> list[Row]:
    """Fill a small disk under everything that writes, `count` times under a training."""
    return on_small_disk("tests.soak.full_disk", count, works)


if __name__ == "__main__":
    main(WORKS, soak, "A full disk under everything that writes")
