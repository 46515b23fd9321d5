"""Every text field there is: found on the page as a person finds them, and typed into."""

from collections.abc import Callable, Iterator

from playwright.sync_api import Locator, Page, expect

from blocks import Classifier, Conv, Design, Image, Residual, pack
from blocks.catalog.keras_input import KerasInput
from blocks.catalog.keras_layer import KerasLayer
from tests.browser.driver import Editor

KINDS = ("checkbox", "radio", "file", "number", "range", "color", "hidden")
FIELDS = "input" + "".join(f":not([type={kind}])" for kind in KINDS) + ", textarea"
LABELS = """
fields => fields.map(field => {
  const label = field.getAttribute("aria-label") || field.labels?.[0]?.textContent;
  const isSeen = field.checkVisibility() && !field.disabled && !field.readOnly;
  return isSeen ? (label || field.placeholder || field.name).trim() : "";
})
"""


def drawn() -> Design:
    """Return a design with all that has fields of its own: own blocks, layers by hand, a note."""
    design = Design("typed into").add("photo", Image(8, 8, 3)).add("stem", Conv(4), after="photo")
    design = design.add("down", Residual(4), after="stem").add("twin", Conv(4), after="down")
    design = design.add("head", Classifier(3), after="twin")
    exposed = [{"name": "width", "targets": [{"node": "stem", "param": "filters"}]}]
    design, _ = design.apply(pack(design, ["stem"], "Mine", exposed, "own"))
    design = design.add("odd", KerasLayer("Dense", '{"units": 3}', ""))
    design = design.add("other", KerasInput("8, 8, 3"))
    rows = ("photo", "own", "down", "twin", "head")
    places = {name: {"x": 0, "y": 150 * row} for row, name in enumerate(rows)}
    places |= {"odd": {"x": 300, "y": 0}, "other": {"x": 300, "y": 150}}
    note = {"text": "a note", "x": 300, "y": 300, "width": 200, "height": 100}
    design, _ = design.apply({"nodes": places, "notes": {"n1": note}})
    return design


def fields_of(page: Page) -> dict[str, Locator]:
    """Return the text fields of a page that can be typed into, by what they are called."""
    fields = page.locator(FIELDS)
    labels: list[str] = fields.evaluate_all(LABELS)
    return {label: fields.nth(place) for place, label in enumerate(labels) if label}


def type_into_all(page: Page, text: str, typed: Callable[[str], None]) -> None:
    """Type a text into every field of a page, also those that this brings; tell of each."""
    done: set[str] = set()
    while fresh := {name: one for name, one in fields_of(page).items() if name not in done}:
        name, field = next(iter(fresh.items()))
        done.add(name)
        field.fill(text)
        field.press("Tab")
        settled(page)
        typed(name)


def settled(page: Page) -> None:
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    canvas = page.get_by_test_id("canvas")
    if canvas.count():
        expect(canvas).to_have_attribute("data-state", "saved")


def places(editor: Editor, design_id: str) -> Iterator[str]:
    """Go to everything that has text fields, in turn, and say where that is."""
    yield from _on_the_canvas(editor, design_id)
    yield from _in_dialogs(editor)
    yield from _on_other_pages(editor, design_id)


def _on_the_canvas(editor: Editor, design_id: str) -> Iterator[str]:
    page = editor.page
    editor.open(f"{editor.url}/?design={design_id}")
    yield "the Design page"
    for node in ("own", "odd", "other", "photo"):
        page.locator(f'[data-testid="node"][data-id="{node}"]').click()
        expect(page.get_by_test_id("inspector").get_by_label("Name", exact=True)).to_be_visible()
        yield f"the inspector of {node}"
    page.get_by_test_id("note").dblclick()
    expect(page.get_by_label("Text of the note")).to_be_visible()
    yield "a note"
    page.get_by_role("button", name="Edit definition of").click()
    expect(page.get_by_label("Title", exact=True)).to_be_visible()
    page.get_by_test_id("inspector").locator("summary").first.click()
    yield "an own block"
    page.locator('[data-testid="node"]').first.click()
    yield "a block of an own block"


def _in_dialogs(editor: Editor) -> Iterator[str]:
    page = editor.page
    page.keyboard.press("Control+k")
    expect(page.get_by_test_id("command")).to_be_visible()
    yield "the command palette"
