"""Notes on the canvas: written, moved, copied with their blocks, brought back."""

import pytest
from playwright.sync_api import expect

from tests.browser.driver import Editor
from tests.browser.hands import drag, draw_chain

pytestmark = pytest.mark.browser


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
