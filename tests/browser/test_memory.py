"""Two tabs, a reload, a killed server, a cut connection, a week: nothing a person made is lost.

How soon the other tab shows an edit is measured by `benchmarks/many_people.py`.
"""

import sqlite3
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from editor.store import Library
from tests.browser.conftest import Server
from tests.browser.driver import Editor
from tests.browser.test_drawing import draw_vgg
from tests.browser.wire import Wire

pytestmark = pytest.mark.browser


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
    expect(presence(editor)).to_have_text("Open in 2 tabs")
    expect(presence(other)).to_have_text("Open in 2 tabs")
    editor.set("vgg_block_1", filters=32)
    expect(other.total()).to_have_attribute("data-value", str(filters(32)))
    other.set("vgg_block_1", filters=16)
    expect(editor.total()).to_have_attribute("data-value", str(filters(16)))


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
    expect(editor.node("classifier_1")).to_be_visible()
    expect(editor.node("image_1")).to_have_attribute("data-selected", "true")
    assert viewport.get_attribute("style") == before


@pytest.fixture
def wire(server: Server) -> Iterator[Wire]:
    wire = Wire(server.port)
    yield wire
    wire.close()


@pytest.fixture
def far(wire: Wire, new_page: Callable[..., Page]) -> Editor:
    """An editor whose connection can be cut."""
    far = Editor(new_page(), wire.url)
    far.open()
    draw_vgg(far)
    return far


def state(editor: Editor, name: str) -> None:
    """Wait until the bar says where the work is: saved, saving or offline."""
    expect(editor.canvas).to_have_attribute("data-state", name, timeout=60_000)


def test_an_edit_of_a_block_that_another_tab_removed_says_so(
    server: Server, far: Editor, wire: Wire, new_page: Callable[..., Page]
) -> None:
    other = Editor(new_page(), server.url)
    other.open(f"{server.url}/?design={far.design_id()}")
    far.select("vgg_block_1")
    wire.cut()
    state(far, "offline")
    other.node("vgg_block_1").click()
    other.page.keyboard.press("Delete")
    expect(other.nodes).to_have_count(1)
    far.field("filters").fill("8")
    wire.mend()
    state(far, "saved")
    expect(far.page.get_by_test_id("notices")).to_contain_text("was removed meanwhile")
    expect(far.nodes).to_have_count(1)


def test_a_cut_connection_is_said_and_what_is_drawn_meanwhile_is_delivered(
    server: Server, far: Editor, wire: Wire
) -> None:
    far.select("vgg_block_1")
    wire.cut()
    state(far, "offline")
    expect(far.page.get_by_test_id("saved-state")).to_contain_text("your work is kept")
    far.field("filters").fill("16")
    far.field("convolutions").fill("1")
    wire.mend()
    state(far, "saved")
    far.expect_params(3 * 9 * 16 + 16)
    assert stored_filters(server) == 16


def test_a_reload_in_mid_edit_loses_nothing(far: Editor, wire: Wire) -> None:
    far.select("vgg_block_1")
    far.field("filters").fill("16")
    far.page.reload()
    far.expect_params(filters(16))
    far.select("vgg_block_1")
    wire.cut()
    state(far, "offline")
    far.field("filters").fill("24")
    wire.mend()
    far.page.reload()
    far.expect_params(filters(24))
    state(far, "saved")


def stored_filters(server: Server) -> int:
    """Return what is on the disk, as another process sees it."""
    library = Library(server.home / "library.sqlite")
    design = library.open(library.designs("local")[0].id, "local").design
    library.close()
    return int(design.node("vgg_block_1").block.values()["filters"])


def test_undo_goes_on_in_another_tab_and_after_a_restart(
    server: Server, editor: Editor, new_page: Callable[..., Page]
) -> None:
    draw_vgg(editor)
    editor.set("vgg_block_1", filters=32)
    editor.set("image_1", channels=1)
    server.kill()
    server.start()
    other = Editor(new_page(), server.url)
    other.open(f"{server.url}/?design={editor.design_id()}")
    other.page.get_by_role("button", name="Undo").click()
    other.expect_params(filters(32))
    other.page.get_by_role("button", name="Undo").click()
    other.expect_params(38_720)
    other.page.get_by_role("button", name="Redo").click()
    other.expect_params(filters(32))


def test_two_tabs_racing_with_two_hundred_edits_keep_every_one(
    server: Server, editor: Editor, other: Editor
) -> None:
    editor.select("vgg_block_1")
    other.select("image_1")
    for turn in range(1, 101):
        editor.field("filters").fill(str(1_000 + turn))
        other.field("height").fill(str(100 + turn))
    for tab in (editor, other):
        state(tab, "saved")
        expect(tab.node("vgg_block_1")).to_have_attribute("data-shape", "100x128x1100")
    rows = sqlite3.connect(server.home / "library.sqlite").execute("SELECT edit FROM revisions")
    kept = " ".join(edit for (edit,) in rows)
    for turn in range(1, 101):
        assert f'"filters":{1_000 + turn}' in kept
        assert f'"height":{100 + turn}' in kept


def test_a_named_version_is_restored_and_the_restoring_undone(editor: Editor) -> None:
    draw_vgg(editor)
    page = editor.page
    page.get_by_role("button", name="Versions").click()
    dialog = page.get_by_role("dialog")
    name = dialog.get_by_role("textbox", name="Name of the present version")
    name.fill("before widening")
    dialog.get_by_role("button", name="Name it").click()
    dialog.get_by_text("Named versions only").click()
    expect(dialog.locator("table[role=grid]").first).to_contain_text("before widening")
    dialog.get_by_role("button", name="Close").click()
    editor.set("vgg_block_1", filters=128)
    editor.expect_params(filters(128))
    page.get_by_role("button", name="Versions").click()
    expect(dialog).to_contain_text("Blocks since then: 1 changed")
    dialog.get_by_role("button", name="Restore").click()
    editor.expect_params(38_720)
    page.get_by_role("button", name="Undo").click()
    editor.expect_params(filters(128))


def test_a_version_opens_as_a_copy_beside_the_design(editor: Editor) -> None:
    draw_vgg(editor)
    editor.page.get_by_role("button", name="Versions").click()
    editor.page.get_by_role("dialog").get_by_role("button", name="Open a copy").click()
    expect(editor.page.get_by_label("Name of the design")).to_have_value("untitled copy")
    editor.expect_params(38_720)
