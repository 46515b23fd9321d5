"""Files dropped on the canvas: they open, or a sentence says why not, and nothing is lost."""

import base64
from collections.abc import Mapping

import pytest
from playwright.sync_api import JSHandle, expect

from blocks import Design, Image, Pool, VGGBlock, export
from tests.browser.conftest import Server
from tests.browser.driver import Editor
from tests.browser.test_share import stored

pytestmark = [pytest.mark.browser, pytest.mark.keras]

MAKE = """files => {
    const transfer = new DataTransfer();
    for (const [name, content] of Object.entries(files)) {
        const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
        transfer.items.add(new File([bytes], name));
    }
    return transfer;
}"""


def held(editor: Editor, files: Mapping[str, bytes]) -> JSHandle:
    """Return files as the browser holds them while they are dragged."""
    coded = {name: base64.b64encode(content).decode() for name, content in files.items()}
    return editor.page.evaluate_handle(MAKE, coded)


def drop(editor: Editor, files: Mapping[str, bytes]) -> None:
    transfer = held(editor, files)
    for kind in ("dragenter", "dragover", "drop"):
        editor.surface.dispatch_event(kind, {"dataTransfer": transfer})


def content(format: str, name: str = "brought_along") -> bytes:
    design = Design(name).add("photo", Image(8, 8, 3))
    design = design.add("block", VGGBlock(filters=4), "photo").add("last", Pool(), "block")
    made = export(design, format)
    return made.encode() if isinstance(made, str) else made or b""


def shows(editor: Editor, name: str) -> None:
    expect(editor.page.get_by_label("Name of the design")).to_have_value(name)
    editor.expect_params(260)
    editor.saved()


def test_a_file_that_is_dropped_opens_and_what_was_open_stays_in_the_library(
    server: Server, editor: Editor
) -> None:
    editor.drag_block("Image", 300, 120)
    before = editor.design_id()
    files = {"a.json": "json", "b.keras": "keras", "c.h5": "h5", "d.py": "python"}
    for file, format in files.items():
        drop(editor, {file: content(format, f"from_{format}")})
        shows(editor, f"from_{format}")
        expect(editor.page.get_by_role("dialog")).to_have_count(0)
    editor.page.reload()
    shows(editor, "from_python")
    assert sorted(stored(server)) == [*sorted(f"from_{one}" for one in files.values()), "untitled"]
    editor.open(f"{server.url}/?design={before}")
    expect(editor.nodes).to_have_count(1)


def test_a_file_that_cannot_be_opened_is_a_sentence_and_the_next_one_opens(
    server: Server, editor: Editor
) -> None:
    editor.drag_block("Image", 300, 120)
    notices = editor.page.get_by_test_id("notices")
    for name, words in {
        "photo.png": "photo.png: the name ends in 'png'; a file to import is one of .json",
        "net.py": "net.py: ",
        "net.json": "net.json: ",
    }.items():
        drop(editor, {name: b"import os; os.abort()"})
        expect(notices).to_contain_text(words)
        expect(editor.page.get_by_role("dialog")).to_have_count(0)
        expect(editor.node("image_1")).to_be_visible()
    assert len(stored(server)) == 1
    drop(editor, {"mine.json": content("json")})
    shows(editor, "brought_along")


def test_several_files_come_into_the_library_each_with_a_sentence(
    server: Server, editor: Editor
) -> None:
    editor.drag_block("Image", 300, 120)
    drop(editor, {"one.json": content("json"), "two.json": content("json"), "three.txt": b"?"})
    notices = editor.page.get_by_test_id("notices")
    expect(notices).to_contain_text("one.json is in the library as brought_along.")
    expect(notices).to_contain_text("three.txt: the name ends in 'txt'")
    expect(editor.node("image_1")).to_be_visible()
    assert len(stored(server)) == 3


def test_what_will_happen_is_said_while_a_file_is_held_and_not_for_other_things(
    editor: Editor,
) -> None:
    hint, transfer = editor.page.get_by_test_id("drop-hint"), held(editor, {"a.json": b"{}"})
    editor.surface.dispatch_event("dragenter", {"dataTransfer": transfer})
    expect(hint).to_contain_text("Drop to open")
    editor.surface.dispatch_event("dragleave", {"dataTransfer": transfer})
    expect(hint).to_have_count(0)
    words = editor.page.evaluate_handle(
        "() => { const held = new DataTransfer(); held.setData('text/plain', 'a'); return held; }"
    )
    editor.surface.dispatch_event("dragenter", {"dataTransfer": words})
    editor.surface.dispatch_event("drop", {"dataTransfer": words})
    expect(hint).to_have_count(0)
    expect(editor.page.get_by_role("dialog")).to_have_count(0)
