"""A small disk in a mount namespace of its own, and how what is refused on it is judged.

Nothing of it is seen outside. It needs root; where it cannot be had the table says so.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from blocks import BlockwrightError
from tests.browser.server import ROOT
from tests.soak import Row, run

SIZE = "24m"
INSIDE = "--inside"
NO_DISK = 77


class Disk:
    """A small disk that can be filled to the last byte."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    @contextmanager
    def full(self) -> Iterator[None]:
        """Leave no room on the disk while something is tried."""
        self.fill()
        try:
            yield
        finally:
            self.free()

    def fill(self) -> None:
        with self._ballast.open("ab", buffering=0) as file:
            for size in (1 << 20, 1 << 12):
                try:
                    while file.write(b"\0" * size):
                        pass
                except OSError:
                    continue

    def free(self) -> None:
        self._ballast.unlink(missing_ok=True)

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """Let nothing be written; no file may be open for writing when this begins."""
        self._mounted_again("ro")
        try:
            yield
        finally:
            self._mounted_again("rw")

    def _mounted_again(self, how: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{how}", str(self.folder)], check=True)


class Tries:
    """Holds what is refused on a full disk against what a person may expect."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.rows: dict[str, Row] = {}

    def check(self, what: str, holds: bool, finding: str) -> None:
        self.rows.setdefault(what, Row(what)).check(holds, finding)

    def refused(self, what: str, action: Callable[[], Any]) -> None:
        """See to it that an action is refused in a sentence that says why."""
        try:
            action()
        except BlockwrightError as error:
            says = "disk" in str(error) and "Traceback" not in str(error)
            self.check(what, says, f"its sentence does not say why: {error}")
        except Exception as error:
            self.check(what, False, f"no sentence but {error!r}")
        else:
            self.check(what, False, "it was not refused")


Work = Callable[[Disk, Tries], None]


def inside(works: Mapping[str, Work], folder: Path, count: int, names: Sequence[str]) -> list[Row]:
    """Try works on the small disk that is mounted in a folder."""
    disk, tries = Disk(folder), Tries(count)
    home = folder / "home"
    home.mkdir()
    with patch.dict(os.environ, BLOCKWRIGHT_HOME=str(home)):
        for name in names:
            try:
                works[name](disk, tries)
            except Exception as error:
                traceback.print_exc()
                tries.check(f"all of {name}", False, repr(error))
    return list(tries.rows.values())


def on_small_disk(module: str, count: int, names: Sequence[str]) -> list[Row]:
    """Try works of a module on a small disk, in a process that alone sees it."""
    with tempfile.TemporaryDirectory() as place:
        mounted = f"mount -t tmpfs -o size={SIZE} tmpfs {place} || exit {NO_DISK}; exec"
        words = [sys.executable, "-m", module, INSIDE, place, str(count), *names]
        command = ["unshare", "-m", "sh", "-c", f'{mounted} "$@"', "sh", *words]
        if os.geteuid() or not shutil.which("unshare"):
            return [Row("everything that writes", note="not tried: mounting a disk needs root")]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, check=False)
    if done.returncode == NO_DISK:
        return [Row("everything that writes", note="not tried: no disk could be mounted here")]
    return [Row(**row) for row in json.loads(done.stdout.splitlines()[-1])]


def main(works: Mapping[str, Work], soak: Callable[[int], list[Row]], about: str) -> None:
    """Be a script, or the process of it that sees the disk."""
    if INSIDE in sys.argv:
        rows = inside(works, Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
        print(json.dumps([vars(row) for row in rows]))
    else:
        run(soak, 5, about)
