"""What the keyboard does on the canvas: build, line up, menus, copy to another tab."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.driver import Editor
from tests.browser.hands import choose, draw_chain, links, undo_step

pytestmark = pytest.mark.browser


def test_a_network_is_built_with_the_command_palette_alone(editor: Editor) -> None:
    for typed, title in (("image", "Image"), ("convlution", "Convolution"), ("classif", "Classif")):
        choose(editor, typed, title)
        editor.saved()
    expect(editor.nodes).to_have_count(3)
    assert links(editor) == {"image_1 to conv_1", "conv_1 to classifier_1"}
    choose(editor, "image_1", "image_1")
    expect(editor.node("image_1")).to_have_attribute("data-selected", "true")
    choose(editor, "select all", "Select all")
    choose(editor, "align left", "Align left edges")
    editor.saved()
    expect(editor.page.get_by_test_id("total-params")).not_to_have_attribute("data-value", "0")


def test_blocks_are_lined_up_and_moved_by_keyboard_each_in_one_step(editor: Editor) -> None:
    editor.drag_block("Conv", 200, 40)
    editor.drag_block("Dense", 320, 200)
    editor.page.keyboard.press("Control+a")
    editor.surface.click(position={"x": 20, "y": 20})
    editor.page.keyboard.press("Control+a")
    editor.page.keyboard.press("Control+Shift+ArrowLeft")
    editor.saved()
    conv, dense = editor.node("conv_1"), editor.node("dense_1")
    assert editor.middle(conv)[0] == pytest.approx(editor.middle(dense)[0], abs=1)
    assert undo_step(editor) == "Undo: Align left edges"

    before = editor.middle(conv)
    for _ in range(5):
        editor.page.keyboard.press("ArrowRight")
    editor.saved()
    assert editor.middle(conv)[0] - before[0] == pytest.approx(40, abs=1)
    editor.page.keyboard.press("Control+z")
    expect(editor.page.get_by_role("button", name="Redo", exact=True)).to_have_attribute(
        "aria-disabled", "false"
    )
    editor.saved()
    assert editor.middle(conv)[0] == pytest.approx(before[0], abs=1)


def test_menus_are_reached_and_used_by_keyboard(editor: Editor) -> None:
    draw_chain(editor, "Image", "Conv")
    keyboard = editor.page.keyboard
    editor.node("conv_1").click()
    keyboard.press("Shift+F10")
    menu = editor.page.get_by_test_id("context-menu")
    expect(menu.get_by_role("menuitem", name="Rename")).to_be_focused()
    keyboard.press("End")
    expect(menu.get_by_role("menuitem", name="Take out, join its links")).to_be_focused()
    keyboard.press("Escape")
    expect(menu).to_have_count(0)
    keyboard.press("ContextMenu")
    keyboard.press("Enter")
    expect(editor.field("node_name")).to_be_focused()
    keyboard.type("stem")
    keyboard.press("Enter")
    expect(editor.node("stem")).to_have_count(1)


def test_the_keys_are_listed_behind_the_question_mark(editor: Editor) -> None:
    editor.surface.click(position={"x": 20, "y": 20})
    editor.page.keyboard.press("?")
    sheet = editor.page.get_by_test_id("keys")
    expect(sheet).to_contain_text("Take out, join its links")
    editor.page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)


def test_undo_in_a_field_is_the_fields_own(editor: Editor) -> None:
    draw_chain(editor, "Image", "Conv")
    editor.select("conv_1")
    field = editor.field("filters")
    field.fill("48")
    editor.saved()
    before = editor.revision()
    field.press("Control+z")
    editor.saved()
    expect(editor.nodes).to_have_count(2)
    assert editor.revision() >= before
    field.press("Delete")
    field.press("Backspace")
    expect(editor.nodes).to_have_count(2)


def test_keys_elsewhere_on_the_page_do_not_touch_the_canvas(editor: Editor) -> None:
    draw_chain(editor, "Image", "Conv")
    editor.node("conv_1").click()
    editor.page.get_by_test_id("stButtonGroup").get_by_text("Charts").click()
    for key in ("Delete", "Backspace", "Control+x"):
        editor.page.keyboard.press(key)
    expect(editor.nodes).to_have_count(2)


def test_blocks_travel_between_tabs_as_the_text_of_a_design(
    server: Server, editor: Editor, new_page: Callable[..., Page]
) -> None:
    draw_chain(editor, "Image", "Conv")
    editor.surface.click(position={"x": 20, "y": 20})
    page = editor.page
    page.evaluate(
        "document.addEventListener('copy', event => "
        "{ window.copied = event.clipboardData.getData('text/plain') })"
    )
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+c")
    text = page.evaluate("window.copied")
    assert [node["block"] for node in json.loads(text)["nodes"]] == ["Image", "Conv"]

    other = Editor(new_page(), server.url)
    other.open()
    choose(other, "new design", "New design")
    expect(other.nodes).to_have_count(0)
    other.page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          document.body.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, composed: true }));
        }""",
        text,
    )
    expect(other.nodes).to_have_count(2)
    assert links(other) == {"image_1 to conv_1"}


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
def test_the_design_page_stays_where_it_is(
    server: Server, new_page: Callable[..., Page], width: int, height: int
) -> None:
    editor = Editor(new_page(width, height), server.url)
    editor.open()
    draw_chain(editor, "Image", "Conv")
    editor.node("conv_1").click()
    for key in ("Delete", "Control+z", "Control+k", "Escape", "?", "Escape", "f"):
        editor.page.keyboard.press(key)
    scrolled = "document.querySelector('[data-testid=stMain]').scrollTop"
    assert editor.page.evaluate(scrolled) == 0
    box = editor.canvas.bounding_box()
    assert box
    assert box["y"] + box["height"] <= height


def test_delete_opens_a_gap_and_shift_delete_heals_it(editor: Editor) -> None:
    draw_chain(editor, "Image", "Conv", "Classifier")
    editor.node("conv_1").click()
    editor.page.keyboard.press("Delete")
    expect(editor.page.locator(".react-flow__edge")).to_have_count(0)
    editor.page.keyboard.press("Control+z")
    expect(editor.page.locator(".react-flow__edge")).to_have_count(2)
    editor.node("conv_1").click()
    editor.page.keyboard.press("Shift+Delete")
    expect(editor.nodes).to_have_count(2)
    editor.saved()
    assert links(editor) == {"image_1 to classifier_1"}
