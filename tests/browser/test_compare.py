"""Two designs side by side: from the canvas, by a link, drawn, and a block taken over."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.driver import Editor

pytestmark = pytest.mark.browser

SVG = "{http://www.w3.org/2000/svg}"
PLAIN, RESIDUAL = 21_639_080, 21_814_696


def compare(editor: Editor, *refs: str) -> Page:
    editor.page.goto(f"{editor.url}/compare?designs={','.join(refs)}")
    expect(totals(editor.page)).to_be_visible(timeout=30_000)
    return editor.page


def totals(page: Page) -> Locator:
    return page.get_by_role("region", name="Totals side by side")


def part(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).click()


def drawn(page: Page, place: int) -> Locator:
    return page.get_by_test_id("picture").nth(place).locator("svg")


def marked(page: Page, place: int) -> list[str]:
    texts = drawn(page, place).locator("g.node text:first-of-type").all_text_contents()
    return [text for text in texts if text[0] in "+\N{MINUS SIGN}\N{NOT EQUAL TO}"]


def test_a_ready_pair_stands_side_by_side_and_stays_through_a_reload(editor: Editor) -> None:
    page = editor.page
    page.get_by_role("link", name="Compare").click()
    page.get_by_role("button", name="34 layers without shortcuts and ResNet-34").click()
    for _ in range(2):
        row = totals(page).get_by_role("row", name="Parameters")
        expect(row).to_contain_text(f"{PLAIN:,}")
        expect(row).to_contain_text(f"{RESIDUAL:,}")
        expect(row).to_contain_text(f"+{RESIDUAL - PLAIN:,}")
        expect(drawn(page, 1)).to_be_visible()
        assert marked(page, 0) == marked(page, 1) == [f"≠ conv{n}" for n in range(2, 6)]
        expect(page).to_have_url(re.compile("designs=plain34(,|%2C)resnet34"))
        page.reload()


def test_a_click_on_a_block_marks_it_in_both_diagrams(editor: Editor) -> None:
    page = compare(editor, "plain34", "resnet34")
    expect(drawn(page, 1)).to_be_visible()
    drawn(page, 0).locator("#node-stem text").first.click()
    for place in (0, 1):
        expect(drawn(page, place).locator("#node-stem")).to_have_class(re.compile("selected"))
    assert drawn(page, 0).locator(".selected").count() == 1


def test_a_block_is_taken_from_the_template_and_undone_on_the_canvas(editor: Editor) -> None:
    page = editor.page
    page.get_by_role("link", name="Templates").click()
    page.locator(".st-key-card-tutorial_vgg").get_by_role("button", name="Open").click()
    page.get_by_role("dialog").get_by_role("button", name="Open").click()
    editor.saved()
    editor.set("vgg_block_1", filters=32)
    editor.expect_params(10_144)
    design = editor.design_id()

    page.get_by_role("button", name="Compare with…").click()
    row = totals(page).get_by_role("row", name="Parameters")
    expect(row).to_contain_text("38,720")
    expect(row).to_contain_text("10,144")
    compare(editor, design, "tutorial_vgg")
    take = page.get_by_role("button", name="Take vgg_block_1")
    expect(page.get_by_text("+28,576 parameters, ")).to_be_visible()
    take.click()
    expect(page.get_by_text("Every block is the same.")).to_be_visible()

    editor.open(f"{editor.url}/?design={design}")
    editor.expect_params(38_720)
    editor.surface.click(position={"x": 20, "y": 20})
    page.keyboard.press("Control+z")
    editor.expect_params(10_144)


def test_a_marked_diagram_is_taken_home_as_svg(editor: Editor, tmp_path: Path) -> None:
    page = compare(editor, "plain34", "resnet34")
    expect(drawn(page, 1)).to_be_visible()
    button = page.get_by_role("button", name="Save the diagram of ResNet-34 as SVG")
    file = editor.download(button, tmp_path)
    assert file.name == "ResNet-34 compared.svg"
    texts = ["".join(text.itertext()) for text in ElementTree.parse(file).iter(f"{SVG}text")]
    assert [text for text in texts if text.startswith("\N{NOT EQUAL TO}")] == marked(page, 1)


def test_a_block_that_the_other_design_lacks_is_taken_out(editor: Editor) -> None:
    page = editor.page
    page.get_by_role("link", name="Templates").click()
    page.locator(".st-key-card-tutorial_vgg").get_by_role("button", name="Open").click()
    page.get_by_role("dialog").get_by_role("button", name="Open").click()
    editor.saved()
    editor.drag_block("Classifier", 500, 40)
    editor.link("vgg_block_1", "classifier_1")
    design = editor.design_id()
    page = compare(editor, design, "tutorial_vgg")
    page.get_by_role("button", name="Take out classifier_1").click()
    expect(page.get_by_text("Every block is the same.")).to_be_visible()


@pytest.mark.parametrize("kind", ["SVG", "PNG"])
def test_a_chart_is_taken_home_as_a_picture(editor: Editor, tmp_path: Path, kind: str) -> None:
    page = compare(editor, "resnet50", "resnet152")
    part(page, "Stages")
    page.get_by_role("radio", name=kind).click()
    chart = page.get_by_test_id("stPlotlyChart")
    expect(chart.locator(".bars path").last).to_be_attached(timeout=30_000)
    with page.expect_download() as download:
        chart.locator(".modebar-btn").first.click()
    file = tmp_path / "chart"
    download.value.save_as(file)
    assert download.value.suggested_filename == f"comparison stages.{kind.lower()}"
    start = file.read_bytes()[:4]
    assert start == (b"<svg" if kind == "SVG" else b"\x89PNG")


def test_the_totals_are_taken_home_as_csv(editor: Editor, tmp_path: Path) -> None:
    page = compare(editor, "resnet50", "resnet152")
    part(page, "Tables")
    file = editor.download(page.get_by_role("button", name="Totals, CSV"), tmp_path)
    lines = file.read_text().splitlines()
    assert lines[1].startswith("ResNet-50,25636712,")
    assert lines[2].startswith("ResNet-152,60419944,")


def test_back_leads_through_the_choices_and_out_of_the_page(editor: Editor) -> None:
    page = editor.page
    page.get_by_role("link", name="Compare").click()
    page.get_by_role("button", name="ResNet-50 and ResNet-152").click()
    expect(totals(page)).to_be_visible()
    page.go_back()
    expect(page.get_by_text("Choose two to six designs above.")).to_be_visible()
    page.go_back()
    expect(editor.canvas).to_be_visible()
