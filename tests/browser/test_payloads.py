"""Words that people type or send stay words: no page, file or address makes code of them.

A few payloads here; `python -m tests.soak.payloads` takes all of them to the same places.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from blocks import Design
from editor.server import LOCAL
from editor.store import Library
from tests.browser import walks
from tests.browser.conftest import Server
from tests.browser.driver import Editor
from tests.browser.payloads import MARKDOWN, MARKUP, PAYLOADS, QUOTES, Watch

pytestmark = pytest.mark.browser
FEW = (*MARKUP[1:4], *MARKDOWN[:2], *QUOTES[:2])


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


@pytest.fixture
def watch(page: Page) -> Iterator[Watch]:
    watch = Watch(page.context)
    yield watch
    assert watch.found == []


def test_the_watch_sees_what_does_something(page: Page) -> None:
    """A page that shows typed words as markup is found out: no other test could fail without."""
    watch = Watch(page.context)
    page.goto("about:blank")
    page.set_content("".join(PAYLOADS))
    page.evaluate("alert('evil')")
    page.wait_for_load_state("load")
    bad = '<b>evil</b><a href="javascript:pwned()">x</a><img src="http://evil.invalid/a.png">'
    page.set_content(f'{bad}<div class="katex">x</div>')
    watch.look(page, "a bare page")
    for what in ("ran a script", "opened a dialog", "asked for http://evil.invalid"):
        assert any(what in one for one in watch.found), what
    for what in ("markup", "an address", "a formula"):
        assert any(f"shows {what}" in one for one in watch.found), what


def test_no_text_of_a_design_does_anything_on_any_page(
    server: Server, page: Page, watch: Watch
) -> None:
    ids = walks.store(Library(server.home / "library.sqlite"), FEW)
    editor = Editor(page, server.url)
    walks.look_at_design(editor, watch, ids[0])
    walks.look_at_library(editor, watch)
    walks.look_at_compare(editor, watch, ids[:2])


def test_words_typed_into_any_field_stay_words(server: Server, page: Page, watch: Watch) -> None:
    fields = walks.type_everywhere(Editor(page, server.url), server.home, watch, PAYLOADS[1])
    assert len(fields) > 55
    assert {"/ Name of the design", "/library Search", "/train Name of the run"} <= fields


def test_no_address_does_anything(server: Server, page: Page, watch: Watch) -> None:
    Library(server.home / "library.sqlite").create(Design("mine"), LOCAL)
    walks.look_at_addresses(Editor(page, server.url), watch, PAYLOADS[:2])


def test_no_name_and_no_content_of_a_file_does_anything(
    server: Server, page: Page, watch: Watch
) -> None:
    walks.send_files(Editor(page, server.url), watch, FEW)


def test_no_words_of_runs_do_anything(
    server: Server, page: Page, watch: Watch, tmp_path: Path
) -> None:
    walks.look_at_runs(Editor(page, server.url), watch, FEW, tmp_path)


def test_no_export_does_anything_in_a_browser(page: Page, watch: Watch, tmp_path: Path) -> None:
    walks.look_at_exports(page, watch, PAYLOADS, tmp_path)
