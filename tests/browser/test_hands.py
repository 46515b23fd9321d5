"""What hands do on the canvas: insert, replace, line up, search, write; by mouse and keyboard."""

import itertools
import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Server
from tests.browser.driver import Editor

pytestmark = pytest.mark.browser


def draw_chain(editor: Editor, *blocks: str) -> None:
    """Draw blocks one below the other and link them."""
    names = []
    for row, block in enumerate(blocks):
        editor.drag_block(block, 250, 60 + 130 * row)
        names.append(editor.nodes.nth(row).get_attribute("data-name") or "")
    for source, target in itertools.pairwise(names):
        editor.link(source, target)


def names(editor: Editor) -> set[str]:
    return {node.get_attribute("data-name") or "" for node in editor.nodes.all()}


def links(editor: Editor) -> set[str]:
    """The links as a screen reader hears them: "image_1 to conv_1"."""
    labels = editor.page.locator(".react-flow__edge").evaluate_all(
        "edges => edges.map(edge => edge.getAttribute('aria-label'))"
    )
    return {label.removeprefix("Link from ") for label in labels}


def hold(editor: Editor, block: str, x: float, y: float) -> None:
    """Drag a block out of the palette to a point of the window without letting go."""
    editor.page.get_by_test_id("palette-search").fill(block)
    item = editor.page.locator(f'[data-testid="palette-item"][data-block="{block}"]')
    mouse = editor.page.mouse
    mouse.move(*editor.middle(item))
    mouse.down()
    mouse.move(x - 30, y - 10, steps=3)
    mouse.move(x, y, steps=3)


def drag(editor: Editor, node: Locator, x: float, y: float) -> None:
    mouse = editor.page.mouse
    start = editor.middle(node)
    mouse.move(*start)
    mouse.down()
    mouse.move(start[0] + 2, start[1] + 2)
    mouse.move(x, y, steps=8)


def undo_step(editor: Editor) -> str:
    button = editor.page.get_by_role("button", name="Undo", exact=True)
    return button.get_attribute("data-tip") or ""


def choose(editor: Editor, query: str, title: str) -> None:
    """Find something in the command palette and take it."""
    editor.page.keyboard.press("Control+k")
    command = editor.page.get_by_test_id("command")
    expect(command).to_be_visible()
    editor.page.keyboard.type(query)
    expect(command.get_by_role("option", selected=True)).to_contain_text(title)
    editor.page.keyboard.press("Enter")
    expect(command).to_have_count(0)


def test_a_block_dropped_on_a_link_stands_within_it(editor: Editor) -> None:
    draw_chain(editor, "Image", "Conv", "Classifier")
    above = editor.middle(editor.port("image_1", "out"))
    below = editor.middle(editor.port("conv_1", "in"))
    hold(editor, "VGGBlock", above[0] + 3, (above[1] + below[1]) / 2)
    expect(editor.page.locator(".react-flow__edge.landing")).to_have_count(1)
    editor.page.mouse.up()
    expect(editor.node("vgg_block_1")).to_have_count(1)
    editor.saved()
    assert links(editor) == {
        "image_1 to vgg_block_1",
        "vgg_block_1 to conv_1",
        "conv_1 to classifier_1",
    }
    expect(editor.node("vgg_block_1")).to_have_attribute("data-shape", re.compile(r"\d+x\d+x\d+"))
    editor.surface.click(position={"x": 20, "y": 20})
    editor.page.keyboard.press("Control+z")
    expect(editor.node("vgg_block_1")).to_have_count(0)
    assert "image_1 to conv_1" in links(editor)


def test_a_free_block_dragged_onto_a_link_is_put_within_it_in_one_step(editor: Editor) -> None:
    draw_chain(editor, "Image", "Classifier")
    editor.drag_block("BatchNorm", 560, 200)
    above = editor.middle(editor.port("image_1", "out"))
    below = editor.middle(editor.port("classifier_1", "in"))
    drag(editor, editor.node("batch_norm_1"), above[0], (above[1] + below[1]) / 2)
    expect(editor.page.locator(".react-flow__edge.landing")).to_have_count(1)
    editor.page.mouse.up()
    expect(editor.page.locator(".react-flow__edge")).to_have_count(2)
    editor.saved()
    assert undo_step(editor) == "Undo: Insert batch_norm_1"


