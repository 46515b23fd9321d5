"""The Code tab follows the design, marks the selected block, and shows typed words as words."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from blocks import BLOCKS, Design, python_code, template
from blocks.layout import arranged
from editor.store import Library
from tests.blocks.example_designs import EXAMPLES
from tests.browser.conftest import Server
from tests.browser.driver import Editor
from tests.editor.test_typed_words import DOES, named

pytestmark = pytest.mark.browser


def code_of(server: Server, editor: Editor, design: Design) -> Locator:
    """Open a design with the Code tab; return the code."""
    design_id = Library(server.home / "library.sqlite").create(design, "local")
    editor.open(f"{server.url}/?design={design_id}")
    editor.page.get_by_test_id("stButtonGroup").get_by_text("Code").click()
    return editor.page.get_by_test_id("stCode")


def shown(code: Locator) -> str:
    """Return the code as it stands, line by line, without its numbers."""
    lines = code.locator("code > span").evaluate_all(
        "lines => lines.map(line => [...line.childNodes]"
        ".filter(part => !part.classList?.contains('linenumber'))"
        ".map(part => part.textContent).join(''))"
    )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def test_the_code_is_that_of_the_design_and_follows_it(server: Server, editor: Editor) -> None:
    design = template("tutorial_vgg3")
    code = code_of(server, editor, design)
    expect(code).to_contain_text('filters=64, convolutions=2, kernel_size=3, name="vgg_block_1"')
    assert shown(code).rstrip() == python_code(design).rstrip()
    editor.set("vgg_block_1", filters=48)
    expect(code).to_contain_text('filters=48, convolutions=2, kernel_size=3, name="vgg_block_1"')
    editor.canvas.press("Control+z")
    expect(code).to_contain_text('filters=64, convolutions=2, kernel_size=3, name="vgg_block_1"')


def test_the_lines_of_the_selected_block_are_marked(server: Server, editor: Editor) -> None:
    code = code_of(server, editor, template("tutorial_vgg3"))
    editor.select("vgg_block_2")
    marked = code.locator("code > span").filter(has_text='name="vgg_block_2"')
    expect(editor.page.get_by_text("vgg_block_2: line")).to_be_visible()
    expect(marked).not_to_have_css("box-shadow", "none")
    other = code.locator("code > span").filter(has_text='name="vgg_block_1"')
    expect(other).to_have_css("box-shadow", "none")


def test_the_lines_of_a_block_inside_an_own_block_are_marked_in_its_function(
    server: Server, editor: Editor
) -> None:
    code = code_of(server, editor, arranged(EXAMPLES["nested"]()))
    editor.node("tower_1").dblclick()
    editor.select("end")
    expect(editor.page.get_by_text("end: line")).to_be_visible()
    marked = code.locator("code > span").filter(has_text='name=f"{name}_end"')
    expect(marked).not_to_have_css("box-shadow", "none")
    other = code.locator("code > span").filter(has_text='name="tower_1"')
    expect(other).to_have_css("box-shadow", "none")


def test_no_typed_word_runs_in_the_page(server: Server, new_page: Callable[..., Page]) -> None:
    page = new_page()
    page.add_init_script("window.ran = []; window.canary = () => window.ran.push(1)")
    design = Design("<img src=x onerror=canary()>").add("photo", BLOCKS["Image"](8, 8, 3))
    last = "photo"
    for number, does in enumerate(DOES * 2):
        text = does if number < len(DOES) else f"</text></svg>{does}"
        names = {"": f"{text}{number}"}
        block = BLOCKS["Activation"]()
        design = design.add(f"a{number}", block, last, layer_names=names)
        last = f"a{number}"
    notes = {
        node.id: {"note": f"<svg onload=canary()>{node.name}"} for node in design.nodes.values()
    }
    design = design.apply({"nodes": notes})[0]
    editor = Editor(page, server.url)
    for drawn in (design, named("<img src=x onerror=canary()>", blocks_too=False)):
        code = code_of(server, editor, drawn)
        expect(code).to_contain_text("onerror=canary()")
        expect(page.get_by_test_id("diagram").locator("svg").first).to_be_visible()
        assert page.evaluate("window.ran") == []
