"""Drawing a network with the mouse: the numbers stand on the page at once."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Server
from tests.browser.driver import Editor

pytestmark = pytest.mark.browser


def draw_vgg(editor: Editor) -> None:
    editor.drag_block("Image", 250, 60)
    editor.drag_block("VGGBlock", 250, 220)
    editor.link("image_1", "vgg_block_1")
    editor.set("image_1", height=256, width=256, channels=3)
    editor.set("vgg_block_1", filters=64, convolutions=2)


def test_a_vgg_block_on_a_photo_shows_38720_parameters(editor: Editor) -> None:
    draw_vgg(editor)
    editor.expect_params(38_720)
    node = editor.node("vgg_block_1")
    expect(node).to_have_attribute("data-shape", "128x128x64")
    expect(node).to_have_attribute("data-params", "38720")
    expect(editor.total("total-macs")).to_have_attribute("data-value", "2529165312")
    expect(editor.page.locator('[data-testid="diagram"] svg')).to_contain_text("vgg_block_1")


def test_undo_and_redo_go_step_by_step_and_survive_a_reload(editor: Editor) -> None:
    draw_vgg(editor)
    editor.set("vgg_block_1", filters=32)
    editor.expect_params(10_144)
    editor.page.reload()
    editor.expect_params(10_144)
    editor.surface.click(position={"x": 20, "y": 20})
    editor.page.keyboard.press("Control+z")
    editor.expect_params(38_720)
    editor.page.keyboard.press("Control+Shift+z")
    editor.expect_params(10_144)


def test_delete_takes_a_block_and_its_links_and_undo_brings_them_back(editor: Editor) -> None:
    draw_vgg(editor)
    editor.select("vgg_block_1")
    editor.node("vgg_block_1").click()
    editor.page.keyboard.press("Delete")
    expect(editor.nodes).to_have_count(1)
    editor.page.keyboard.press("Control+z")
    expect(editor.nodes).to_have_count(2)
    editor.expect_params(38_720)


def test_a_bad_value_is_told_on_the_block_and_in_the_inspector(editor: Editor) -> None:
    draw_vgg(editor)
    editor.set("vgg_block_1", filters=0)
    expect(editor.node("vgg_block_1")).to_have_attribute("data-problems", "1")
    sentence = "vgg_block_1: filters must be an integer from 1 to 8192, got 0"
    expect(editor.page.get_by_test_id("inspector")).to_contain_text(sentence)
    editor.page.get_by_role("tab", name="Problems").click()
    expect(editor.problems).to_have_text([re.compile(sentence)])
    editor.set("vgg_block_1", filters=64)
    expect(editor.node("vgg_block_1")).to_have_attribute("data-problems", "0")
    editor.expect_params(38_720)


def test_typing_a_letter_on_the_canvas_does_not_reach_streamlit(editor: Editor) -> None:
    draw_vgg(editor)
    editor.node("vgg_block_1").click()
    for key in ("r", "c"):
        editor.page.keyboard.press(key)
    expect(editor.page.get_by_role("dialog")).to_have_count(0)
    editor.expect_params(38_720)


def test_a_killed_server_loses_nothing_that_was_drawn_meanwhile(
    server: Server, editor: Editor
) -> None:
    draw_vgg(editor)
    server.kill()
    editor.node("vgg_block_1").click()
    editor.field("filters").fill("16")
    expect(editor.canvas).to_have_attribute("data-state", "offline")
    server.start()
    expect(editor.canvas).to_have_attribute("data-state", "saved", timeout=60_000)
    editor.expect_params(3 * 9 * 16 + 16 + 16 * 9 * 16 + 16)
    editor.page.reload()
    editor.expect_params(3 * 9 * 16 + 16 + 16 * 9 * 16 + 16)


def test_the_design_is_found_again_by_its_address(editor: Editor) -> None:
    draw_vgg(editor)
    address = f"{editor.url}/?design={editor.design_id()}"
    editor.page.goto("about:blank")
    editor.open(address)
    editor.expect_params(38_720)


def test_a_design_that_opens_is_centred_in_the_height_that_its_pane_then_gets(
    editor: Editor,
) -> None:
    editor.drag_block("Image", 250, 60)
    editor.drag_block("Conv", 250, 220)
    editor.saved()
    assert any(abs(_off_centre_after_growing(editor)) < 20 for _ in range(5))


def _off_centre_after_growing(editor: Editor) -> float:
    """Open the design in a low window that grows at once; return how far from its middle it is."""
    editor.page.set_viewport_size({"width": 1280, "height": 520})
    editor.page.reload()
    expect(editor.nodes).to_have_count(2)
    editor.page.set_viewport_size({"width": 1280, "height": 1000})
    editor.page.wait_for_timeout(1_000)
    boxes = [editor.node(name).bounding_box() for name in ("image_1", "conv_1")]
    pane = editor.surface.bounding_box()
    assert boxes[0]
    assert boxes[1]
    assert pane
    middle = (boxes[0]["y"] + boxes[1]["y"] + boxes[1]["height"]) / 2
    return middle - (pane["y"] + pane["height"] / 2)
