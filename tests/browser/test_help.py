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