def test_a_block_is_replaced_by_dropping_another_and_from_its_menu(editor: Editor) -> None:
    draw_chain(editor, "Image", "Conv", "Classifier")
    editor.set("conv_1", filters=24)
    hold(editor, "VGGBlock", *editor.middle(editor.node("conv_1")))
    expect(editor.page.locator(".ghost")).to_contain_text("Replace conv_1")
    editor.page.mouse.up()
    expect(editor.node("vgg_block_1")).to_have_count(1)
    expect(editor.field("filters")).to_have_value("24")
    assert links(editor) == {"image_1 to vgg_block_1", "vgg_block_1 to classifier_1"}

    editor.node("vgg_block_1").click(button="right")
    editor.page.get_by_role("menuitem", name="Replace with…").click()
    editor.page.keyboard.type("residual")
    editor.page.keyboard.press("Enter")
    expect(editor.node("residual_1")).to_have_count(1)
    editor.saved()
    assert links(editor) == {"image_1 to residual_1", "residual_1 to classifier_1"}
    expect(editor.field("filters")).to_have_value("24")


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


def test_a_double_click_on_the_canvas_asks_what_to_put_there(editor: Editor) -> None:
    editor.drag_block("Image", 250, 40)
    box = editor.surface.bounding_box()
    assert box
    editor.surface.dblclick(position={"x": 500, "y": 250})
    editor.page.keyboard.type("flatten")
    editor.page.keyboard.press("Enter")
    expect(editor.node("flatten_1")).to_have_count(1)
    x, y = editor.middle(editor.node("flatten_1"))
    assert abs(x - box["x"] - 500) < 20
    assert abs(y - box["y"] - 250) < 20


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


def test_a_dragged_block_snaps_into_line_unless_alt_is_held(editor: Editor) -> None:
    editor.drag_block("Conv", 200, 40)
    editor.drag_block("Dense", 420, 200)
    conv = editor.middle(editor.node("conv_1"))
    start = editor.middle(editor.node("dense_1"))
    drag(editor, editor.node("dense_1"), conv[0] + 9, start[1] + 40)
    expect(editor.page.get_by_test_id("guide").first).to_be_attached()
    editor.page.mouse.up()
    editor.saved()
    assert editor.middle(editor.node("dense_1"))[0] == pytest.approx(conv[0], abs=0.5)
    expect(editor.page.get_by_test_id("guide")).to_have_count(0)

    editor.page.keyboard.down("Alt")
    drag(editor, editor.node("dense_1"), conv[0] + 9, start[1] + 60)
    expect(editor.page.get_by_test_id("guide")).to_have_count(0)
    editor.page.mouse.up()
    editor.page.keyboard.up("Alt")
    editor.saved()
    assert editor.middle(editor.node("dense_1"))[0] != pytest.approx(conv[0], abs=0.5)


def test_a_wrong_link_is_refused_with_its_reason_while_it_is_drawn(editor: Editor) -> None:
    draw_chain(editor, "Image", "Conv", "Classifier")
    mouse = editor.page.mouse
    mouse.move(*editor.middle(editor.port("conv_1", "out")))
    mouse.down()
    mouse.move(*editor.middle(editor.node("image_1")), steps=6)
    hint = editor.page.get_by_test_id("connection-hint")
    expect(hint).to_have_text("image_1 is an input of the network: nothing leads into it.")
    unwelcome = editor.page.locator(".react-flow__node.unwelcome")
    expect(unwelcome).to_have_count(2)
    mouse.up()
    expect(unwelcome).to_have_count(0)
    expect(editor.page.locator(".react-flow__edge")).to_have_count(2)


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


