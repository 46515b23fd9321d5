"""From the gallery to the canvas, away from the published numbers and back to them."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.driver import Editor

pytestmark = pytest.mark.browser

CONVOLUTIONS = 14_714_688  # VGG-16 without its dense layers, whatever the size of the input
SMALL = CONVOLUTIONS + (2 * 2 * 512 + 1) * 4_096 + (4_096 + 1) * 4_096 + (4_096 + 1) * 10
PUBLISHED = 138_357_544


def conformity(editor: Editor) -> Locator:
    editor.page.get_by_role("radio", name="Conformity").click()
    return editor.page.locator(".conformity")


def test_vgg16_opens_small_tells_what_left_and_is_put_back(editor: Editor) -> None:
    page = editor.page
    page.get_by_role("link", name="Templates").click()
    page.get_by_role("textbox", name="Search").fill("vgg simonyan nothing but")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Open")).to_have_count(1)
    page.get_by_role("button", name="Open").click()
    dialog = page.get_by_role("dialog")
    for name, value in (("Height", "64"), ("Width", "64"), ("Classes", "10")):
        dialog.get_by_role("spinbutton", name=name).fill(value)
        dialog.get_by_role("spinbutton", name=name).press("Enter")
    expect(dialog).to_contain_text(f"{SMALL:,} parameters")
    dialog.get_by_role("button", name="Open").click()

    editor.saved()
    editor.expect_params(SMALL)
    expect(editor.node("photo")).to_have_attribute("data-shape", "64x64x3")
    expect(editor.node("predictions")).to_have_attribute("data-shape", "10")

    numbers, blocks = conformity(editor).nth(0), conformity(editor).nth(1)
    expect(numbers).to_contain_text("3 of 5 numbers are not as published")
    expect(numbers.get_by_role("row", name="Parameters")).to_contain_text(
        f"{SMALL - PUBLISHED:,}"[1:]
    )
    expect(blocks).to_contain_text("photo height 224 → 64, width 224 → 64")
    expect(blocks).to_contain_text("predictions classes 1,000 → 10")

    editor.set("photo", height=224, width=224)
    expect(blocks).to_contain_text("1 block changed")
    editor.set("predictions", classes=1_000)
    editor.expect_params(PUBLISHED)
    expect(numbers).to_contain_text("Every number is as published")
    expect(blocks).to_contain_text("Every block is as in VGG-16")


def test_one_button_leads_back_to_the_template_and_undo_away_again(editor: Editor) -> None:
    page = editor.page
    page.get_by_role("link", name="Templates").click()
    page.locator(".st-key-card-tutorial_vgg").get_by_role("button", name="Open").click()
    page.get_by_role("dialog").get_by_role("button", name="Open").click()
    editor.saved()
    editor.set("vgg_block_1", filters=32)
    editor.expect_params(10_144)
    expect(conformity(editor).nth(1)).to_contain_text("vgg_block_1 filters 64 → 32")
    page.get_by_role("button", name="Back to VGG block").click()
    editor.expect_params(38_720)
    expect(conformity(editor).nth(0)).to_contain_text("Every number is as published")
    editor.surface.click(position={"x": 20, "y": 20})
    page.keyboard.press("Control+z")
    editor.expect_params(10_144)


def test_the_menu_opens_a_template_for_another_size_and_other_classes(editor: Editor) -> None:
    keys = editor.page.keyboard
    editor.page.get_by_role("button", name="Templates", exact=True).click()
    item = editor.page.locator('[data-template="resnet18"]')
    expect(item).to_contain_text("11.7 M parameters")
    item.focus()
    keys.press("Enter")
    form = editor.page.get_by_role("form", name="Open ResNet-18")
    expect(form.get_by_label("Height")).to_be_focused()
    expect(form.get_by_label("Classes")).to_have_value("1000")
    keys.type("96x")
    expect(form).to_contain_text("Height is a whole number from 1")
    keys.press("Backspace")
    keys.press("Tab")
    keys.type("96")
    form.get_by_label("Classes").fill("7")
    keys.press("Enter")
    expect(editor.node("photo")).to_have_attribute("data-shape", "96x96x3")
    expect(editor.node("classes")).to_have_attribute("data-shape", "7")


def test_the_step_before_a_template_opens_leads_back_and_is_left_with_escape(
    editor: Editor,
) -> None:
    menu = editor.page.get_by_role("button", name="Templates", exact=True)
    menu.click()
    editor.page.locator('[data-template="lenet5"]').click()
    form = editor.page.get_by_role("form", name="Open LeNet-5")
    form.get_by_role("button", name="Back").click()
    expect(editor.page.get_by_role("menu", name="Templates")).to_be_visible()
    editor.page.locator('[data-template="lenet5"]').click()
    expect(form).to_be_visible()
    editor.page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    expect(menu).to_be_focused()
    expect(editor.nodes).to_have_count(0)
