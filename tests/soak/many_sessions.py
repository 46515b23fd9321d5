"""Many people at one server at the same time: every edit kept, nobody sees another's design.

A person is a session that speaks Streamlit's protocol, with a design of their own. Two servers on
one home are tried as well: half of the people are at either, and one design is shared by all.
"""

import os
import tempfile
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

import psutil

from blocks import Design
from editor.server import LOCAL
from editor.store import Library
from tests.browser.server import Server
from tests.soak import Row, run
from tests.soak._visitor import Visitor
from tests.soak.kill_training import tiny

EDITS = 4
ROUNDS = 3
LEFT_SECONDS = 150.0  # a session that was left is kept for two minutes
GROWTH = 0.35
"""Megabytes that may be kept for a session that is over."""


@dataclass
class Person:
    """Somebody with a design of their own and a design that all share."""

    number: int
    url: str
    own: str
    shared: str
    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def work(self) -> None:
        """Draw on both designs, edit after edit, and look at what the page shows of them."""
        try:
            for design_id in (self.own, self.shared):
                with closing(Visitor(self.url, query=f"design={design_id}")) as page:
                    for number in range(EDITS):
                        self._draw(page, design_id, number)
        except Exception as error:
            self.faults.append(f"person {self.number}: {error!r:.300}")

    def _draw(self, page: Visitor, design_id: str, number: int) -> None:
        name = self.name(number)
        start = time.monotonic()
        page.draw([{"nodes": {name: {"block": "Conv", "name": name}}}], self.client)
        self.seconds.append(time.monotonic() - start)
        shown = page.canvas["design_id"], name in names_of(page.canvas["document"])
        if page.acknowledged(self.client) != number + 1 or shown != (design_id, True):
            self.faults.append(f"person {self.number}: edit {number} is answered by {shown}")
        self.faults += [notice["message"] for notice in page.canvas["notices"]]
        if design_id == self.own:
            others = {n for n in names_of(page.canvas["document"]) if n.startswith("p")}
            if {n.split("_")[0] for n in others} - {f"p{self.number}", "photo"}:
                self.faults.append(f"person {self.number} sees blocks of others: {others}")

    @property
    def client(self) -> str:
        return f"client{self.number}"

    def name(self, number: int) -> str:
        return f"p{self.number}_{number}"


def names_of(document: dict[str, Any]) -> set[str]:
    return {node["name"] for node in document["nodes"]}


def crowd(servers: list[Server], library: Library, count: int, rows: dict[str, Row]) -> None:
    """Let people work at the servers at the same time, then look into the library."""
    shared = library.create(tiny(), LOCAL)
    people = []
    for number in range(count):
        own = library.create(Design(f"of person {number}"), LOCAL)
        people.append(Person(number, servers[number % len(servers)].url, own, shared))
    threads = [threading.Thread(target=person.work) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    together = library.open(shared, LOCAL).design.names()
    for person in people:
        rows["sessions"].check(not person.faults, "; ".join(person.faults))
        wanted = {person.name(number) for number in range(EDITS)}
        kept = library.open(person.own, LOCAL).design.names()
        for name in wanted:
            rows["own"].check(name in kept, f"{name} is lost")
            rows["shared"].check(name in together, f"{name} is lost")
        rows["own"].findings += [f"{name} came from elsewhere" for name in kept - wanted]
    seconds = [one for person in people for one in person.seconds]
    rows["sessions"].note = f"an edit is answered in {median(seconds):.2f} s (median)"


def resident(server: Server) -> float:
    """Return the megabytes that a server holds."""
    assert server.process
    return float(psutil.Process(server.process.pid).memory_info().rss) / 1e6


def come_and_go(server: Server, library: Library, count: int, rows: dict[str, Row]) -> None:
    """Let crowds come and go; what the first one leaves behind may not grow with the others."""
    crowd([server], library, count, rows)
    after = [settled(server)]
    for _ in range(ROUNDS - 1):
        crowd([server], library, count, rows)
        after.append(settled(server))
    growth = (after[-1] - after[0]) / (count * 2 * (ROUNDS - 1))
    words = ", ".join(f"{size:,.0f}" for size in after)
    rows["memory"].check(growth < GROWTH, f"{growth:.2f} MB a session are not given back: {words}")
    rows["memory"].note = f"{words} MB; {growth:.2f} MB for each session that is over"


def settled(server: Server) -> float:
    """Return what a server holds once the sessions that were left are over."""
    time.sleep(LEFT_SECONDS)
    return resident(server)


def soak(count: int = 50, rounds: bool = True) -> list[Row]:
    """Let `count` people work at once at one server, in three rounds, then at two servers."""
    rows = {
        "sessions": Row(f"sessions at once, {count} a time"),
        "own": Row("edits on designs of their own"),
        "shared": Row("edits on the design that all share"),
        "memory": Row("memory after each crowd has left"),
    }
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        servers = [Server(home), Server(home)]
        with (
            patch.dict(os.environ, BLOCKWRIGHT_HOME=str(home)),
            closing(Library(home / "library.sqlite")) as library,
        ):
            try:
                for server in servers:
                    server.start()
                crowd(servers, library, count, rows)
                if rounds:
                    come_and_go(servers[0], library, count, rows)
            finally:
                for server in servers:
                    server.kill()
    return [row for row in rows.values() if row.tried]


if __name__ == "__main__":
    run(soak, 50, "Many sessions at once")
