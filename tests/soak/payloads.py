"""Words that would do something if a page took them for more: typed and sent everywhere.

Every payload is typed into every text field there is, and stands in every text of designs, files,
runs and addresses that the pages, the report, drawings and notebooks then show in Chromium.
Nothing of it may run, load anything, become a link that does something, or markup.
"""

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from blocks import Design
from editor.server import LOCAL
from editor.store import Library
from tests.browser import walks
from tests.browser.conftest import CHROMIUM_ARGUMENTS
from tests.browser.driver import Editor
from tests.browser.payloads import PAYLOADS, Watch
from tests.browser.server import Server
from tests.soak import Row, run

PATIENCE = 120_000

Walk = Callable[[Editor, Watch, Path], object]


def soak(count: int) -> list[Row]:
    """Send all payloads to every place, and type so many of them into every field."""
    sent = Row("looks at places that show payloads", note=f"{len(PAYLOADS)} payloads")
    typed = Row("payloads typed into text fields")
    fields: set[str] = set()
    with sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
        browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM_ARGUMENTS)
        for walk in (_designs, _addresses, _files, _runs, _exports):
            _walk(browser.new_context(), walk, sent)
            print(f"{sent.tried} looks, {sent.lost} found", flush=True)
        # In strides, so that a small count has payloads of every kind.
        for text in [PAYLOADS[7 * place % len(PAYLOADS)] for place in range(count)]:
            _walk(browser.new_context(), _typing(text, fields), typed)
            print(f"{typed.tried} typed, {typed.lost} found", flush=True)
        browser.close()
    typed.note = f"{count} payloads, {len(fields)} fields"
    return [sent, typed]


def _typing(text: str, fields: set[str]) -> Walk:
    def type_it(editor: Editor, watch: Watch, home: Path) -> None:
        fields.update(walks.type_everywhere(editor, home, watch, text))

    return type_it


def _designs(editor: Editor, watch: Watch, home: Path) -> None:
    ids = walks.store(Library(home / "library.sqlite"), PAYLOADS)
    walks.look_at_design(editor, watch, ids[0])
    walks.look_at_library(editor, watch)
    walks.look_at_compare(editor, watch, ids[:2])


def _addresses(editor: Editor, watch: Watch, home: Path) -> None:
    Library(home / "library.sqlite").create(Design("mine"), LOCAL)
    walks.look_at_addresses(editor, watch, PAYLOADS)


def _files(editor: Editor, watch: Watch, home: Path) -> None:
    walks.send_files(editor, watch, PAYLOADS)


def _runs(editor: Editor, watch: Watch, home: Path) -> None:
    walks.look_at_runs(editor, watch, PAYLOADS, home)


def _exports(editor: Editor, watch: Watch, home: Path) -> None:
    walks.look_at_exports(editor.page, watch, PAYLOADS, home)


def _walk(context: BrowserContext, walk: Walk, row: Row) -> None:
    """Walk at a server of its own, and count each look at a page."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        os.environ["BLOCKWRIGHT_HOME"] = str(home)
        os.environ["BLOCKWRIGHT_STANDBY"] = "0"
        server = Server(home)
        server.start()
        try:
            context.set_default_timeout(PATIENCE)
            expect.set_options(timeout=PATIENCE)
            watch, page = Watch(context), context.new_page()
            walk(Editor(_wide(page), server.url), watch, home)
            row.tried += watch.looks
            row.findings += watch.found
        finally:
            context.close()
            server.kill()


def _wide(page: Page) -> Page:
    page.set_viewport_size({"width": 1280, "height": 900})
    return page


if __name__ == "__main__":
    run(soak, len(PAYLOADS), "Words that would do something, typed and sent everywhere")
