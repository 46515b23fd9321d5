"""A disk that may only be read under the pages: shown with a sentence, refused in one; then on.

A real server is started where nothing may be written. Every page must open and say so, and what
would write must be refused in a sentence; an edit waits in the browser until it can be saved.
"""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from editor.server import LOCAL
from tests.soak import Row
from tests.soak._disk import Disk, Tries, main, on_small_disk
from tests.soak._visitor import Visitor
from tests.soak.full_disk import numbered
from tests.soak.full_disk_pages import Do, Pages, said
from tests.soak.kill_training import tiny

PAGES = ("", "library", "gallery", "compare", "train")
TOLD = "may only be read"


def looked_at(disk: Disk, tries: Tries) -> None:
    """Open every page of a library, and of a home that has nothing else in it."""
    pages, query = begun(disk, tries)
    with TemporaryDirectory() as elsewhere, disk.read_only():
        pages.server.log = Path(elsewhere) / "server.log"
        pages.server.start()
        try:
            for place in PAGES:
                what = "pages that are shown, with a sentence"
                try:
                    with closing(Visitor(pages.server.url, place, query)) as page:
                        told = any(TOLD in text for text in page.texts)
                        tries.check(what, told, f"{place}: it says {page.texts[-4:]}")
                except AssertionError as error:
                    tries.check(what, False, f"{place}: {error}")
            for what, place, do in DEEDS:
                refused(pages, tries, what, place, query, do)
        finally:
            pages.server.kill()


def begun(disk: Disk, tries: Tries) -> tuple[Pages, str]:
    """Return a server to be started over a library with a design, and the address of it."""
    pages = Pages(disk, tries)
    return pages, f"design={pages.ask(lambda one: one.create(tiny(), LOCAL))}"


def refused(pages: Pages, tries: Tries, what: str, place: str, query: str, do: Do) -> None:
    """Do something that would write; it must be refused in a sentence, and nothing else."""
    before = pages.names()
    try:
        with closing(Visitor(pages.server.url, place, query)) as page:
            do(page)
            told = [text for text in said(page) if TOLD in text or "allow writing" in text]
            tries.check(what, len(told) > 1, f"nothing but the page's own sentence: {said(page)}")
    except AssertionError as error:
        tries.check(what, False, str(error))
    tries.check(what, pages.names() == before, "it was done")


def deleted(page: Visitor) -> None:
    page.press(page.key("more-"))
    page.press("Delete")


def imported(page: Visitor) -> None:
    page.upload(page.key("import-"), "theirs.json", b'{"format": "blockwright", "version": 1}')


DEEDS: tuple[tuple[str, str, Do], ...] = (
    ("an edit", "", lambda page: page.send([numbered(1, "drawn")])),
    ("undo", "", lambda page: page.send([numbered(1, "") | {"kind": "undo"}])),
    ("a copy is saved", "", lambda page: page.act("duplicate")),
    ("a new design is begun", "", lambda page: page.act("new")),
    ("a design is deleted", "library", deleted),
    ("a design is imported", "library", imported),
    ("a new design on the Library page", "library", lambda page: page.press("New design")),
    ("a training is started", "train", lambda page: page.press("start-training")),
)


def waited(disk: Disk, tries: Tries) -> None:
    """Draw where nothing may be written, and send the edit again where it may."""
    pages, query = begun(disk, tries)
    what = "an edit waits and is saved later"
    with TemporaryDirectory() as elsewhere:
        pages.server.log = Path(elsewhere) / "server.log"
        try:
            with disk.read_only():
                pages.server.start()
                page = Visitor(pages.server.url, query=query)
                page.send([numbered(1, "drawn")])
                tries.check(what, page.acknowledged("me") == 0, "it is called saved")
            page.send([numbered(1, "drawn")])
            tries.check(what, page.acknowledged("me") == 1, f"it is not saved: {said(page)}")
            page.look()
            over = not any(TOLD in text for text in page.texts)
            tries.check(what, over, "the page still says that it may only be read")
            page.close()
            tries.check(what, "drawn" in pages.names(), f"it is lost: {pages.names()}")
        finally:
            pages.server.kill()


WORKS = {work.__name__: work for work in (looked_at, waited)}


def soak(count: int = 1, works: Sequence[str] = tuple(WORKS)) -> list[Row]:
    """Let a real server work where nothing may be written."""
    return on_small_disk("tests.soak.read_only_pages", count, works)


if __name__ == "__main__":
    main(WORKS, soak, "A disk that may only be read, under the pages")
