"""What the mouse does on the canvas: insert, replace, snap, link, choose a few, go elsewhere."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.driver import Editor
from tests.browser.hands import drag, draw_chain, hold, links, undo_step

pytestmark = pytest.mark.browser


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
