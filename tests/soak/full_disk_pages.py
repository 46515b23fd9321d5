"""A full disk under what a person does on the pages: done, or a sentence; nothing lost; then on.

A real server keeps its folder on a small disk that is full. What is asked of it there may be done,
where it needs no room, or has to be refused in a sentence that says why. With room it is done.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any

from blocks import Design, deleted_runs, runs, start_run
from editor.links import write_link
from editor.server import LOCAL
from editor.store import Library
from tests.browser.server import Server
from tests.soak import Row
from tests.soak._disk import Disk, Tries, main, on_small_disk
from tests.soak._visitor import Visitor
from tests.soak.full_disk import numbered
from tests.soak.kill_training import tiny

Do = Callable[[Visitor], None]


class Pages:
    """A server on the small disk, and its library as another process reads it."""

    def __init__(self, disk: Disk, tries: Tries) -> None:
        self.disk, self.tries = disk, tries
        self.file = disk.folder / "home" / "library.sqlite"
        self.server = Server(disk.folder / "home")

    def ask(self, ask: Callable[[Library], Any]) -> Any:
        """Ask a library opened on the same file something."""
        with closing(Library(self.file)) as library:
            return ask(library)

    def names(self) -> list[str]:
        return sorted(entry.name for entry in self.ask(lambda one: one.designs(LOCAL)))

    def tried(self, what: str, page: Visitor, do: Do, done: Callable[[], bool]) -> None:
        """Do something where there is no room; where that was refused, once more with room."""
        with self.disk.full():
            do(page)
            told = any("disk" in text for text in said(page))
            fault = f"neither done nor explained: {said(page)[-4:]}"
            self.tries.check(what, done() or told, fault)
        if not done():
            page.look()
            do(page)
        self.tries.check(what, done(), f"not done with room: {page.texts[-4:]}")


def said(page: Visitor) -> list[str]:
    """Return the sentences of a page, the canvas's among them."""
    return [*page.texts, *(one["message"] for one in page.canvas.get("notices", ()))]


@contextmanager
def served(disk: Disk, tries: Tries) -> Iterator[Pages]:
    pages = Pages(disk, tries)
    pages.server.start()
    try:
        yield pages
    finally:
        pages.server.kill()


def library_page(disk: Disk, tries: Tries) -> None:
    """Rename, tag, copy, delete, bring back, import."""
    with served(disk, tries) as pages:
        design_id = pages.ask(lambda one: one.create(tiny(), LOCAL))
        large = json.dumps(tiny().to_json() | {"name": "theirs", "notes": many_notes()}).encode()

        def visit() -> Visitor:
            return Visitor(pages.server.url, "library")

        def asked(page: Visitor) -> None:
            page.press(f"more-{design_id}")

        def rename(page: Visitor) -> None:
            asked(page)
            page.fill("Name", "another name")
            page.press("Save")

        def delete(page: Visitor) -> None:
            asked(page)
            page.press("Delete")

        def copy(page: Visitor) -> None:
            asked(page)
            page.press("Duplicate")

        def restore(page: Visitor) -> None:
            page.press(f"restore-{design_id}")

        deeds: list[tuple[str, Do, Callable[[], bool]]] = [
            ("a design is renamed", rename, lambda: "another name" in pages.names()),
            ("a design is copied", copy, lambda: "another name copy" in pages.names()),
            ("a design is deleted", delete, lambda: "another name" not in pages.names()),
            ("a design is brought back", restore, lambda: "another name" in pages.names()),
        ]
        for what, do, done in deeds:
            with closing(visit()) as page:
                pages.tried(what, page, do, done)
        with closing(visit()) as page:
            pages.tried(
                "a design is imported",
                page,
                lambda page: page.upload(page.key("import-"), "theirs.json", large),
                lambda: "theirs" in pages.names(),
            )


def many_notes() -> dict[str, Any]:
    note = {"text": "x" * 900, "x": 0, "y": 0, "width": 200, "height": 90}
    return {f"n{number}": note for number in range(60)}