def test_a_box_drawn_with_shift_selects_blocks_that_move_in_one_step(editor: Editor) -> None:
    page, mouse = editor.page, editor.page.mouse
    for row, block in enumerate(["Image", "VGGBlock", "Residual"]):
        editor.drag_block(block, 250, 30 + 110 * row)
    first = editor.node("image_1").bounding_box()
    second = editor.node("vgg_block_1").bounding_box()
    assert first
    assert second
    page.keyboard.down("Shift")
    mouse.move(first["x"] - 40, first["y"] - 8)
    mouse.down()
    mouse.move(second["x"] + second["width"] + 30, second["y"] + second["height"] + 8, steps=8)
    mouse.up()
    page.keyboard.up("Shift")
    chosen = page.locator('[data-testid="node"][data-selected="true"]')
    expect(chosen).to_have_count(2)
    revision = editor.revision()
    start = editor.middle(editor.node("image_1"))
    mouse.move(*start)
    mouse.down()
    mouse.move(start[0] + 120, start[1], steps=8)
    mouse.up()
    expect(editor.canvas).to_have_attribute("data-revision", str(revision + 1))
    expect(page.get_by_role("button", name="Undo")).to_have_attribute(
        "data-tip", "Undo: Move 2 blocks"
    )


def test_a_click_on_the_minimap_goes_there(editor: Editor) -> None:
    page = editor.page
    page.get_by_role("link", name="Templates").click()
    page.locator(".st-key-card-googlenet").get_by_role("button", name="Open").click()
    page.get_by_role("dialog").get_by_role("button", name="Open").click()
    last = editor.node("classes")
    expect(last).to_be_attached()
    expect(last).not_to_be_in_viewport()
    minimap = page.locator(".react-flow__minimap")
    box = minimap.bounding_box()
    assert box
    minimap.click(position={"x": box["width"] / 2, "y": box["height"] - 12})
    expect(last).to_be_in_viewport()


def test_a_note_goes_through_the_clipboard_with_its_block(editor: Editor) -> None:
    page = editor.page
    editor.drag_block("Image", 250, 60)
    editor.surface.click(button="right", position={"x": 60, "y": 200})
    page.get_by_role("menuitem", name="Add a note").click()
    page.get_by_label("Text of the note").fill("of one photo")
    page.keyboard.press("Escape")
    editor.saved()
    notes = page.get_by_test_id("note")
    editor.surface.click(position={"x": 20, "y": 20})
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+c")
    page.keyboard.press("Control+v")
    expect(notes).to_have_text(["of one photo", "of one photo"])
    expect(editor.nodes).to_have_count(2)
    page.keyboard.press("Control+z")
    expect(notes).to_have_count(1)
    expect(editor.nodes).to_have_count(1)
    notes.click()
    page.keyboard.press("Control+x")
    expect(notes).to_have_count(0)
    page.keyboard.press("Control+v")
    expect(notes).to_have_text(["of one photo"])
    editor.saved()


def test_a_note_is_written_moved_sized_and_brought_back(editor: Editor) -> None:
    draw_chain(editor, "Image")
    page, keyboard = editor.page, editor.page.keyboard
    editor.surface.click(button="right", position={"x": 520, "y": 150})
    page.get_by_role("menuitem", name="Add a note").click()
    expect(page.get_by_label("Text of the note")).to_be_focused()
    keyboard.type("<img src=x onerror=alert(1)> why r and c?")
    keyboard.press("Escape")
    note = page.get_by_test_id("note")
    expect(note).to_have_text("<img src=x onerror=alert(1)> why r and c?")
    expect(note.locator("img")).to_have_count(0)
    editor.saved()

    corner = page.locator(".react-flow__resize-control.handle.bottom.right")
    before = note.evaluate("element => element.offsetWidth")
    drag(editor, corner, *(at + 64 for at in editor.middle(corner)))
    page.mouse.up()
    expect(page.get_by_role("button", name="Undo", exact=True)).to_have_attribute(
        "data-tip", "Undo: Move note"
    )
    editor.saved()
    page.reload()
    editor.saved()
    expect(note).to_contain_text("why r and c?")
    assert note.evaluate("element => element.offsetWidth") > before + 40
    note.click()
    keyboard.press("Delete")
    expect(note).to_have_count(0)
    keyboard.press("Control+z")
    expect(note).to_have_count(1)
    editor.saved()


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
