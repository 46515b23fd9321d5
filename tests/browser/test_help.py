"""Help while designing: repairs, budgets, sliders, explanations, one selection everywhere."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from blocks import Add, Classifier, Conv, Design, Image, analyze
from editor.store import Library
from tests.browser.conftest import Server
from tests.browser.driver import Editor

pytestmark = pytest.mark.browser


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
