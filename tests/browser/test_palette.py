"""The palette: blocks known by a name of their own, and what it tells about every block."""

from urllib.parse import unquote

import pytest
from playwright.sync_api import Locator, expect

from blocks import BLOCKS
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


def item(editor: Editor, block: str) -> Locator:
    return editor.page.locator(f'[data-testid="palette-item"][data-block="{block}"]')


def picture_of(card: Locator) -> tuple[int, str]:
    """The drawn width of a card's picture (0 while it cannot be drawn) and the words in it."""
    image = card.locator("img")
    expect(image).to_be_visible()
    width = image.evaluate("image => image.decode().then(() => image.naturalWidth)")
    return int(width), unquote(image.get_attribute("src") or "")


def test_an_entry_explains_itself_where_the_pointer_rests(editor: Editor) -> None:
    item(editor, "Residual").hover()
    card = editor.page.get_by_test_id("block-card")
    expect(card).to_contain_text("a projection shortcut is a 1x1 convolution")
    expect(card).to_contain_text("He et al. 2015")
    expect(card).to_contain_text("Channels that leave the block.")
    expect(item(editor, "Residual")).to_have_attribute("aria-describedby", "block-card")
    width, drawn = picture_of(card)
    assert width > 50
    assert "Conv 3x3" in drawn
    preset(editor, "Residual", "convolutional_block").hover()
    expect(card).to_contain_text("course 4, week 2")
    assert "Batch norm" in picture_of(card)[1]
    editor.page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(editor.nodes).to_have_count(0)


def test_a_card_stays_while_it_is_read_and_goes_when_a_drag_begins(editor: Editor) -> None:
    item(editor, "Inception").hover()
    card = editor.page.get_by_test_id("block-card")
    expect(card.locator("img")).to_be_visible()
    card.hover()
    editor.page.wait_for_timeout(400)
    expect(card).to_be_visible()
    x, y = editor.middle(item(editor, "Inception"))
    editor.page.mouse.move(x, y)
    editor.page.mouse.down()
    editor.page.mouse.move(x + 120, y, steps=4)
    expect(card).to_have_count(0)
    editor.page.keyboard.press("Escape")
    editor.page.mouse.up()


def test_the_keyboard_opens_a_card_and_adds_what_it_is_about(editor: Editor) -> None:
    editor.page.get_by_test_id("palette-search").fill("stem")
    editor.page.keyboard.press("Tab")
    card = editor.page.get_by_test_id("block-card")
    expect(card.get_by_role("heading")).to_have_text("Stem")
    box = card.bounding_box()
    assert box
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 900
    editor.page.keyboard.press("Enter")
    expect(editor.node("stem_1")).to_be_visible()


def test_the_inspector_tells_all_about_a_block(editor: Editor) -> None:
    editor.drag_block("MaxPoolFork", 250, 100)
    editor.select("max_pool_fork_1")
    about = editor.page.get_by_role("button", name="About this block")
    about.click()
    card = editor.page.get_by_test_id("about-block")
    for param in BLOCKS["MaxPoolFork"].params().values():
        expect(card).to_contain_text(param.help)
    assert picture_of(card)[0] > 50
    editor.page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(about).to_be_focused()
    expect(editor.node("max_pool_fork_1")).to_have_count(1)


def test_the_pictures_are_not_part_of_the_first_load(editor: Editor) -> None:
    """They come with the first card, once, however many cards follow."""
    received: list[str] = []
    editor.page.on(
        "websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(frame))
    )
    editor.page.reload()
    editor.saved()

    def pictures() -> int:
        return sum(b"Inside Inception" in _bytes(frame) for frame in received)

    assert received
    assert pictures() == 0
    card = editor.page.get_by_test_id("block-card")
    for block in ("Conv", "Residual"):
        item(editor, block).hover()
        expect(card.get_by_role("heading")).to_have_text(BLOCKS[block].title)
        expect(card.locator("img")).to_be_visible()
    assert pictures() == 1


def _bytes(frame: str | bytes) -> bytes:
    return frame.encode() if isinstance(frame, str) else frame
