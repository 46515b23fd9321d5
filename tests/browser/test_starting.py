"""A server whose port or library is taken says so in a sentence, and goes on when it is not."""

import contextlib
import os
import socket
import sqlite3
import stat
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.driver import Editor

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parent.parent.parent
PATIENCE = 20_000


def opened(server: Server, new_page: Callable[..., Page]) -> Page:
    server.start()
    page = new_page()
    page.goto(server.url, timeout=6 * PATIENCE)
    return page


def damage(library: Path) -> None:
    library.write_bytes(b"no database" * 500)


def make_newer(library: Path) -> None:
    with contextlib.closing(sqlite3.connect(library)) as db:
        db.execute("PRAGMA user_version = 99")


def make_a_folder(library: Path) -> None:
    library.mkdir()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (damage, "file is not a database; give the file another name"),
        (make_newer, "has version 99, this program knows"),
        (make_a_folder, "Is a directory; check that its folder is there and may be written"),
    ],
)
def test_a_library_that_cannot_be_used_is_a_sentence_until_it_is_put_away(
    change: Callable[[Path], None],
    sentence: str,
    tmp_path: Path,
    new_page: Callable[..., Page],
) -> None:
    server = Server(tmp_path / "home")
    server.home.mkdir(exist_ok=True)
    library = server.home / "library.sqlite"
    change(library)
    try:
        page = opened(server, new_page)
        expect(page.get_by_text(sentence)).to_be_visible(timeout=4 * PATIENCE)
        library.rename(library.with_name("put away"))
        Editor(page, server.url).open()
    finally:
        server.kill()


def test_a_library_that_another_program_holds_is_free_again_when_it_lets_go(
    tmp_path: Path, new_page: Callable[..., Page]
) -> None:
    server = Server(tmp_path / "home")
    server.home.mkdir(exist_ok=True)
    try:
        with contextlib.closing(sqlite3.connect(server.home / "library.sqlite")) as db:
            db.execute("BEGIN EXCLUSIVE")
            page = opened(server, new_page)
            told = page.get_by_text("another program works on it; close that one")
            expect(told).to_be_visible(timeout=6 * PATIENCE)
        Editor(page, server.url).open()
    finally:
        server.kill()


def test_what_a_server_keeps_is_its_owners_alone(server: Server, editor: Editor) -> None:
    editor.drag_block("Image", 100, 100)
    for path in (server.home, *server.home.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert not mode & 0o077, (path.name, oct(mode))


def test_a_folder_that_cannot_be_made_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from streamlit.testing.v1 import AppTest

    (tmp_path / "file").touch()
    monkeypatch.setenv("BLOCKWRIGHT_HOME", str(tmp_path / "file" / "home"))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not app.exception
    (error,) = app.error
    said = error.value.replace("\\", "")  # what could be Markdown comes escaped
    assert "the folder of your work cannot be used: Not a directory" in said


def test_a_taken_port_says_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        environment = os.environ | {"BLOCKWRIGHT_HOME": str(tmp_path)}
        ended = subprocess.run(
            [sys.executable, "-m", "editor", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
        )
    assert ended.returncode == 2
    assert f"open http://localhost:{port}; else choose another port" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_settings_are_safe_as_they_are() -> None:
    chosen = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())
    assert chosen["server"]["address"] == "127.0.0.1"
    assert chosen["server"]["allowedHosts"] == ["localhost", "127.0.0.1"]
    assert chosen["server"]["enableCORS"]
    assert chosen["server"]["enableXsrfProtection"]
    assert chosen["server"]["port"] == 8501
    assert chosen["server"]["maxMessageSize"] <= 50
    assert chosen["server"]["maxUploadSize"] <= 1024
    assert chosen["server"]["fileWatcherType"] == "none"
    assert "enableAgentApi" not in chosen["server"]
    assert not chosen["browser"]["gatherUsageStats"]
    assert chosen["client"]["showErrorDetails"] == "none"
    assert chosen["client"]["toolbarMode"] == "viewer"
