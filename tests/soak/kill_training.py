"""Kill -9 of the processes around a training, at any moment; Resume brings it to the same end.

Runs are started and resumed from the Train page of a real server. A killed server is started
again and must find the run; a run whose own processes were killed must be told as failed, with
its device free. Every run is killed several times and then left to finish: its weights, and the
loss of every step, must be those of a run that was never touched.
"""

import json
import os
import random
import signal
import sqlite3
import tempfile
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import psutil

from blocks import Classifier, Conv, Design, Dropout, Image, Run, runs
from blocks.training import queue
from editor.server import LOCAL
from editor.store import Library
from tests.browser.server import Server
from tests.soak import Row, run
from tests.soak._visitor import Visitor

KILLS_PER_RUN = 5
EPOCHS = 60
FREE_SECONDS = 10.0
PATIENCE = 300.0
POLL_SECONDS = 0.05
MODULES = {"runner": "runner", "waiting": "runner", "worker": "worker"}
VICTIMS = ("all", "worker", "server", "runner")
MOMENTS = ("preparing", "training", "checkpoint", "starting", "any")


def tiny() -> Design:
    """A network with everything that carries state: dropout's random numbers, batch norm."""
    return (
        Design("tiny")
        .add("photo", Image(8, 8, 1))
        .add("stem", Conv(filters=8, batch_norm=True), after="photo")
        .add("drop", Dropout(rate=0.2), after="stem")
        .add("head", Classifier(classes=10, pooling="flatten"), after="drop")
    )


@dataclass
class Tries:
    """What was counted so far."""

    kills: Row = field(default_factory=lambda: Row("kill -9 while a run goes on: no torn file"))
    orphans: Row = field(default_factory=lambda: Row("processes gone, device free, run told so"))
    steps: Row = field(default_factory=lambda: Row("steps recorded before a kill"))
    found: Row = field(default_factory=lambda: Row("servers killed: the run goes on, is found"))
    ends: Row = field(default_factory=lambda: Row("runs finished: weights equal bit for bit"))
    losses: Row = field(default_factory=lambda: Row("steps of these: loss equal, none missing"))
    slowest: float = 0.0
    killed: dict[str, int] = field(default_factory=dict)

    def rows(self) -> list[Row]:
        self.orphans.note = f"the last one after {self.slowest:.1f} s"
        self.kills.note = ", ".join(f"{who} {n}" for who, n in sorted(self.killed.items()))
        return [self.kills, self.orphans, self.steps, self.found, self.ends, self.losses]


class Place:
    """A home with a server, and a person at its Train page."""

    def __init__(self, folder: Path) -> None:
        self.server = Server(folder)
        with closing(Library(folder / "library.sqlite")) as library:
            self.design = library.create(tiny(), LOCAL)
        self.server.start()

    def page(self) -> Visitor:
        return Visitor(self.server.url, "train", f"design={self.design}")

    def start(self, epochs: int) -> Run:
        """Start a run on the page."""
        before = {one.id for one in runs()}
        with closing(self.page()) as page:
            page.fill("train/epochs", epochs)
            page.press("start-training")
        (started,) = (one for one in runs() if one.id not in before)
        return started

    def resume(self) -> None:
        """Resume the newest run on the page, where that is offered."""
        with closing(self.page()) as page:
            if page.knows("resume-run"):
                page.press("resume-run")

    def restart(self) -> None:
        self.server.kill()
        self.server.start()

    def close(self) -> None:
        """End everything: a run outlives whoever started it."""
        for one in runs():
            for process in processes_of(one).values():
                _kill(process)
        self.server.kill()


def processes_of(one: Run) -> dict[str, psutil.Process]:
    """Return the living runner and worker of a run.

    Those that waited for a run do not name it on their command line; all work in its folder.
    """
    found = {}
    for process in psutil.process_iter(["cmdline", "cwd"]):
        words = process.info["cmdline"] or ()
        for module, name in MODULES.items():
            if f"blocks.training.{module}" in words and process.info["cwd"] == str(one.folder):
                found[name] = process
    return found


def until(
    condition: Callable[[], object], seconds: float = PATIENCE, poll: float = POLL_SECONDS
) -> bool:
    """Wait for a condition and tell whether it came true."""
    deadline = time.monotonic() + seconds
    while not (holds := condition()) and time.monotonic() < deadline:
        time.sleep(poll)
    return bool(holds)


def wait_for(moment: str, one: Run, usual: float) -> None:
    """Wait until a run that was just started or resumed has come to a moment to be killed at."""
    steps = len(one.metrics().steps)

    def ended() -> bool:
        return not one.status().alive

    def preparing() -> bool:
        found = one.metrics()  # a process that waited for the run is past all preparing
        phase = found.facts.get("phase", "")
        return phase.startswith("preparing") or len(found.steps) > steps or ended()

    def begun() -> bool:
        return any(one.folder.glob(".*checkpoint.npz"))

    match moment:
        case "starting":
            time.sleep(random.uniform(0.0, 1.5))
        case "preparing":
            until(preparing)
            time.sleep(random.uniform(0.0, 0.5))
        case "training":
            until(lambda: len(one.metrics().steps) > steps or ended())
            time.sleep(random.uniform(0.0, 1.0))
        case "checkpoint":
            # It is there for some milliseconds: the status costs more to read, so now and then.
            until(lambda: until(begun, 1.0, poll=0.001) or ended())
        case _:
            time.sleep(random.uniform(0.0, usual))


