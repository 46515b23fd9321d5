"""Own blocks by mouse: made of a selection, used with arguments, edited once for all, unpacked."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.driver import Editor

pytestmark = pytest.mark.browser

FIRST = 9 * 3 * 32 + 32
SECOND = 9 * 32 * 32 + 32
HEAD = 32 * 10 + 10


def draw_twins(editor: Editor) -> None:
    """An image, two convolutions and a head."""
    for row, block in enumerate(["Image", "Conv", "Conv"]):
        editor.drag_block(block, 250, 40 + 130 * row)
    editor.drag_block("Classifier", 560, 40)
    editor.link("image_1", "conv_1")
    editor.link("conv_1", "conv_2")
    editor.link("conv_2", "classifier_1")
    editor.set("image_1", height=32, width=32, channels=3)


def make_block(editor: Editor, names: list[str], title: str, parameter: str) -> None:
    """Select blocks, ask for a block of them, show one parameter and confirm."""
    editor.node(names[0]).click()
    for name in names[1:]:
        editor.node(name).click(modifiers=["Shift"])
    if len(names) > 1:
        editor.page.get_by_role("button", name="Make a block").click()
    else:
        editor.page.keyboard.press("Control+g")
    dialog = editor.page.get_by_role("dialog")
    dialog.get_by_label("Title").fill(title)
    dialog.get_by_role("checkbox", name=re.compile(f"^{parameter}")).check()
    dialog.get_by_role("button", name="Make block").click()
    expect(dialog).to_have_count(0)
    editor.saved()


def breadcrumbs(editor: Editor) -> Locator:
    return editor.page.get_by_test_id("breadcrumbs")


def undo_until(editor: Editor, label: str) -> None:
    """Undo step by step until the button offers the step of this label."""
    button = editor.page.get_by_role("button", name="Undo", exact=True)
    while button.get_attribute("data-tip") != f"Undo: {label}":
        before = editor.revision()
        button.click()
        expect(editor.canvas).not_to_have_attribute("data-revision", str(before))
        editor.saved()


def test_a_block_of_two_convolutions_from_making_to_unpacking(editor: Editor) -> None:
    page = editor.page
    draw_twins(editor)
    editor.expect_params(FIRST + SECOND + HEAD)

    make_block(editor, ["conv_1", "conv_2"], "Twin conv", "Filters")
    expect(editor.node("twin_conv_1")).to_have_attribute("data-params", str(FIRST + SECOND))
    expect(editor.node("conv_1")).to_have_count(0)
    editor.expect_params(FIRST + SECOND + HEAD)

    editor.drag_block("own:twin_conv", 560, 260)
    editor.link("image_1", "twin_conv_2")
    editor.set("twin_conv_2", filters=8)
    small = (9 * 3 * 8 + 8) + (9 * 8 * 8 + 8)
    editor.expect_params(FIRST + SECOND + HEAD + small)
    expect(editor.node("twin_conv_1")).to_have_attribute("data-params", str(FIRST + SECOND))

    editor.node("twin_conv_1").dblclick()
    expect(breadcrumbs(editor)).to_contain_text("Twin conv")
    expect(editor.node("conv_1")).to_have_attribute("data-shape", "32x32x32")
    editor.set("conv_2", kernel_size=1)
    wide, narrow = 32 * 32 + 32, 8 * 8 + 8
    editor.expect_params(FIRST + wide + HEAD + (9 * 3 * 8 + 8) + narrow)
    breadcrumbs(editor).get_by_role("button", name="Done").click()
    expect(breadcrumbs(editor)).to_have_count(0)
    expect(editor.node("twin_conv_2")).to_have_attribute("data-params", str(9 * 3 * 8 + 8 + narrow))

    undo_until(editor, "Make block Twin conv")
    editor.expect_params(FIRST + SECOND + HEAD)
    expect(editor.node("twin_conv_2")).to_have_count(0)
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(editor.node("conv_2")).to_have_count(1)
    expect(page.locator('[data-block="own:twin_conv"]')).to_have_count(0)
    page.get_by_role("button", name="Redo", exact=True).click()
    expect(editor.node("twin_conv_1")).to_have_count(1)

    editor.select("twin_conv_1")
    page.get_by_role("button", name="Unpack").click()
    expect(editor.node("twin_conv_1_conv_2")).to_have_count(1)
    editor.expect_params(FIRST + SECOND + HEAD)


def test_a_block_made_inside_another_nests(editor: Editor) -> None:
    draw_twins(editor)
    make_block(editor, ["conv_1", "conv_2"], "Twin conv", "Filters")
    make_block(editor, ["twin_conv_1", "classifier_1"], "Tail", "Filters")
    editor.expect_params(FIRST + SECOND + HEAD)
    editor.set("tail_1", filters=16)
    editor.expect_params((9 * 3 * 16 + 16) + (9 * 16 * 16 + 16) + (16 * 10 + 10))
    editor.node("tail_1").dblclick()
    editor.node("twin_conv_1").dblclick()
    expect(breadcrumbs(editor)).to_contain_text("Tail")
    expect(editor.node("conv_2")).to_have_attribute("data-shape", "32x32x16")
    editor.set("conv_1", kernel_size=1)
    narrow = (3 * 16 + 16) + (9 * 16 * 16 + 16) + (16 * 10 + 10)
    editor.expect_params(narrow)
    make_block(editor, ["conv_2"], "Core", "Kernel size")
    expect(editor.node("core_1")).to_have_attribute("data-shape", "32x32x16")
    editor.expect_params(narrow)
    for _ in range(3):
        editor.page.keyboard.press("Escape")
    expect(breadcrumbs(editor)).to_have_count(0)
    expect(editor.node("tail_1")).to_have_attribute("data-params", str(narrow))


def test_a_definition_is_renamed_and_shows_other_parameters(editor: Editor) -> None:
    page = editor.page
    draw_twins(editor)
    make_block(editor, ["conv_1", "conv_2"], "Twin conv", "Filters")
    editor.node("twin_conv_1").dblclick()
    editor.field("definition_title").fill("Pair")
    editor.field("definition_title").press("Enter")
    editor.field("show_parameter").select_option("Kernel size")
    page.get_by_role("button", name="Remove parameter filters").click()
    breadcrumbs(editor).get_by_role("button", name="Done").click()
    editor.select("twin_conv_1")
    expect(editor.node("twin_conv_1")).to_contain_text("Pair")
    expect(editor.field("filters")).to_have_count(0)
    editor.field("kernel_size").fill("1")
    editor.expect_params((3 * 32 + 32) + SECOND + HEAD)

    page.get_by_role("button", name="Delete Pair").click()
    expect(page.get_by_test_id("notices")).to_contain_text("Pair cannot be deleted")
    page.get_by_role("button", name="Unpack").click()
    expect(editor.node("twin_conv_1_conv_1")).to_have_count(1)
    page.get_by_role("button", name="Delete Pair").click()
    expect(page.locator('[data-block="own:twin_conv"]')).to_have_count(0)


def test_ports_and_parameters_are_renamed_and_instances_keep_links_and_arguments(
    editor: Editor,
) -> None:
    page = editor.page
    draw_twins(editor)
    make_block(editor, ["conv_1", "conv_2"], "Twin conv", "Filters")
    editor.set("twin_conv_1", filters=16)
    narrow = (9 * 3 * 16 + 16) + (9 * 16 * 16 + 16) + (16 * 10 + 10)
    editor.expect_params(narrow)
    editor.node("twin_conv_1").dblclick()
    editor.node("in").click()
    editor.field("port_name").fill("picture")
    editor.field("port_name").press("Enter")
    expect(editor.field("port_name")).to_have_value("picture")
    editor.saved()
    editor.surface.click(position={"x": 20, "y": 20})
    page.get_by_test_id("inspector").locator("summary", has_text="filters").click()
    editor.field("param_name filters").fill("width")
    editor.field("param_name filters").press("Enter")
    page.get_by_test_id("inspector").locator("summary", has_text="width").click()
    editor.field("param_max width").fill("24")
    editor.field("param_max width").press("Enter")
    expect(page.get_by_test_id("notices")).to_contain_text(
        "width: its default must be an integer from 1 to 24, got 32"
    )
    editor.field("param_default width").fill("20")
    editor.field("param_default width").press("Enter")
    editor.field("param_max width").fill("24")
    editor.field("param_max width").press("Enter")
    editor.saved()
    breadcrumbs(editor).get_by_role("button", name="Done").click()
    editor.expect_params(narrow)
    expect(editor.port("twin_conv_1", "in")).to_have_attribute("data-port", "picture")
    editor.select("twin_conv_1")
    expect(editor.field("width")).to_have_value("16")
    editor.field("width").fill("32")
    expect(editor.node("twin_conv_1")).to_have_attribute("data-problems", "1")
    undo_until(editor, "Rename parameter filters")
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(editor.field("filters")).to_have_value("16")
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(editor.port("twin_conv_1", "in")).to_have_attribute("data-port", "in")
    editor.expect_params(narrow)


def test_blocks_are_copied_into_another_design_with_their_definitions(editor: Editor) -> None:
    draw_twins(editor)
    make_block(editor, ["conv_1", "conv_2"], "Twin conv", "Filters")
    editor.node("twin_conv_1").click()
    editor.node("classifier_1").click(modifiers=["Shift"])
    keys = editor.page.keyboard
    keys.press("Control+c")
    keys.press("Control+v")
    expect(editor.node("twin_conv_2")).to_have_count(1)
    expect(editor.nodes).to_have_count(5)
    keys.press("Control+x")
    expect(editor.nodes).to_have_count(3)
    editor.saved()

    editor.page.get_by_role("button", name="Templates").click()
    editor.page.get_by_role("menuitem", name="New design").click()
    expect(editor.nodes).to_have_count(0)
    editor.drag_block("Image", 250, 40)
    editor.node("image_1").click()
    keys.press("Control+v")
    expect(editor.node("twin_conv_2")).to_have_count(1)
    expect(
        editor.page.locator('[data-testid="palette-item"][data-block="own:twin_conv"]')
    ).to_have_count(1)
    editor.saved()
    editor.link("image_1", "twin_conv_2")
    editor.set("image_1", height=32, width=32, channels=3)
    editor.expect_params(FIRST + SECOND + HEAD)


def test_a_block_made_in_one_design_is_in_the_palette_of_the_next(editor: Editor) -> None:
    draw_twins(editor)
    make_block(editor, ["conv_1", "conv_2"], "Twin conv", "Filters")
    editor.page.get_by_role("button", name="Templates").click()
    editor.page.get_by_role("menuitem", name="New design").click()
    expect(editor.nodes).to_have_count(0)
    expect(editor.page.get_by_role("complementary", name="Blocks")).to_contain_text(
        "From other designs"
    )
    editor.drag_block("Image", 250, 40)
    editor.drag_block("own:twin_conv", 250, 200)
    editor.link("image_1", "twin_conv_1")
    editor.set("image_1", height=32, width=32, channels=3)
    editor.expect_params(FIRST + SECOND)
    editor.node("twin_conv_1").dblclick()
    expect(breadcrumbs(editor)).to_contain_text("Twin conv")


def test_a_text_that_holds_no_blocks_is_not_pasted(editor: Editor) -> None:
    editor.drag_block("Image", 250, 40)
    name = editor.field("node_name")
    name.fill("no_blocks_here")
    name.press("Control+a")
    name.press("Control+c")
    editor.surface.click(position={"x": 20, "y": 20})
    editor.page.keyboard.press("Control+v")
    notices = editor.page.get_by_test_id("notices")
    expect(notices).to_contain_text("There are no blocks in the clipboard.")
    expect(editor.nodes).to_have_count(1)


def test_a_stage_whose_first_block_has_stride_2(editor: Editor) -> None:
    editor.drag_block("Image", 250, 40)
    editor.drag_block("Residual", 250, 200)
    editor.link("image_1", "residual_1")
    editor.set("image_1", height=32, width=32, channels=3)
    editor.set("residual_1", filters=8, repeat=3)
    expect(editor.node("residual_1")).to_have_attribute("data-shape", "32x32x8")
    editor.field("first_add").select_option("stride")
    editor.field("first_stride").fill("2")
    expect(editor.node("residual_1")).to_have_attribute("data-shape", "16x16x8")
    expect(editor.node("residual_1")).to_contain_text("\u00d7 3")
    expect(editor.node("residual_1")).to_contain_text("first: stride 2")

    diagram = editor.page.get_by_test_id("diagram")
    layers = diagram.locator("g.layer")
    expect(layers).not_to_have_count(0)
    editor.field("unfolded").uncheck()
    expect(layers).to_have_count(0)
    diagram.locator("g.node", has_text="residual_1").dblclick()
    expect(layers).not_to_have_count(0)
    expect(editor.field("unfolded")).to_be_checked()
    editor.page.get_by_role("button", name="As the others: Stride").click()
    expect(editor.node("residual_1")).to_have_attribute("data-shape", "32x32x8")
