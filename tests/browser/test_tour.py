"""The tour: six steps, each waiting for its action, that leave a residual network behind."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.driver import Editor

pytestmark = pytest.mark.browser

STEPS = 6


def card(editor: Editor) -> Locator:
    return editor.page.get_by_test_id("tour")


def at_step(editor: Editor, number: int) -> None:
    """Wait for a step, and see that its card leaves free what it points at."""
    expect(card(editor)).to_contain_text(f"Step {number} of {STEPS}")
    editor.page.wait_for_timeout(300)  # the view may be on its way to the block
    box, ring = card(editor).bounding_box(), editor.page.locator(".tour-ring").bounding_box()
    assert box
    assert ring
    is_beside = box["x"] >= ring["x"] + ring["width"] or box["x"] + box["width"] <= ring["x"]
    assert is_beside
    size = editor.page.viewport_size
    assert size
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    assert box["y"] + box["height"] <= size["height"]


def begin(editor: Editor) -> None:
    editor.page.get_by_role("button", name="Build a residual network in six steps").click()


def append(editor: Editor, block: str) -> None:
    editor.page.locator(f'[data-testid="palette-item"][data-block="{block}"]').dblclick()
    editor.saved()


def test_every_step_waits_for_the_hand_and_a_residual_network_stands_at_the_end(
    editor: Editor,
) -> None:
    begin(editor)
    at_step(editor, 1)
    editor.drag_block("Image", 380, 60)
    at_step(editor, 2)
    append(editor, "Dropout")
    editor.page.get_by_role("button", name="Undo").click()
    expect(editor.nodes).to_have_count(1)
    at_step(editor, 2)
    editor.select("image_1")
    append(editor, "Conv")
    at_step(editor, 3)
    append(editor, "Conv")
    at_step(editor, 4)
    append(editor, "Add")
    at_step(editor, 5)
    editor.link("conv_1", "add_1")
    at_step(editor, 6)
    editor.select("add_1")
    append(editor, "Classifier")
    expect(card(editor)).to_contain_text("A residual network")
    expect(editor.problems).to_have_count(0)
    card(editor).get_by_role("button", name="Done").click()
    expect(card(editor)).to_have_count(0)


def test_the_tour_goes_by_itself_is_kept_as_seen_and_can_be_taken_again(editor: Editor) -> None:
    page = editor.page
    begin(editor)
    for number in range(1, STEPS + 1):
        at_step(editor, number)
        card(editor).get_by_role("button", name="Do it for me").click()
        editor.saved()
    expect(card(editor)).to_contain_text("A residual network")
    expect(page.locator(".react-flow__edge")).to_have_count(5)
    expect(editor.problems).to_have_count(0)
    card(editor).get_by_role("button", name="Done").click()
    design = editor.design_id()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.get_by_role("button", name="Take the tour").click()
    at_step(editor, 1)
    expect(editor.nodes).to_have_count(0)
    assert editor.design_id() != design
    card(editor).get_by_role("button", name="Skip the tour").click()
    expect(card(editor)).to_have_count(0)
    offer = page.get_by_role("button", name="Build a residual network in six steps")
    assert "primary" not in (offer.get_attribute("class") or "")