def recorded(one: Run) -> dict[int, tuple[float, float]]:
    return {step.step: (step.loss, step.accuracy) for step in one.metrics().steps}


def kill(place: Place, one: Run, who: str, tries: Tries) -> None:
    """Kill a run's process, or the server, or all of them, and look at what is left."""
    before, alive = recorded(one), processes_of(one)
    chosen = [process for name, process in alive.items() if who in (name, "all")]
    if who in ("server", "all"):
        chosen.append(psutil.Process(place.server.process.pid))
    for process in chosen:
        _kill(process)
    tries.killed[who] = tries.killed.get(who, 0) + 1
    if who == "server":
        goes_on = alive.keys() == processes_of(one).keys() or not one.status().alive
        place.restart()
        with closing(place.page()) as page:
            shown = page.knows("stop-run") or not one.status().alive
            tries.found.check(goes_on and shown, f"{one.id}: {goes_on=} {shown=}")
    else:
        _look_for_orphans(one, alive, tries)
        if who == "all":
            place.restart()
    torn = torn_files(one.folder)
    tries.kills.check(not torn, f"after a kill of {who}: {torn}")
    after = recorded(one)
    for step, figures in before.items():
        tries.steps.check(after.get(step) == figures, f"step {step} after a kill of {who}")


def _kill(process: psutil.Process) -> None:
    try:
        process.send_signal(signal.SIGKILL)
    except psutil.NoSuchProcess:
        return  # it ended by itself just now


def is_free(one: Run) -> bool:
    """Tell whether nobody holds the device of a run."""
    return not any(queue.is_claimed(queue.line_of(key) / "device.lock") for key in one.device.keys)


def _look_for_orphans(one: Run, alive: dict[str, psutil.Process], tries: Tries) -> None:
    """See to it that nothing of a killed run is left, and that it says so."""
    start = time.monotonic()
    gone = until(lambda: not processes_of(one) and is_free(one), FREE_SECONDS)
    tries.slowest = max(tries.slowest, time.monotonic() - start)
    status = one.status()
    told = status.state == "finished" or (not status.alive and status.message)
    left = f"{processes_of(one)} {status}"
    tries.orphans.check(bool(gone and told), f"{one.id} after {FREE_SECONDS:g} s: {left}")
    psutil.wait_procs(alive.values(), timeout=FREE_SECONDS)


def torn_files(folder: Path) -> list[str]:
    """Return the files of a run that cannot be read to their end."""
    readers: dict[str, Callable[[Path], object]] = {
        ".json": lambda path: json.loads(path.read_text("utf-8")),
        ".npz": lambda path: [np.load(path)[name] for name in np.load(path).files],
        ".keras": lambda path: zipfile.ZipFile(path).testzip() and 1 / 0,
        ".sqlite": _whole,
    }
    torn = []
    for path in folder.glob("[!.]*"):
        try:
            readers.get(path.suffix, lambda _: None)(path)
        except FileNotFoundError:
            continue
        except Exception as error:
            torn.append(f"{path.name}: {error!r:.80}")
    return torn


def _whole(path: Path) -> None:
    with closing(sqlite3.connect(path, timeout=10)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def state_of(one: Run) -> list[Any]:
    """Return every variable of a run's model and optimizer."""
    with np.load(one.checkpoint_path) as data:
        return [data[name] for name in data.files if name != "about"]


def compare(one: Run, other: Run, tries: Tries) -> None:
    """Hold a run that was killed against one that was not."""
    pairs = zip(state_of(one), state_of(other), strict=True)
    equal = all(np.array_equal(mine, theirs) for mine, theirs in pairs)
    left = [path.name for path in one.folder.glob(".*")]
    finished = one.status().state == "finished"
    tries.ends.check(finished and equal and not left, f"{one.id}: {one.status()} {equal=} {left=}")
    mine, theirs = recorded(one), recorded(other)
    for step, figures in theirs.items():
        tries.losses.check(mine.get(step) == figures, f"step {step} of {one.id}")


def soak(count: int = 50, epochs: int = EPOCHS) -> list[Row]:
    """Kill `count` times, five times a run; each run is resumed after a kill of its own."""
    tries, kills = Tries(), 0
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        with patch.dict(os.environ, BLOCKWRIGHT_HOME=str(home)), closing(Place(home)) as place:
            start = time.monotonic()
            untouched = place.start(epochs)
            untouched.wait()
            usual = time.monotonic() - start
            while kills < count:
                one = place.start(epochs)
                for _ in range(min(KILLS_PER_RUN, count - kills)):
                    if not one.status().alive:
                        place.resume()
                    wait_for(MOMENTS[kills % len(MOMENTS)], one, usual)
                    kill(place, one, VICTIMS[kills % len(VICTIMS)], tries)
                    kills += 1
                if not one.status().alive:
                    place.resume()
                one.wait()
                compare(one, untouched, tries)
    return tries.rows()


if __name__ == "__main__":
    run(soak, 50, "Kills of trainings, of what looks after them, and of the server")
