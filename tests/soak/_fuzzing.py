"""Many bad files against one importer, in children that are watched and replaced.

An input is drawn from its number alone, so a finding is had again with `--only NUMBER`. What an
importer does with an input is one of: `opened`, `refused` with a sentence, `held` (the child ran
into a limit of time or memory, or crashed, and was replaced: what an import in the editor does
too), or a finding: an error that nobody caught, a refusal that is no sentence, and, where the
editor reads such a file in the server itself, anything that was held.
"""

import argparse
import importlib
import json
import mmap
import os
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from unittest.mock import patch

from blocks import BlockwrightError
from tests.soak import Row, findings, table
from tests.soak._watched import COUNTS, Watched

MAX_SENTENCE = 300
POLL_SECONDS = 0.05
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
"""A folder in memory, which a hundred thousand files wear out least."""


@dataclass(frozen=True)
class Importer:
    """A way into the editor: how a bad input is drawn from a `Random`, and what opens it.

    `in_child` says that the editor itself opens such a file in a child that can be killed: one
    that takes long is given up here before the editor would, so that there is time for many.
    """

    name: str
    make: Callable[[Random], bytes]
    open: Callable[[bytes], object]
    in_child: bool = False

    @property
    def seconds(self) -> float:
        return 3.0 if self.in_child else 20.0

    def input(self, number: int) -> bytes:
        return self.make(Random(f"{self.name}/{number}"))


@dataclass
class Outcome:
    """What became of the inputs of an importer; `findings` are numbers with what was wrong."""

    name: str
    tried: int = 0
    opened: int = 0
    refused: int = 0
    held: int = 0
    slowest: float = 0.0
    findings: list[tuple[int, str]] = field(default_factory=list)

    def row(self) -> Row:
        """Return the line of the soak's table."""
        note = f"opened {self.opened:,}, refused {self.refused:,}, held {self.held:,}"
        found = [f"{number}: {wrong}" for number, wrong in self.findings]
        return Row(self.name, self.tried, found, f"{note}; slowest {self.slowest:.1f} s")


def fault_of(sentence: str) -> str:
    """Return what keeps a refusal from being a sentence for the page, "" where nothing does."""
    if not sentence or len(sentence) > MAX_SENTENCE:
        return f"a refusal has 1 to {MAX_SENTENCE} characters, got {len(sentence)}"
    if not sentence.isprintable():
        return "a refusal holds characters that cannot be shown"
    for mark in ("Traceback", 'File "', tempfile.gettempdir() + "/", str(Path.home())):
        if mark in sentence:
            return f"a refusal holds {mark}"
    return ""


def verdict(importer: Importer, content: bytes) -> tuple[bool, str]:
    """Open an input; return whether it opened, and what is wrong with how it was refused."""
    try:
        importer.open(content)
    except (BlockwrightError, ValueError) as error:
        if not isinstance(error, BlockwrightError) and type(error).__name__ != "DataFileError":
            return False, _last_lines(error)
        wrong = fault_of(str(error))
        return False, f"{wrong}: {str(error)!a:.400}" if wrong else ""
    except Exception as error:
        return False, _last_lines(error)
    return True, ""


def _last_lines(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    where = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))
    return f"{type(error).__name__}: {error!s:.160} ({where})"


def be_child(module: str, name: str, folder: str, start: int, stop: int, step: int) -> None:
    """Try the inputs from `start` to `stop`; tell the parent through files in a folder."""
    importer = find(module, name)
    # Nothing here has to outlast a power cut, and there are very many of them.
    os.fsync = lambda _: None
    counts = Path(folder, f"counts-{start % step}")
    with counts.open("r+b") as file, Path(folder, f"found-{start % step}").open("a") as found:
        shared = mmap.mmap(file.fileno(), COUNTS.size)
        opened = refused = 0
        slowest = 0.0
        for number in range(start, stop, step):
            shared[:] = COUNTS.pack(number, opened, refused, 0, slowest)
            content = importer.input(number)
            began = time.process_time()
            is_open, wrong = verdict(importer, content)
            slowest = max(slowest, time.process_time() - began)
            opened, refused = opened + is_open, refused + (not is_open and not wrong)
            if wrong:
                found.write(json.dumps([number, wrong]) + "\n")
                found.flush()
        shared[:] = COUNTS.pack(stop, opened, refused, 1, slowest)


def find(module: str, name: str) -> Importer:
    importers: Sequence[Importer] = importlib.import_module(module).IMPORTERS
    return next(one for one in importers if one.name == name)


def fuzz(module: str, importer: Importer, count: int, children: int = 2, first: int = 0) -> Outcome:
    """Try `count` inputs of an importer, from the number `first` on."""
    importer.input(first)  # what children share is made here
    with tempfile.TemporaryDirectory(dir=MEMORY) as name, patch.dict(os.environ, _places(name)):
        folder = Path(name)
        lanes = [range(first + k, first + count, children) for k in range(min(children, count))]
        watched = [Watched(module, importer.name, importer.seconds, folder, lane) for lane in lanes]
        while not all(one.done for one in watched):
            for one in watched:
                if not one.done:
                    one.look()
            time.sleep(POLL_SECONDS)
        found = [json.loads(line) for p in folder.glob("found-*") for line in p.open()]
    outcome = Outcome(importer.name, count, sum(w.opened for w in watched))
    outcome.refused = sum(one.refused for one in watched)
    outcome.slowest = max(one.slowest for one in watched)
    held = [pair for one in watched for pair in one.held]
    outcome.held = len(held)
    outcome.findings = sorted((number, wrong) for number, wrong in found)
    if not importer.in_child:
        outcome.findings += held
    return outcome


def _places(folder: str) -> dict[str, str]:
    """Return where the children keep what comes in and what is for a moment only."""
    for name in ("home", "short"):
        Path(folder, name).mkdir()
    return {"BLOCKWRIGHT_HOME": f"{folder}/home", "TMPDIR": f"{folder}/short"}


def main(module: str, importers: Sequence[Importer]) -> int:
    """Fuzz the importers of a module as the command line says; return the exit status."""
    parser = argparse.ArgumentParser(prog=f"python -m {module}")
    parser.add_argument("--count", type=int, default=100_000, help="inputs for each importer")
    parser.add_argument("--first", type=int, default=0, help="the number of the first input")
    parser.add_argument("--only", type=int, help="try the input of this number, here")
    parser.add_argument("--importer", default="", help="a part of the importer's name")
    parser.add_argument("--children", type=int, default=2)
    given = parser.parse_args()
    chosen = [one for one in importers if given.importer in one.name]
    if given.only is not None:
        for one in chosen:
            content = one.input(given.only)
            print(one.name, ascii(content[:2_000]), *verdict(one, content), sep="\n")
        return 0
    rows = [fuzz(module, one, given.count, given.children, given.first).row() for one in chosen]
    print(f"\n{table(rows)}\n", flush=True)
    for finding in findings(rows):
        print(f"FOUND  {finding}", flush=True)
    return 1 if findings(rows) else 0
