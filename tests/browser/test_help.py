"""Help while designing: repairs, budgets, sliders, explanations, one selection everywhere."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from blocks import Add, Classifier, Conv, Design, Image, analyze, fitted, template
from editor.store import Library
from tests.browser.conftest import Server
from tests.browser.driver import Editor

pytestmark = pytest.mark.browser


def typeset(text: str) -> str:
    """Return arithmetic with the signs that the canvas shows."""
    return text.replace(" x ", " \N{MULTIPLICATION SIGN} ").replace(" - ", " \N{MINUS SIGN} ")


def sum_of_two_widths() -> Design:
    design = Design("wide").add("photo", Image(32, 32, 3)).add("left", Conv(64), "photo")
    design = design.add("right", Conv(32), "photo").add("sum", Add(), ["left", "right"])
    design = design.add("head", Classifier(10), "sum")
    spots = {"photo": (0, 0), "left": (-140, 140), "right": (140, 140)}
    spots |= {"sum": (0, 280), "head": (0, 420)}
    return design.apply({"nodes": {name: {"x": x, "y": y} for name, (x, y) in spots.items()}})[0]


@pytest.fixture
def opened(server: Server, new_page: Callable[..., Page]) -> Callable[[Design], Editor]:
    """Open a design of the library in a new page."""

    def opened(design: Design) -> Editor:
        design_id = Library(server.home / "library.sqlite").create(design, "local")
        editor = Editor(new_page(), server.url)
        editor.open(f"{server.url}/?design={design_id}")
        return editor

    return opened


def test_repairs_are_ranked_say_their_cost_and_are_one_step_of_undo(
    opened: Callable[[Design], Editor],
) -> None:
    design = sum_of_two_widths()
    editor = opened(design)
    editor.page.get_by_role("tab", name="Problems").click()
    repairs = editor.page.get_by_test_id("problems").get_by_test_id("repair")
    expect(repairs.first).to_contain_text("Match filters of right with 64")
    expect(repairs.first).to_contain_text("+896 parameters")
    assert repairs.count() > 2
    projection = repairs.filter(has_text="Insert a 1x1 projection after right")
    expect(projection).to_contain_text("+2,112 parameters")
    projection.click()
    editor.saved()
    expect(editor.problems).to_have_count(0)
    (problem,) = analyze(design).problems
    repair = next(one for one in problem.repairs if one.label.endswith("after right"))
    editor.expect_params(analyze(design.apply(repair.edit)[0]).total)
    editor.page.get_by_role("button", name="Undo").click()
    expect(editor.problems).to_have_count(1)
    expect(editor.nodes).to_have_count(5)


def test_a_drag_on_a_label_moves_every_number_and_is_one_step_of_undo(
    opened: Callable[[Design], Editor],
) -> None:
    editor = opened(chain())
    editor.select("stem")
    before = editor.total().get_attribute("data-value")
    label = editor.page.get_by_test_id("inspector").get_by_text("Filters", exact=True)
    x, y = editor.middle(label)
    mouse = editor.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + 30, y, steps=3)
    mouse.move(x + 64, y, steps=6)
    # The hand still holds it, and the numbers are those of 32 filters.
    editor.expect_params(analyze(chain(32)).total)
    expect(editor.node("stem")).to_have_attribute("data-shape", "32x32x32")
    mouse.move(x + 128, y, steps=6)
    mouse.up()
    editor.saved()
    editor.expect_params(analyze(chain(64)).total)
    editor.page.get_by_role("button", name="Undo").click()
    expect(editor.total()).to_have_attribute("data-value", before or "")
    expect(editor.field("filters")).to_have_value("16")


def test_page_up_doubles_the_filters(opened: Callable[[Design], Editor]) -> None:
    editor = opened(chain())
    editor.select("stem")
    editor.field("filters").press("PageUp")
    editor.expect_params(analyze(chain(32)).total)


def chain(filters: int = 16) -> Design:
    design = Design("chain").add("photo", Image(32, 32, 3))
    design = design.add("stem", Conv(filters), "photo").add("head", Classifier(10), "stem")
    places = {"photo": {"y": 0}, "stem": {"y": 140}, "head": {"y": 280}}
    return design.apply({"nodes": places})[0]


def test_a_number_explains_itself(opened: Callable[[Design], Editor]) -> None:
    editor = opened(chain())
    editor.select("stem")
    page = editor.page
    page.get_by_test_id("explain-params").click()
    arithmetic = page.get_by_test_id("arithmetic")
    expect(arithmetic).to_contain_text(typeset("3 x 3 x 3 x 16 kernel + 16 bias = 448"))
    page.get_by_test_id("explain-macs").click()
    expect(arithmetic).to_contain_text(typeset("32 x 32 places x 3 x 3 x 3 x 16 = 442,368"))
    page.get_by_test_id("explain-memory").click()
    expect(arithmetic).to_contain_text(typeset("32 x 32 x 16 values x 4 bytes = 65,536"))
    editor.set("stem", stride=2, kernel_size=7, padding="valid")
    page.get_by_test_id("explain-shape").click()
    expect(arithmetic).to_contain_text(typeset("floor((32 - 7) / 2) + 1 = 13"))
    editor.select("head")
    expect(arithmetic).to_be_empty()
    page.get_by_test_id("explain-params").click()
    expect(arithmetic).to_contain_text(typeset("16 x 10 kernel + 10 bias = 170"))


def test_a_number_on_a_block_leads_to_its_arithmetic(
    opened: Callable[[Design], Editor],
) -> None:
    editor = opened(chain())
    editor.node("stem").get_by_role("button", name="Explain the parameters, 448").click()
    expect(editor.node("stem")).to_have_attribute("data-selected", "true")
    arithmetic = editor.page.get_by_test_id("arithmetic")
    expect(arithmetic).to_contain_text(typeset("3 x 3 x 3 x 16 kernel + 16 bias = 448"))
    editor.node("head").get_by_role("button", name="Explain the output shape, 10").click()
    expect(editor.page.get_by_test_id("explain-shape")).to_have_attribute("aria-expanded", "true")


def test_a_network_without_a_head_is_offered_one(opened: Callable[[Design], Editor]) -> None:
    editor = opened(chain().apply({"nodes": {"head": None}})[0])
    editor.expect_params(448)
    hint = editor.page.get_by_test_id("inspector").get_by_test_id("head-hint")
    expect(hint).to_contain_text("ends with stem")
    hint.get_by_role("button", name="Add a classifier head").click()
    editor.expect_params(448 + 16 * 10 + 10)
    editor.surface.click(position={"x": 20, "y": 20})
    expect(hint).to_have_count(0)
    editor.page.keyboard.press("Control+z")
    editor.expect_params(448)
    expect(hint).to_be_visible()


def test_a_budget_turns_red_in_words_and_the_width_that_fits_is_one_edit(
    opened: Callable[[Design], Editor],
) -> None:
    design = template("tutorial_residual")
    total = analyze(design).total
    editor = opened(design)
    page = editor.page
    limit = page.get_by_test_id("inspector").get_by_label("Parameters")
    limit.fill("half of it")
    expect(page.get_by_text("Write a number, as 3,000,000")).to_be_visible()
    limit.fill("1M")
    limit.press("Enter")
    verdict = page.get_by_test_id("budget-verdict")
    expect(verdict).to_have_attribute("data-state", "within")
    limit.fill(str(total))
    limit.press("Enter")
    expect(verdict).to_have_text("Nearly full: parameters 100 %")
    limit.fill("20k")
    limit.press("Enter")
    expect(verdict).to_contain_text("Over budget: parameters")
    expect(page.get_by_test_id("budget-params")).to_contain_text("over budget")
    editor.saved()
    fit = fitted(design.apply({"budget": {"params": 20_000}})[0])
    page.get_by_role("button", name="Fit to budget").click()
    preview = page.get_by_test_id("fit")
    expect(preview).to_contain_text(
        typeset(f"Width x {fit.width:.2f}: {fit.report.total:,} parameters")
    )
    preview.get_by_role("button", name="Apply").click()
    editor.expect_params(fit.report.total)
    expect(verdict).not_to_contain_text("Over")
    page.get_by_role("button", name="Undo").click()
    editor.expect_params(total)
    page.reload()
    expect(verdict).to_contain_text("Over budget")


def test_bars_table_canvas_and_code_show_one_selection(
    opened: Callable[[Design], Editor],
) -> None:
    editor = opened(chain())
    page = editor.page
    page.get_by_role("tab", name="Bars").click()
    bars = page.get_by_test_id("bars")
    bars.get_by_role("button", name="stem").click()
    expect(editor.node("stem")).to_have_attribute("data-selected", "true")
    editor.node("head").click()
    expect(bars.get_by_role("button", name="head")).to_have_attribute("aria-pressed", "true")
    expect(bars.get_by_role("button", name="stem")).to_have_attribute("aria-pressed", "false")
    # The table draws on a canvas: the third row below its head is the convolution's.
    table = page.get_by_test_id("stDataFrame")
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box
    page.mouse.click(box["x"] + 16, box["y"] + 35 + 35 * 1.5)
    expect(editor.node("stem")).to_have_attribute("data-selected", "true")
    expect(page.get_by_text(typeset("3 x 3 x 3 x 16 kernel + 16 bias"))).to_be_visible()
    page.get_by_test_id("stButtonGroup").get_by_text("Code").click()
    expect(page.get_by_text("stem: line 22")).to_be_visible()
    editor.select("head")
    expect(page.get_by_text("head: lines 23 to 24")).to_be_visible()


def test_words_of_the_field_are_explained_with_a_picture(
    opened: Callable[[Design], Editor],
) -> None:
    editor = opened(chain())
    page = editor.page
    editor.select("stem")
    page.get_by_test_id("inspector").get_by_title("Padding: same and valid").press("Enter")
    term = page.get_by_test_id("term")
    expect(term).to_contain_text("as large as the input")
    expect(term.locator("svg rect").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(term).to_have_count(0)
    expect(page.get_by_title("Padding: same and valid")).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("receptive field")
    page.keyboard.press("Enter")
    expect(term).to_contain_text("The part of the input that one value can see")
