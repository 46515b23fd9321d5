"""What a person's hands do on the canvas, as tests say it."""

import itertools

from playwright.sync_api import Locator, expect

from tests.browser.driver import Editor


def draw_chain(editor: Editor, *blocks: str) -> None:
    """Draw blocks one below the other and link them."""
    names = []
    for row, block in enumerate(blocks):
        editor.drag_block(block, 250, 60 + 130 * row)
        names.append(editor.nodes.nth(row).get_attribute("data-name") or "")
    for source, target in itertools.pairwise(names):
        editor.link(source, target)


def links(editor: Editor) -> set[str]:
    """The links as a screen reader hears them: "image_1 to conv_1"."""
    labels = editor.page.locator(".react-flow__edge").evaluate_all(
        "edges => edges.map(edge => edge.getAttribute('aria-label'))"
    )
    return {label.removeprefix("Link from ") for label in labels}


def hold(editor: Editor, block: str, x: float, y: float) -> None:
    """Drag a block out of the palette to a point of the window without letting go."""
    editor.page.get_by_test_id("palette-search").fill(block)
    item = editor.page.locator(f'[data-testid="palette-item"][data-block="{block}"]')
    mouse = editor.page.mouse
    mouse.move(*editor.middle(item))
    mouse.down()
    mouse.move(x - 30, y - 10, steps=3)
    mouse.move(x, y, steps=3)


def drag(editor: Editor, node: Locator, x: float, y: float) -> None:
    mouse = editor.page.mouse
    start = editor.middle(node)
    mouse.move(*start)
    mouse.down()
    mouse.move(start[0] + 2, start[1] + 2)
    mouse.move(x, y, steps=8)


def undo_step(editor: Editor) -> str:
    button = editor.page.get_by_role("button", name="Undo", exact=True)
    return button.get_attribute("data-tip") or ""


def choose(editor: Editor, query: str, title: str) -> None:
    """Find something in the command palette and take it."""
    editor.page.keyboard.press("Control+k")
    command = editor.page.get_by_test_id("command")
    expect(command).to_be_visible()
    editor.page.keyboard.type(query)
    expect(command.get_by_role("option", selected=True)).to_contain_text(title)
    editor.page.keyboard.press("Enter")
    expect(command).to_have_count(0)
