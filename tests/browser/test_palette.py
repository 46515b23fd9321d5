"""The palette: blocks known by a name of their own, and what it tells about every block."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.driver import Editor

pytestmark = pytest.mark.browser


def preset(editor: Editor, block: str, preset_id: str) -> Locator:
    return editor.page.locator(f'[data-block="{block}"][data-preset="{preset_id}"]')


def test_a_block_known_by_its_own_name_is_found_dragged_in_and_started_from(editor: Editor) -> None:
    """A convolutional block on 16 channels: 1x1, 3x3 and 1x1 of 4, 4 and 16, and a projection."""
    search = editor.page.get_by_test_id("palette-search")
    editor.drag_block("Image", 250, 40)
    editor.set("image_1", height=8, width=8, channels=16)
    search.fill("convolutional block")
    preset(editor, "Residual", "convolutional_block").drag_to(
        editor.surface, target_position={"x": 250, "y": 200}
    )
    search.fill("")
    editor.link("image_1", "convolutional_block_1")
    editor.set("convolutional_block_1", filters=16)
    weights = (16 * 4 + 4) + (9 * 4 * 4 + 4) + (4 * 16 + 16) + (16 * 16 + 16)
    norms = 4 * (4 + 4 + 16 + 16)
    editor.expect_params(weights + norms)
    expect(editor.node("convolutional_block_1")).to_have_attribute("data-shape", "4x4x16")
    expect(editor.field("start_from")).to_have_value("convolutional_block")
    editor.field("start_from").select_option("identity_block")
    editor.expect_params(weights - (16 * 16 + 16) + norms - 4 * 16)
    expect(editor.field("letter")).to_have_value("b")
    expect(editor.field("filters")).to_have_value("16")
    editor.page.get_by_role("button", name="Undo").click()
    editor.expect_params(weights + norms)
