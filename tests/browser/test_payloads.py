"""Words that people type or send stay words: no page, file or address makes code of them."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from blocks import Design
from editor.server import LOCAL
from editor.store import Library
from tests.browser.conftest import Server
from tests.browser.driver import Editor
from tests.browser.fields import drawn, places, stopped_run, typed_into_all
from tests.browser.payloads import PAYLOADS, Watch, chain

pytestmark = pytest.mark.browser


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


@pytest.fixture
def watch(page: Page) -> Iterator[Watch]:
    watch = Watch(page.context)
    yield watch
    assert watch.found == []


def store(library: Library, payloads: Sequence[str]) -> list[str]:
    """Store a design full of the payloads, and one named, tagged and labelled after each of them.

    Return their ids, the full one's first.
    """
    ids = [library.create(Design.from_json(chain(payloads)), LOCAL)]
    for text in payloads:
        ids.append(library.create(Design(text), LOCAL))
        library.tag(ids[-1], LOCAL, [text[:40]])
    for place, text in enumerate(payloads):
        library.edit(ids[0], LOCAL, text, {"nodes": {"photo": {"x": place - 50}}})
        library.versions.name(ids[0], LOCAL, place + 1, text[:80])
    return ids


def radio(page: Page, name: str) -> Locator:
    return page.get_by_role("radio", name=name, exact=True)


def test_no_text_of_a_design_does_anything_on_any_page(
    server: Server, page: Page, watch: Watch
) -> None:
    ids = store(Library(server.home / "library.sqlite"), PAYLOADS)
    editor = Editor(page, server.url)
    look_at_design(editor, watch, ids[0])
    look_at_library(editor, watch)
    look_at_compare(editor, watch, ids[:2])


def test_the_watch_sees_what_does_something(page: Page) -> None:
    """A page that shows typed words as markup is found out: no other test could fail without."""
    watch = Watch(page.context)
    page.goto("about:blank")
    page.set_content("".join(PAYLOADS))
    page.evaluate("alert('evil')")
    page.wait_for_load_state("load")
    page.set_content('<b>evil</b><a href="javascript:pwned()">x</a><div class="katex">x</div>')
    watch.look(page, "a bare page")
    for what in ("ran a script", "opened a dialog", "asked for http://evil.invalid"):
        assert any(what in one for one in watch.found), what
    for what in ("markup", "an address", "a formula"):
        assert any(f"shows {what}" in one for one in watch.found), what


def test_words_typed_into_any_field_stay_words(server: Server, page: Page, watch: Watch) -> None:
    counts = type_everywhere(Editor(page, server.url), server.home, watch, PAYLOADS[1])
    assert sum(counts.values()) > 90


def type_everywhere(editor: Editor, home: Path, watch: Watch, payload: str) -> dict[str, int]:
    """Type a payload into every text field there is; return how many fields are where."""
    design_id = Library(home / "library.sqlite").create(drawn(), LOCAL)
    for title in ("first", "second"):
        stopped_run(drawn(), title, design_id=design_id)
    counts = {}
    for where in places(editor, design_id):
        names: list[str] = []
        for name in typed_into_all(editor.page, payload):
            names.append(name)
            watch.look(editor.page, f"{where}, {name},")
        counts[where] = len(names)
    return counts


def look_at_design(editor: Editor, watch: Watch, design_id: str) -> None:
    """Open everything that the Design page shows of a design."""
    page = editor.page
    editor.open(f"{editor.url}/?design={design_id}")
    expect(page.get_by_test_id("diagram").locator("svg")).to_be_visible()
    watch.look(page, "the canvas")
    for tab in ("Bars", "Outline", "Problems"):
        page.get_by_role("tab", name=tab).click()
        watch.look(page, f"the dock's {tab}")
    page.keyboard.press("Control+k")
    page.keyboard.type("pwned")
    expect(page.get_by_test_id("command").get_by_role("option").first).to_be_visible()
    watch.look(page, "the command palette")
    page.keyboard.press("Escape")
    for panel, there in (("Charts", ".js-plotly-plot"), ("Code", "text=The code appears")):
        radio(page, panel).click()
        expect(page.locator(there).first).to_be_visible()
        watch.look(page, f"the panel {panel}")
    page.get_by_role("button", name="Versions").click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Restore")).to_be_visible()
    watch.look(page, "the versions")
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Export").click()
    expect(page.get_by_role("dialog").get_by_text("Nothing can be exported")).to_be_visible()
    watch.look(page, "the export")


def look_at_library(editor: Editor, watch: Watch) -> None:
    page = editor.page
    page.goto(f"{editor.url}/library")
    expect(page.get_by_role("button", name="More").first).to_be_visible()
    watch.look(page, "the library")


def look_at_compare(editor: Editor, watch: Watch, ids: Sequence[str]) -> None:
    page = editor.page
    page.goto(f"{editor.url}/compare?designs={','.join(ids)}")
    expect(page.get_by_role("region", name="Totals side by side")).to_be_visible()
    watch.look(page, "a comparison")
