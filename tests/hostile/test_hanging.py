"""A library that hangs on a file, with the interpreter's lock in its hand, stops nobody else.

Damaged HDF5 files do that to libhdf5. A stand-in for it does it always, and at once.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import psutil
import pytest

from blocks.imports import architecture, weights
from blocks.jobs import CHILD
from tests.blocks.test_jobs import ROOT
from tests.browser.server import Server
from tests.soak._visitor import Visitor

HANGS = """
import ctypes, os, pathlib, signal

class File:
    def __init__(self, *given, **words):
        pathlib.Path(__file__).with_name("hangs").write_text(str(os.getpid()))
        if "HURRY" in os.environ:  # the clock that ends it is set forward
            signal.setitimer(0, min(0.5, signal.getitimer(0)[0]))
        ctypes.PyDLL(None).sleep(600)  # called so, C keeps the lock until it returns
"""
READER = "blocks.imports.child:architecture_in_child"


@pytest.fixture
def stand_in(tmp_path: Path) -> Path:
    folder = tmp_path / "instead"
    folder.mkdir()
    (folder / "h5py.py").write_text(HANGS)
    return folder


@pytest.fixture
def server(tmp_path: Path, stand_in: Path) -> Iterator[Server]:
    server = Server(tmp_path / "home")
    with patch.dict(os.environ, PYTHONPATH=str(stand_in)):
        server.start()
    yield server
    server.kill()


def reader_in(stand_in: Path) -> psutil.Process:
    """Wait until a child hangs, and return it."""
    told = stand_in / "hangs"
    while not (told.exists() and told.read_text()):
        time.sleep(0.02)
    return psutil.Process(int(told.read_text()))


def test_a_file_that_hangs_its_reader_keeps_nobody_from_drawing(
    server: Server, stand_in: Path
) -> None:
    with closing(Visitor(server.url, "library")) as ann, closing(Visitor(server.url)) as ben:
        hanging = threading.Thread(
            target=ann.upload, args=(ann.key("import-"), "it.h5", b"\x89HDF\r\n\x1a\n")
        )
        hanging.start()
        reader = reader_in(stand_in)
        ben.draw([{"nodes": {"n1": {"block": "Conv", "name": "n1"}}}], "ben")
        assert ben.acknowledged("ben") == 1
        assert reader.is_running()
        assert hanging.is_alive()
        reader.kill()
        hanging.join()
        ann.look()
        assert any("was killed from outside" in text for text in ann.texts)


def test_what_reads_hdf5_may_have_20_seconds_and_a_gigabyte() -> None:
    for reader in (architecture, weights):
        assert (reader.SECONDS, reader.MEMORY_BYTES) == (20, 1024**3)


def test_a_child_that_hangs_so_ends_by_itself_when_its_server_is_gone(stand_in: Path) -> None:
    """No thread of it can run, so none can see that; the system's clock ends it."""
    child = subprocess.Popen(
        [sys.executable, "-P", "-c", CHILD, READER, "20"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env=os.environ | {"HURRY": "1", "PYTHONPATH": f"{ROOT}{os.pathsep}{stand_in}"},
    )
    payload = json.dumps({"path": str(stand_in / "it.h5"), "suffix": ".h5"}).encode()
    assert child.stdin
    child.stdin.write(payload + b"\n")
    child.stdin.flush()
    assert reader_in(stand_in).pid == child.pid
    child.stdin.close()
    assert child.wait() == -signal.SIGALRM