def design_page(disk: Disk, tries: Tries) -> None:
    """Edit, undo, redo, name a version, export."""
    with served(disk, tries) as pages:
        design_id = pages.ask(lambda one: one.create(tiny(), LOCAL))

        def now() -> Any:
            return pages.ask(lambda one: one.open(design_id, LOCAL))

        def message(number: int, kind: str) -> Do:
            one = numbered(number, "") | {"kind": kind, "edit": {"notes": many_notes()}}
            return lambda page: page.send([one])

        with closing(Visitor(pages.server.url, query=f"design={design_id}")) as page:
            pages.tried("an edit", page, message(1, "edit"), lambda: bool(now().design.notes))
            pages.tried("undo", page, message(2, "undo"), lambda: not now().design.notes)
            pages.tried("redo", page, message(3, "redo"), lambda: bool(now().design.notes))
            page.act("history")
            page.fill("Name of the present version", "the best")
            pages.tried(
                "a version is named",
                page,
                lambda page: page.press("Name it"),
                lambda: "the best" in str(steps(pages, design_id)),
            )
        with closing(Visitor(pages.server.url, query=f"design={design_id}")) as page:
            page.act("export")
            page.settle("Build and prove")
            pages.tried("an export", page, exported, lambda: offered(disk))


def copies(disk: Disk, tries: Tries) -> None:
    """Save a copy from the canvas's menu, keep a design of a link, begin with a template."""
    with served(disk, tries) as pages:
        design_id = pages.ask(lambda one: one.create(large(), LOCAL))
        link = write_link(replace(large(), name="of a link"))
        deeds: list[tuple[str, str, Do, str]] = [
            ("a copy is saved", f"design={design_id}", chosen("duplicate"), "tiny copy"),
            ("a link's design is kept", f"link={link}", chosen("keep"), "of a link"),
            ("a new design is begun", f"design={design_id}", chosen("new"), "untitled"),
        ]
        for what, query, do, name in deeds:
            with closing(Visitor(pages.server.url, query=query)) as page:
                pages.tried(what, page, do, lambda name=name: name in pages.names())


def large() -> Design:
    """Return a design that needs more room in the file than may be left in it."""
    return Design.from_json(tiny().to_json() | {"notes": many_notes()})


def chosen(kind: str) -> Do:
    return lambda page: page.act(kind)


def steps(pages: Pages, design_id: str) -> Any:
    return pages.ask(lambda one: one.versions.steps(design_id, LOCAL))


def exported(page: Visitor) -> None:
    """Press the button, and look until the export is over."""
    if page.knows("Try again"):
        page.press("Try again")
    page.press("Build and prove")
    page.settle("Build and prove", "Try again", "Download")


def offered(disk: Disk) -> bool:
    return any((disk.folder / "home" / "exports").glob("*/*"))


def train_page(disk: Disk, tries: Tries) -> None:
    """Rename a run, delete it, bring it back, remove it for good."""
    one = start_run(tiny(), "digits", epochs=1)
    one.wait()
    with disk.full():
        one.delete()
    made_room = [run.id for run in deleted_runs()] == [one.id]
    tries.check("a run is deleted to make room", made_room, "it is not deleted")
    deleted_runs()[0].restore()
    with served(disk, tries) as pages:
        design_id = pages.ask(lambda library: library.create(tiny(), LOCAL))

        def visit() -> Visitor:
            return Visitor(pages.server.url, "train", f"design={design_id}")

        def renamed() -> bool:
            return any(run.title == "the first" for run in runs())

        deeds: list[tuple[str, Do, Callable[[], bool]]] = [
            ("a run is renamed", lambda p: p.fill(f"rename-{one.id}", "the first"), renamed),
            ("a run is deleted", lambda p: p.press("delete-run"), lambda: not runs()),
            ("a run is brought back", lambda p: p.press("undo-delete"), lambda: bool(runs())),
            ("a run is deleted", lambda p: p.press("delete-run"), lambda: not runs()),
            ("runs are removed", lambda p: p.press("empty-runs"), lambda: not deleted_runs()),
        ]
        with closing(visit()) as page:
            for what, do, done in deeds:
                pages.tried(what, page, do, done)


WORKS = {work.__name__: work for work in (library_page, design_page, copies, train_page)}


def soak(count: int = 1, works: Sequence[str] = tuple(WORKS)) -> list[Row]:
    """Fill a small disk under what a person does on the pages."""
    return on_small_disk("tests.soak.full_disk_pages", count, works)


if __name__ == "__main__":
    main(WORKS, soak, "A full disk under what a person does on the pages")
