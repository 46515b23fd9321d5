"""Every page in light and dark, measured by axe-core: no serious or critical finding."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from blocks import Add, Classifier, Conv, Design, Image, template
from blocks.training.files import write_json
from blocks.training.record import Epoch, Recorder, Step
from editor.store import Library
from tests.browser.conftest import Server
from tests.browser.driver import Editor

pytestmark = pytest.mark.browser

SLOW = 30_000
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


class Site:
    """A server with three designs and a run, seen in one colour scheme."""

    def __init__(self, server: Server, page: Page) -> None:
        self.page = page
        self.url = server.url
        self.editor = Editor(page, server.url)
        library = Library(server.home / "library.sqlite")
        self.empty = library.create(Design("empty"), "local")
        self.typical = library.create(typical(), "local")
        self.broken = library.create(broken(), "local")
        self.deep = library.create(template("resnet152"), "local")
        finished_run(server.home / "runs", typical(), self.typical)

    def design(self, design_id: str) -> None:
        self.editor.open(f"{self.url}/?design={design_id}")

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name).click()

    def visit(self, path: str, sign: str) -> None:
        self.page.goto(f"{self.url}/{path}")
        expect(self.page.get_by_text(sign).first).to_be_visible(timeout=SLOW)


def typical() -> Design:
    design = Design("digits").add("photo", Image(8, 8, 1)).add("stem", Conv(16), "photo")
    design = design.add("body", Conv(16), "stem").add("sum", Add(), ["body", "stem"])
    design = design.add("head", Classifier(10), "sum")
    return design.apply(
        {"nodes": {node: {"y": 120 * row} for row, node in enumerate(design.nodes)}}
    )[0]


def broken() -> Design:
    design = Design("broken").add("photo", Image(32, 32, 3)).add("left", Conv(64), "photo")
    design = design.add("right", Conv(32), "photo").add("sum", Add(), ["left", "right"])
    places = {"left": {"x": -140, "y": 120}, "right": {"x": 140, "y": 120}, "sum": {"y": 240}}
    return design.apply({"nodes": places})[0]


def finished_run(runs: Path, design: Design, design_id: str) -> None:
    """Write the folder of a run of two epochs."""
    folder = runs / "20260101-120000-abcdef"
    folder.mkdir(parents=True)
    settings = {"epochs": 2, "batch_size": 32, "learning_rate": 0.001, "optimizer": "adam"}
    about: dict[str, Any] = {
        "data": "digits",
        "data_title": "Digits",
        "device": {"name": "cpu", "title": "Processor", "uuid": ""},
        "settings": settings | {"seed": 1, "validation_share": 0.2},
        "revision": 1,
        "design_id": design_id,
        "started": time.time(),
    }
    write_json(folder / "settings.json", about)
    write_json(folder / "design.json", design.to_json())
    write_json(folder / "status.json", {"state": "finished", "message": ""})
    with Recorder(folder) as recorder:
        recorder.fact("steps_per_epoch", 2)
        for number in range(1, 5):
            recorder.step(Step(number, (number + 1) // 2, 2.0 / number, 0.2 * number, 0.1))
        for epoch in (1, 2):
            recorder.epoch(Epoch(epoch, 2 * epoch, 1.5 / epoch, 0.5, 1.6 / epoch, 0.4, 1.0))


def empty_design(site: Site) -> None:
    site.design(site.empty)


def typical_design(site: Site) -> None:
    site.design(site.typical)
    site.editor.select("body")
    site.page.get_by_test_id("explain-params").click()


def outline(site: Site) -> None:
    site.design(site.typical)
    site.tab("Outline")
    site.page.get_by_test_id("outline-block").nth(3).click()


def bars_and_code(site: Site) -> None:
    site.design(site.typical)
    site.tab("Bars")
    site.page.get_by_test_id("stButtonGroup").get_by_text("Code").click()
    expect(site.page.get_by_test_id("stCode")).to_be_visible()


def charts(site: Site) -> None:
    site.design(site.typical)
    site.page.get_by_test_id("stButtonGroup").get_by_text("Charts").click()
    expect(site.page.get_by_test_id("stPlotlyChart").first).to_be_visible()


def broken_design(site: Site) -> None:
    site.design(site.broken)
    site.tab("Problems")
    expect(site.page.get_by_test_id("repair").first).to_be_visible()


def deep_design(site: Site) -> None:
    site.design(site.deep)


def command_palette(site: Site) -> None:
    site.design(site.typical)
    site.page.keyboard.press("Control+k")
    expect(site.page.get_by_test_id("command")).to_be_visible()


def shortcuts(site: Site) -> None:
    site.design(site.typical)
    site.page.get_by_role("button", name="Keyboard shortcuts").click()
    expect(site.page.get_by_test_id("keys")).to_be_visible()


def term(site: Site) -> None:
    site.design(site.typical)
    site.editor.select("body")
    site.page.get_by_title("Padding: same and valid").click()
    expect(site.page.get_by_test_id("term")).to_be_visible()


def tour(site: Site) -> None:
    site.editor.open(f"{site.url}/?design={site.empty}")
    site.page.get_by_role("button", name="Build a residual network in six steps").click()
    expect(site.page.get_by_test_id("tour")).to_be_visible()


def context_menu(site: Site) -> None:
    site.design(site.typical)
    site.editor.node("body").click(button="right")
    expect(site.page.get_by_test_id("context-menu")).to_be_visible()


def export_dialog(site: Site) -> None:
    site.design(site.typical)
    site.page.get_by_role("button", name="Export", exact=True).click()
    expect(site.page.get_by_role("dialog")).to_be_visible()


def versions_dialog(site: Site) -> None:
    site.design(site.typical)
    site.page.get_by_role("button", name="Versions").click()
    expect(site.page.get_by_role("dialog")).to_be_visible()


def template_gallery(site: Site) -> None:
    site.visit("gallery", "ResNet-152")


def library(site: Site) -> None:
    site.visit("library", "digits")


def comparison(site: Site) -> None:
    site.visit("compare?designs=plain34,resnet34", "ResNet-34")
    expect(site.page.get_by_test_id("picture").nth(1).locator("svg")).to_be_visible(timeout=SLOW)


def nothing_to_compare(site: Site) -> None:
    site.visit("compare", "34 layers without shortcuts and ResNet-34")


def training(site: Site) -> None:
    site.visit(f"train?design={site.typical}", "New run")
    expect(site.page.get_by_test_id("stPlotlyChart").nth(1)).to_be_visible(timeout=SLOW)


def training_refused(site: Site) -> None:
    site.visit(f"train?design={site.broken}", "New run")


STATES: tuple[Callable[[Site], None], ...] = (
    empty_design,
    typical_design,
    outline,
    bars_and_code,
    charts,
    broken_design,
    deep_design,
    command_palette,
    shortcuts,
    term,
    tour,
    context_menu,
    export_dialog,
    versions_dialog,
    template_gallery,
    library,
    comparison,
    nothing_to_compare,
    training,
    training_refused,
)


def grave(page: Page) -> list[str]:
    """Return axe's serious and critical findings, a line for each element."""
    response = Axe().run(page, options={"resultTypes": ["violations"]}).response
    return [
        f"{finding['id']}: {node['target']} {node['failureSummary']}"
        for finding in response["violations"]
        if finding["impact"] in ("serious", "critical")
        for node in finding["nodes"]
    ]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_page_has_a_serious_finding(
    server: Server, new_page: Callable[..., Page], scheme: Scheme
) -> None:
    site = Site(server, new_page(color_scheme=scheme))
    found = {}
    for state in STATES:
        state(site)
        site.page.wait_for_timeout(500)  # what fades in has its colours then
        found[state.__name__] = grave(site.page)
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_the_measure_sees_what_is_in_the_canvas(editor: Editor) -> None:
    assert grave(editor.page) == []
    editor.canvas.evaluate("root => root.insertAdjacentHTML('beforeend', '<button></button>')")
    (finding,) = grave(editor.page)
    assert finding.startswith("button-name")
