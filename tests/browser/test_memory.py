"""Two tabs, a reload, a killed server, a cut connection, a week: nothing a person made is lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.driver import Editor
from tests.browser.test_drawing import draw_vgg

pytestmark = pytest.mark.browser

WITHIN = 2_000  # milliseconds in which the other tab has to show an edit: a promise to people


def filters(count: int) -> int:
    """Return the parameters of the drawn network with so many filters."""
    return 3 * 9 * count + count + count * 9 * count + count


def presence(editor: Editor) -> Locator:
    return editor.page.get_by_test_id("presence")


@pytest.fixture
def other(editor: Editor, new_page: Callable[..., Page]) -> Editor:
    """The same design in a second tab of another person's browser."""
    draw_vgg(editor)
    other = Editor(new_page(), editor.url)
    other.open(f"{editor.url}/?design={editor.design_id()}")
    other.expect_params(38_720)
    return other


def test_each_tab_shows_the_others_edits_by_itself(editor: Editor, other: Editor) -> None:
    expect(presence(editor)).to_have_text("Open in 2 tabs", timeout=WITHIN)
    expect(presence(other)).to_have_text("Open in 2 tabs", timeout=WITHIN)
    editor.set("vgg_block_1", filters=32)
    expect(other.total()).to_have_attribute("data-value", str(filters(32)), timeout=WITHIN)
    other.set("vgg_block_1", filters=16)
    expect(editor.total()).to_have_attribute("data-value", str(filters(16)), timeout=WITHIN)


def test_a_closed_tab_is_no_longer_counted(editor: Editor, other: Editor) -> None:
    expect(presence(editor)).to_have_attribute("data-tabs", "2")
    other.page.close()
    expect(presence(editor)).to_have_attribute("data-tabs", "1")


def test_a_tab_on_another_page_is_not_counted(editor: Editor, other: Editor) -> None:
    expect(presence(editor)).to_have_attribute("data-tabs", "2")
    other.page.get_by_role("link", name="Library").click()
    expect(presence(editor)).to_have_attribute("data-tabs", "1")


def test_selection_and_view_stay_when_others_edit(editor: Editor, other: Editor) -> None:
    editor.select("image_1")
    viewport = editor.page.locator(".react-flow__viewport")
    before = viewport.get_attribute("style")
    other.drag_block("Classifier", 250, 420)
    other.link("vgg_block_1", "classifier_1")
    expect(editor.node("classifier_1")).to_be_visible(timeout=WITHIN)
    expect(editor.node("image_1")).to_have_attribute("data-selected", "true")
    assert viewport.get_attribute("style") == before


def test_an_edit_of_a_block_that_another_tab_removed_says_so(editor: Editor, other: Editor) -> None:
    editor.select("vgg_block_1")
    editor.page.context.set_offline(True)
    other.node("vgg_block_1").click()
    other.page.keyboard.press("Delete")
    expect(other.nodes).to_have_count(1)
    other.saved()
    editor.field("filters").fill("8")
    editor.page.context.set_offline(False)
    expect(editor.page.get_by_test_id("notices")).to_contain_text("was removed meanwhile")
    expect(editor.nodes).to_have_count(1)
