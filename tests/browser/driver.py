"""What a person does in the editor, in words: drag, link, type, undo, look."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect


class Editor:
    """The Design page in a browser."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def open(self, address: str | None = None) -> None:
        self.page.goto(address or self.url)
        expect(self.canvas).to_be_visible(timeout=30_000)
        self.saved()

    @property
    def canvas(self) -> Locator:
        return self.page.get_by_test_id("canvas")

    @property
    def surface(self) -> Locator:
        return self.page.locator(".react-flow__pane")

    def node(self, name: str) -> Locator:
        return self.page.locator(f'[data-testid="node"][data-name="{name}"]')

    @property
    def nodes(self) -> Locator:
        return self.page.get_by_test_id("node")

    def port(self, name: str, side: str) -> Locator:
        return self.page.locator(
            f'[data-testid="port"][data-node="{name}"][data-side="{side}"]'
        ).first

    def field(self, name: str) -> Locator:
        return self.page.get_by_test_id("inspector").locator(f'[name="{name}"]')

    @property
    def problems(self) -> Locator:
        return self.page.get_by_test_id("problems").locator("li")

    def revision(self) -> int:
        return int(self.canvas.get_attribute("data-revision") or -1)

    def saved(self) -> None:
        """Wait until every edit has been acknowledged."""
        expect(self.canvas).to_have_attribute("data-state", "saved")

    def drag_block(self, block: str, x: int, y: int) -> None:
        """Drag a block from the palette to a place on the canvas, in pixels of the canvas."""
        count = self.nodes.count()
        search = self.page.get_by_test_id("palette-search")
        search.fill(block)
        item = self.page.locator(f'[data-testid="palette-item"][data-block="{block}"]')
        item.drag_to(self.surface, target_position={"x": x, "y": y})
        search.fill("")
        expect(self.nodes).to_have_count(count + 1)
        self.saved()

    def link(self, source: str, target: str) -> None:
        """Draw a link from the output of one block to the input of another."""
        start, end = self.middle(self.port(source, "out")), self.middle(self.port(target, "in"))
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=4)
        mouse.move(*end, steps=4)
        mouse.up()
        self.saved()

    def middle(self, locator: Locator) -> tuple[float, float]:
        box = locator.bounding_box()
        assert box
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def select(self, name: str) -> None:
        self.node(name).click()
        inspector = self.page.get_by_test_id("inspector")
        expect(inspector.get_by_label("Name", exact=True)).to_have_value(name)

    def set(self, name: str, **values: object) -> None:
        """Select a block and set parameters in the inspector."""
        self.select(name)
        for key, value in values.items():
            field = self.field(key)
            if field.evaluate("element => element.tagName") == "SELECT":
                field.select_option(str(value))
            elif isinstance(value, bool):
                field.set_checked(value)
            else:
                field.fill(str(value))
        self.saved()

    def total(self, name: str = "total-params") -> Locator:
        return self.page.get_by_test_id(name)

    def expect_params(self, count: int) -> None:
        expect(self.total()).to_have_attribute("data-value", str(count))

    def shape(self, name: str) -> str:
        return self.node(name).get_attribute("data-shape") or ""

    def design_id(self) -> str:
        match = re.search(r"design=([\w-]+)", self.page.url)
        assert match, self.page.url
        return match[1]

    def download(self, button: Locator, folder: Path) -> Path:
        with self.page.expect_download() as download:
            button.click()
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        return path
