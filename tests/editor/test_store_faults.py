"""The library's file: writers at once, kill -9, private, and refused where it is none."""

import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from blocks import Design
from editor.database import Database, LibraryError
from editor.store import Library
from tests.editor.messages import ANN, add_node, set_filters, step

WRITER = """
import sys
from pathlib import Path
from editor.store import Library
path, design_id, client, count = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
library = Library(path)
for number in range(1, count + 1):
    edit = {"nodes": {f"{client}_{number}": {"block": "Conv", "name": f"{client}_{number}"}}}
    message = {"client": client, "number": number, "kind": "edit", "edit": edit}
    library.apply_outbox(design_id, "ann", [message])
    print(number, flush=True)
"""


def writer(path: Path, design_id: str, client: str, count: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", WRITER, str(path), design_id, client, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path.cwd())


def test_two_processes_writing_at_once_keep_every_edit(tmp_path: Path, drawn: Design) -> None:
    path = tmp_path / "library.sqlite"
    library = Library(path)
    design_id = library.create(drawn, ANN)
    children = [writer(path, design_id, client, 100) for client in ("left", "right")]
    for child in children:
        child.communicate()
        assert child.returncode == 0
    stored = library.open(design_id, ANN)
    assert stored.revision == 200
    assert len(stored.design.nodes) == 203


def test_threads_of_one_library_keep_every_edit(library: Library, drawn: Design) -> None:
    design_id = library.create(drawn, ANN)

    def write(client: str) -> None:
        for number in range(1, 26):
            library.apply_outbox(design_id, ANN, [add_node(number, f"{client}_{number}", client)])

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert library.open(design_id, ANN).revision == 100


def test_what_was_acknowledged_outlives_kill_minus_9(tmp_path: Path, drawn: Design) -> None:
    path = tmp_path / "library.sqlite"
    design_id = Library(path).create(drawn, ANN)
    child = writer(path, design_id, "tab", 100_000)
    assert child.stdout is not None
    acknowledged = [int(child.stdout.readline()) for _ in range(60)][-1]
    child.send_signal(signal.SIGKILL)
    acknowledged = max([acknowledged, *map(int, child.stdout.read().split("\n")[:-1])])
    child.wait()
    library = Library(path)
    stored = library.open(design_id, ANN)
    assert library.acknowledged(design_id, "tab") >= acknowledged
    assert {f"tab_{number}" for number in range(1, acknowledged + 1)} <= stored.design.names()
    assert stored.revision == library.acknowledged(design_id, "tab")


def test_a_session_sent_twice_with_the_server_killed_between_is_the_same(
    tmp_path: Path, drawn: Design
) -> None:
    messages = [add_node(n, f"block_{n}") if n % 3 else set_filters(n, n) for n in range(1, 61)]
    messages += [step(61, "undo"), step(62, "undo"), step(63, "redo")]
    plain = Library(tmp_path / "plain.sqlite")
    once = plain.create(drawn, ANN)
    for message in messages:
        plain.apply_outbox(once, ANN, [message])
    path = tmp_path / "killed.sqlite"
    library = Library(path)
    twice = library.create(drawn, ANN)
    for start in range(0, len(messages), 7):
        library.apply_outbox(twice, ANN, messages[start : start + 7])
        library = Library(path)  # a new server: nothing of the old one's memory
        library.apply_outbox(twice, ANN, messages[: start + 7])
    assert library.open(twice, ANN).design == plain.open(once, ANN).design
    assert library.open(twice, ANN).revision == len(messages)


def test_only_the_owner_of_the_machine_account_can_read_the_file(tmp_path: Path) -> None:
    library = Library(tmp_path / "home" / "library.sqlite")
    library.create(Design(), ANN)
    for file in (tmp_path / "home").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700


def test_every_commit_is_on_the_disk(tmp_path: Path) -> None:
    database = Database(tmp_path / "library.sqlite")
    with database.reading() as db:
        assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert db.execute("PRAGMA synchronous").fetchone()[0] == 2


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    Library(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(LibraryError, match="has version 99, this program knows 3; update"):
        Library(path)


def test_a_file_that_is_no_library_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    path.write_text("no database at all, but a text of some length " * 9)
    with pytest.raises(LibraryError, match="cannot be used"):
        Library(path)
