"""A repeated block on the canvas: unfolded in place, split into single blocks, folded again."""

import pytest
from playwright.sync_api import expect

from tests.browser.driver import Editor

pytestmark = pytest.mark.browser


def draw_stage(editor: Editor) -> None:
    """An image and a stage of three residual blocks, the first with a stride."""
    editor.drag_block("Image", 250, 40)
    editor.drag_block("Residual", 250, 200)
    editor.link("image_1", "residual_1")
    editor.set("image_1", height=32, width=32, channels=3)
    editor.set("residual_1", filters=8, repeat=3)
    editor.field("first_add").select_option("stride")
    editor.field("first_stride").fill("2")
    expect(editor.node("residual_1")).to_have_attribute("data-shape", "16x16x8")


def test_a_repeated_block_unfolds_here_and_in_the_diagram(editor: Editor) -> None:
    draw_stage(editor)
    diagram = editor.page.get_by_test_id("diagram")
    editor.node("residual_1").get_by_role("button", name="Unfold the 3 repetitions").click()
    rows = editor.page.get_by_test_id("repetitions").locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("residual_1_1first: stride 2")
    expect(rows.nth(1)).to_contain_text("16 \u00d7 16 \u00d7 8")
    expect(rows.nth(1)).to_contain_text(f"{2 * (9 * 8 * 8 + 8):,}")
    expect(diagram.locator("g.turn")).to_have_count(3)
    editor.surface.click(position={"x": 20, "y": 20})
    editor.select("residual_1")
    editor.page.keyboard.press("u")
    expect(rows).to_have_count(0)
    expect(diagram.locator("g.turn")).to_have_count(0)


def test_a_stage_is_split_and_folded_again_by_mouse_and_by_keyboard(editor: Editor) -> None:
    page = editor.page
    draw_stage(editor)
    count = editor.total().get_attribute("data-value")
    assert count
    editor.select("residual_1")
    page.get_by_role("button", name="Split into 3 blocks").click()
    for turn in (1, 2, 3):
        expect(editor.node(f"residual_1_{turn}")).to_have_attribute("data-shape", "16x16x8")
    editor.expect_params(int(count))
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(editor.node("residual_1")).to_contain_text("\u00d7 3")

    page.get_by_role("button", name="Redo", exact=True).click()
    editor.node("residual_1_1").click()
    for turn in (2, 3):
        editor.node(f"residual_1_{turn}").click(modifiers=["Shift"])
    page.get_by_role("button", name="Fold into one").click()
    expect(editor.node("residual_1")).to_contain_text("first: stride 2")
    editor.expect_params(int(count))
    editor.select("residual_1")
    editor.node("residual_1").click()
    page.keyboard.press("Shift+U")
    expect(editor.nodes).to_have_count(4)
    page.keyboard.press("Control+a")
    page.keyboard.press("r")
    expect(page.get_by_test_id("notices")).to_contain_text(
        "image_1: a block without an input cannot repeat"
    )
