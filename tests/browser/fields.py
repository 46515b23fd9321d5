"""Every text field there is: found on the page as a person finds them, and typed into."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlparse

from playwright.sync_api import Locator, Page, expect

from blocks import Classifier, Conv, Design, Image, Residual, Run, pack
from blocks.catalog.keras_input import KerasInput
from blocks.catalog.keras_layer import KerasLayer
from blocks.training.files import write_json
from blocks.training.folders import create
from editor.server import LOCAL
from tests.browser.driver import Editor

KINDS = ("checkbox", "radio", "file", "number", "range", "color", "hidden")
FIELDS = "input" + "".join(f":not([type={kind}])" for kind in KINDS) + ", textarea"
SEEN = """
fields => fields.map(field => {
  const hosts = [];
  for (let at = field; at; at = at.getRootNode().host) hosts.push(at);
  const isCovered = hosts.some(one => one.closest("[inert], [aria-hidden=true]"));
  const label = field.getAttribute("aria-label") || field.labels?.[0]?.textContent;
  const isSeen = !isCovered && field.checkVisibility() && !field.disabled && !field.readOnly;
  const isActive = field.getRootNode().activeElement === field;
  return [isSeen ? (label || field.placeholder || field.name).trim() : "", isActive];
})
"""
"""What each field is called ("" where nobody can type), and whether it has the focus."""


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


def stopped_run(design: Design, title: str, **about: Any) -> Run:
    """Put a run of a design among a person's runs that was stopped before its first step."""
    told = {"data": "digits", "settings": {}, "title": title, "owner": LOCAL, **about}
    run = create(design, told, None)
    write_json(run.folder / "status.json", {"state": "stopped", "message": title})
    return run


def fields_of(page: Page) -> dict[str, Locator]:
    """Return the text fields that can be typed into by page and label, a focused one first.

    A field that came by itself, for a note or a search, goes again when another has the focus.
    """
    fields, path = page.locator(FIELDS), urlparse(page.url).path
    seen = [(name, active, at) for at, (name, active) in enumerate(fields.evaluate_all(SEEN))]
    ordered = sorted(seen, key=lambda one: not one[1])
    return {f"{path} {name}": fields.nth(at) for name, _, at in ordered if name}


def typed_into_all(page: Page, text: str, done: set[str]) -> Iterator[str]:
    """Type a text into every field of a page that is not done yet, and tell after each."""
    while fresh := {name: one for name, one in fields_of(page).items() if name not in done}:
        name, field = next(iter(fresh.items()))
        done.add(name)
        field.fill(text)
        field.press("Tab")
        settled(page)
        yield name


def settled(page: Page) -> None:
    """Wait until the page has nothing to do."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    canvas = page.get_by_test_id("canvas")
    if canvas.count():
        expect(canvas).to_have_attribute("data-state", "saved")


def places(editor: Editor, design_id: str) -> Iterator[str]:
    """Go to everything that has text fields, in turn, and say where that is."""
    yield from _on_the_canvas(editor, design_id)
    yield from _inside_a_block(editor, design_id)
    yield from _in_dialogs(editor, design_id)
    yield from _on_other_pages(editor, design_id)
    yield from _on_the_train_page(editor, design_id)


def _on_the_canvas(editor: Editor, design_id: str) -> Iterator[str]:
    page = editor.page
    editor.open(f"{editor.url}/?design={design_id}")
    page.get_by_test_id("note").dblclick()
    expect(page.get_by_label("Text of the note")).to_be_focused()
    yield "a note"
    editor.surface.click(position={"x": 20, "y": 20})
    page.keyboard.press("Control+k")
    expect(page.get_by_test_id("command").get_by_role("combobox")).to_be_focused()
    yield "the command palette"
    page.keyboard.press("Escape")
    for node in ("own", "odd", "other", "photo"):
        page.locator(f'[data-testid="node"][data-id="{node}"]').click()
        expect(page.get_by_test_id("inspector").get_by_label("Name", exact=True)).to_be_visible()
        yield f"the inspector of {node}"


def _inside_a_block(editor: Editor, design_id: str) -> Iterator[str]:
    page = editor.page
    editor.open(f"{editor.url}/?design={design_id}")
    page.get_by_role("button", name="Edit definition of").click()
    expect(page.get_by_label("Title", exact=True)).to_be_visible()
    page.get_by_test_id("inspector").locator("summary").click()
    yield "an own block"
    for name in ("Input", "Output"):
        page.get_by_test_id("node").filter(has_text=name).click()
        expect(page.get_by_label("Port name")).to_be_visible()
        yield f"the {name.lower()} of an own block"


def _in_dialogs(editor: Editor, design_id: str) -> Iterator[str]:
    page = editor.page
    editor.open(f"{editor.url}/?design={design_id}")
    page.locator('[data-testid="node"][data-id="twin"]').click()
    page.keyboard.press("Control+g")
    page.get_by_role("dialog").get_by_role("checkbox", name="Filters").check()
    yield "the dialog of a new block"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Templates", exact=True).click()
    page.get_by_role("menuitem", name="ResNet-18").click()
    expect(page.get_by_role("form", name="Open ResNet-18")).to_be_visible()
    yield "the form of a template"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Versions").click()
    page.get_by_role("dialog").get_by_role("button", name="Name", exact=True).click()
    expect(page.get_by_label("Name of this version")).to_be_visible()
    yield "the versions"


def _on_other_pages(editor: Editor, design_id: str) -> Iterator[str]:
    page = editor.page
    page.goto(f"{editor.url}/gallery")
    page.get_by_role("button", name="Open").first.wait_for()
    yield "the templates' page"
    page.goto(f"{editor.url}/library")
    page.locator(f".st-key-more-{design_id}").get_by_role("button").click()
    expect(page.get_by_role("dialog").get_by_label("Name", exact=True)).to_be_visible()
    yield "the dialog of a design"
    page.keyboard.press("Escape")
    yield "the library"
    page.goto(f"{editor.url}/compare?designs={design_id},digits")
    page.get_by_role("button", name="Earlier version").click()
    expect(page.get_by_label("Version", exact=True)).to_be_visible()
    yield "a comparison"
    page.goto(f"{editor.url}/compare?designs={design_id},digits")
    page.get_by_role("radio", name="Train all").click()
    expect(page.get_by_label("Data set", exact=True)).to_be_visible()
    yield "the training of a comparison"


def _on_the_train_page(editor: Editor, design_id: str) -> Iterator[str]:
    page = editor.page
    page.goto(f"{editor.url}/train?design={design_id}")
    page.get_by_role("button", name="Data of your own").click()
    expect(page.get_by_role("textbox", name="Or a path on this machine")).to_be_visible()
    yield "the data of a training"
    page.goto(f"{editor.url}/train?design={design_id}")
    for part in ("Size, normalisation, split", "Augmentation", "More"):
        page.get_by_text(part, exact=True).click()
    expect(page.get_by_label("Schedule", exact=True)).to_be_visible()
    yield "the options of a training"
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("textbox", name="Name of the run")).to_be_visible()
    yield "the name of a run"
    page.goto(f"{editor.url}/train?design={design_id}")
    page.get_by_role("radio", name="Compare runs").click()
    expect(page.get_by_label("Runs", exact=True)).to_be_visible()
    yield "a comparison of runs"
