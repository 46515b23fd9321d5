"""A small window, and a tablet: nothing is cut off, and fingers do all that a mouse does."""

from collections.abc import Callable

import pytest
from playwright.sync_api import CDPSession, Locator, Page, expect

from blocks import Conv, Design, Image
from editor.store import Library
from tests.browser.conftest import Server
from tests.browser.driver import Editor

pytestmark = pytest.mark.browser

SMALL = {"width": 1280, "height": 720}
LONG_PRESS = 700


def overhang(page: Page) -> float:
    """Return by how many pixels the page is wider than the window."""
    return page.evaluate(
        """() => Math.max(...[document.documentElement, ...document.querySelectorAll(
             '[data-testid="stMain"]')].map(e => e.scrollWidth - e.clientWidth))"""
    )


def bottom(locator: Locator) -> float:
    box = locator.bounding_box()
    assert box
    return box["y"] + box["height"]


def test_the_design_page_fits_a_window_of_1280_by_720(
    server: Server, new_page: Callable[..., Page]
) -> None:
    editor = Editor(new_page(**SMALL), server.url)
    editor.open()
    assert bottom(editor.canvas) <= SMALL["height"]
    assert overhang(editor.page) == 0
    bar = editor.page.locator(".topbar")
    assert bar.evaluate("bar => bar.scrollWidth <= bar.clientWidth")
    editor.drag_block("Image", 200, 60)
    editor.select("image_1")
    assert editor.field("height").bounding_box() is not None
    for parameter in ("height", "width", "channels"):
        assert bottom(editor.field(parameter)) <= SMALL["height"]


@pytest.mark.parametrize(
    "path", ["gallery", "library", "compare?designs=plain34,resnet34", "train"]
)
def test_no_page_is_wider_than_a_window_of_1280_by_720(
    server: Server, new_page: Callable[..., Page], path: str
) -> None:
    page = new_page(**SMALL)
    page.goto(f"{server.url}/{path}")
    expect(page.get_by_test_id("stMain").get_by_role("button").first).to_be_visible(timeout=30_000)
    assert overhang(page) == 0


def test_training_starts_without_scrolling_in_a_small_window(
    server: Server, new_page: Callable[..., Page]
) -> None:
    page = new_page(**SMALL)
    page.goto(f"{server.url}/train")
    start = page.get_by_role("button", name="Start training")
    expect(start).to_be_visible(timeout=30_000)
    assert bottom(start) <= SMALL["height"]


class Fingers:
    """Touches as a tablet sends them, in pixels of the window."""

    def __init__(self, editor: Editor) -> None:
        self.editor = editor
        self.page = editor.page
        self.session: CDPSession = editor.page.context.new_cdp_session(editor.page)

    def send(self, kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def stroke(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.send("touchStart", start)
        for step in range(1, 9):
            part = step / 8
            at = [a + (b - a) * part for a, b in zip(start, end, strict=True)]
            self.send("touchMove", (at[0], at[1]))
        self.send("touchEnd")

    def add(self, block: str) -> None:
        count = self.editor.nodes.count()
        item = self.page.locator(f'[data-testid="palette-item"][data-block="{block}"]')
        item.scroll_into_view_if_needed()
        item.tap()
        expect(self.editor.nodes).to_have_count(count + 1)
        self.editor.saved()

    def beside_blocks(self) -> tuple[float, float]:
        """Return a place at the left of the canvas, where no block stands."""
        box = self.editor.surface.bounding_box()
        assert box
        return box["x"] + 50, box["y"] + box["height"] / 2

    def zoom(self) -> float:
        return float(
            self.page.locator(".react-flow__viewport").evaluate(
                "element => new DOMMatrix(getComputedStyle(element).transform).a"
            )
        )


@pytest.fixture
def tablet(new_page: Callable[..., Page]) -> Page:
    return new_page(1024, 768, has_touch=True)


@pytest.fixture
def fingers(server: Server, tablet: Page) -> Fingers:
    """Two blocks side by side on a tablet, linked to nothing."""
    design = Design("tablet").add("photo", Image(32, 32, 3)).add("stem", Conv(16))
    design = design.apply({"nodes": {"photo": {"x": 0, "y": 0}, "stem": {"x": 80, "y": 176}}})[0]
    design_id = Library(server.home / "library.sqlite").create(design, "local")
    editor = Editor(tablet, server.url)
    editor.open(f"{server.url}/?design={design_id}")
    return Fingers(editor)


def test_a_tap_adds_a_block_after_the_one_that_was_tapped(fingers: Fingers) -> None:
    editor = fingers.editor
    assert overhang(editor.page) == 0
    editor.node("stem").tap()
    fingers.add("BatchNorm")
    expect(editor.node("batch_norm_1")).to_have_attribute("data-selected", "true")
    expect(editor.page.locator(".react-flow__edge")).to_have_count(1)


def test_a_finger_moves_a_block_and_draws_a_link(fingers: Fingers) -> None:
    editor = fingers.editor
    before = editor.middle(editor.node("stem"))
    fingers.stroke(before, (before[0] + 96, before[1] + 48))
    editor.saved()
    after = editor.middle(editor.node("stem"))
    assert after[0] - before[0] > 60
    assert after[1] - before[1] > 20
    fingers.stroke(
        editor.middle(editor.port("photo", "out")), editor.middle(editor.port("stem", "in"))
    )
    expect(editor.page.locator(".react-flow__edge")).to_have_count(1)
    editor.saved()
    editor.expect_params(3 * 3 * 3 * 16 + 16)


def test_two_fingers_zoom(fingers: Fingers) -> None:
    x, y = fingers.beside_blocks()
    before = fingers.zoom()
    fingers.send("touchStart", (x, y - 40), (x, y + 40))
    for reach in range(40, 121, 10):
        fingers.send("touchMove", (x, y - reach), (x, y + reach))
    fingers.send("touchEnd")
    assert fingers.zoom() > before * 1.5


def test_a_resting_finger_opens_the_menu_of_what_it_rests_on(fingers: Fingers) -> None:
    editor, page = fingers.editor, fingers.page
    fingers.send("touchStart", editor.middle(editor.node("stem")))
    menu = page.get_by_test_id("context-menu")
    expect(menu).to_be_visible()
    page.wait_for_timeout(LONG_PRESS)
    fingers.send("touchEnd")
    expect(menu).to_be_visible()
    menu.get_by_role("menuitem", name="Duplicate").tap()
    expect(editor.nodes).to_have_count(3)
    fingers.send("touchStart", fingers.beside_blocks())
    expect(menu.get_by_role("menuitem", name="Select all")).to_be_visible()
    fingers.send("touchEnd")


def test_the_side_panels_are_drawers(fingers: Fingers) -> None:
    editor, page = fingers.editor, fingers.page
    inspector, palette = page.get_by_test_id("inspector"), page.get_by_test_id("palette-search")
    expect(inspector).not_to_be_visible()
    page.get_by_role("button", name="Blocks", exact=True).tap()
    expect(palette).not_to_be_visible()
    editor.node("stem").tap()
    page.get_by_role("button", name="Inspector").tap()
    expect(inspector).to_be_visible()
    editor.field("filters").fill("8")
    editor.saved()
    expect(editor.node("stem")).to_contain_text("Filters 8")
    page.get_by_role("button", name="Inspector").tap()
    expect(inspector).not_to_be_visible()
