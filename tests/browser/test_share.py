"""A design leaves the editor as a link, a file and pictures, all made in the browser."""

import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import resvg_py
from PIL import Image
from playwright.sync_api import Page, expect

from blocks import Design, read, template
from editor.links import read_link, write_link
from editor.store import Library
from tests.browser.conftest import Server
from tests.browser.driver import Editor
from tests.browser.test_drawing import draw_vgg

pytestmark = pytest.mark.browser


def share(editor: Editor, item: str) -> None:
    editor.page.get_by_role("button", name="Share").click()
    editor.page.get_by_role("menuitem", name=item).click()


def saved(editor: Editor, item: str, folder: Path) -> Path:
    """Choose an entry of the Share menu that saves a file; return the file."""
    with editor.page.expect_download() as download:
        share(editor, item)
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def stored(server: Server) -> list[str]:
    library = Library(server.home / "library.sqlite")
    names = [entry.name for entry in library.designs("local")]
    library.close()
    return names


def copied_link(editor: Editor) -> str:
    editor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    share(editor, "Copy link")
    expect(editor.page.get_by_test_id("notices")).to_contain_text("The link is copied")
    return str(editor.page.evaluate("navigator.clipboard.readText()"))


def test_a_link_opens_the_design_elsewhere_and_stores_nothing_until_it_is_edited(
    server: Server, editor: Editor, new_page: Callable[..., Page]
) -> None:
    draw_vgg(editor)
    link = copied_link(editor)
    assert read_link(link.split("link=")[1]).node("vgg_block_1").block.values()["filters"] == 64
    other = Editor(new_page(), server.url)
    other.open(link)
    other.expect_params(38_720)
    expect(other.page.get_by_test_id("saved-state")).to_contain_text("From a link")
    other.page.reload()
    other.expect_params(38_720)
    assert len(stored(server)) == 1
    other.set("vgg_block_1", filters=32)
    other.expect_params(10_144)
    expect(other.page.get_by_test_id("saved-state")).to_contain_text("Saved")
    assert "link=" not in other.page.url
    assert len(stored(server)) == 2
    other.page.reload()
    other.expect_params(10_144)
    editor.expect_params(38_720)


def test_an_edit_of_a_links_design_survives_a_killed_server(
    server: Server, new_page: Callable[..., Page]
) -> None:
    guest = Editor(new_page(), server.url)
    guest.open(f"{server.url}/?link={write_link(template('tutorial_vgg'))}")
    guest.expect_params(38_720)
    guest.select("vgg_block_1")
    server.kill()
    guest.field("filters").fill("32")
    expect(guest.canvas).to_have_attribute("data-state", "offline")
    server.start()
    expect(guest.canvas).to_have_attribute("data-state", "saved", timeout=60_000)
    guest.expect_params(10_144)
    guest.page.reload()
    guest.expect_params(10_144)


def test_a_link_is_kept_with_one_button(server: Server, new_page: Callable[..., Page]) -> None:
    guest = Editor(new_page(), server.url)
    guest.open(f"{server.url}/?link={write_link(template('tutorial_vgg'))}")
    assert stored(server) == []
    guest.page.get_by_role("button", name="Keep it").click()
    expect(guest.page.get_by_test_id("saved-state")).to_contain_text("Saved")
    assert stored(server) == ["tutorial_vgg"]


def test_a_broken_link_is_a_sentence(server: Server, new_page: Callable[..., Page]) -> None:
    guest = Editor(new_page(), server.url)
    guest.open(f"{server.url}/?link=AAAA<script>")
    expect(guest.page.get_by_test_id("notices")).to_contain_text("a link's design is")


def test_a_design_too_large_for_a_link_says_what_to_do(
    server: Server, new_page: Callable[..., Page]
) -> None:
    large = template("googlenet")
    many = {
        f"n{i}": {"block": "Conv", "name": f"c{i * 7919 % 10_007}", "params": {"filters": i + 1}}
        for i in range(700)
    }
    library = Library(server.home / "library.sqlite")
    design_id = library.create(large.apply({"nodes": many})[0], "local")
    library.close()
    editor = Editor(new_page(), server.url)
    editor.open(f"{server.url}/?design={design_id}")
    share(editor, "Copy link")
    expect(editor.page.get_by_test_id("notices")).to_contain_text(
        re.compile("too large for a link .*at most 7,500.* Save it as a file instead")
    )


def test_a_saved_file_is_the_design(editor: Editor, tmp_path: Path) -> None:
    draw_vgg(editor)
    path = saved(editor, "Save as file", tmp_path)
    assert path.name == "untitled.json"
    design = read(path)
    assert isinstance(design, Design)
    assert [node.name for node in design.nodes.values()] == ["image_1", "vgg_block_1"]
    assert json.loads(path.read_text())["format"] == "blockwright"


def test_a_copy_is_a_second_design(server: Server, editor: Editor) -> None:
    draw_vgg(editor)
    share(editor, "Save as a copy")
    expect(editor.page.get_by_label("Name of the design")).to_have_value("untitled copy")
    editor.expect_params(38_720)
    assert stored(server) == ["untitled copy", "untitled"]


@pytest.mark.parametrize("subject", ["canvas", "diagram"])
def test_pictures_hold_the_names_as_text_and_can_be_drawn_by_others(
    editor: Editor, tmp_path: Path, subject: str
) -> None:
    draw_vgg(editor)
    svg = saved(editor, f"Picture of the {subject} as SVG", tmp_path).read_text()
    assert re.search(r"<text[^>]*>vgg_block_1", svg)
    drawn = Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=svg)))).convert("RGBA")
    assert len(drawn.getcolors(1 << 24) or []) > 50
    png = Image.open(saved(editor, f"Picture of the {subject} as PNG", tmp_path))
    assert abs(png.width - 2 * drawn.width) <= 4
    assert png.convert("RGB").getpixel((1, 1)) == (255, 255, 255)
    content = saved(editor, f"Picture of the {subject} as PDF", tmp_path).read_bytes()
    assert_pdf(content, "vgg_block_1")


def assert_pdf(content: bytes, name: str) -> None:
    """Read a PDF as a reader does: from the end to the table, from there to every object."""
    assert content.startswith(b"%PDF-1.")
    table = int(re.findall(rb"startxref\n(\d+)\n%%EOF", content)[-1])
    starts = re.findall(rb"(\d{10}) 00000 n ", content[table:])
    for number, start in enumerate(starts, 1):
        assert content[int(start) :].startswith(b"%d 0 obj" % number)
    length = int(re.findall(rb"/Length (\d+)", content)[0])
    stream = content.split(b"stream\n", 1)[1]
    assert stream[length:].startswith(b"\nendstream")
    texts = [bytes.fromhex(text.decode()) for text in re.findall(rb"<([0-9a-f]+)> Tj", stream)]
    assert any(name.encode() in text for text in texts)


def test_the_share_menu_is_worked_by_keyboard(editor: Editor) -> None:
    draw_vgg(editor)
    button = editor.page.get_by_role("button", name="Share")
    button.focus()
    editor.page.keyboard.press("Enter")
    editor.page.keyboard.press("ArrowDown")
    expect(editor.page.get_by_role("menuitem", name="Copy link")).to_be_focused()
    editor.page.keyboard.press("Escape")
    expect(button).to_be_focused()
