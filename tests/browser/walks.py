"""Walks through all that the editor shows of words that somebody typed or sent."""

import json
from collections.abc import Sequence
from html import escape
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import numpy as np
from markdown_it import MarkdownIt
from playwright.sync_api import FilePayload, Locator, Page, expect

from blocks import Classifier, Confusion, Design, Epoch, Flow, Image, Run, Step, export
from blocks.training.files import write_json
from blocks.training.record import FlowBlock, OutputEpoch, Recorder
from blocks.training.wrong import keep_wrong
from editor.server import LOCAL
from editor.store import Library
from tests.blocks.keras_files import layer, model, source
from tests.browser.driver import Editor
from tests.browser.fields import drawn, places, stopped_run, typed_into_all
from tests.browser.payloads import Watch, chain


def store(library: Library, payloads: Sequence[str]) -> list[str]:
    """Store a design full of the payloads, and one named, tagged and labelled after each of them.

    Return their ids, the full one's first.
    """
    ids = [library.create(Design.from_json(chain(payloads)), LOCAL)]
    for text in payloads:
        ids.append(library.create(Design(text), LOCAL))
        library.tag(ids[-1], LOCAL, [text[:40]])
    for place, text in enumerate(payloads):
        library.edit(ids[0], LOCAL, text, {"nodes": {"photo": {"x": place - 50}}})
        library.versions.name(ids[0], LOCAL, place + 1, text[:80])
    return ids


def type_everywhere(editor: Editor, home: Path, watch: Watch, payload: str) -> set[str]:
    """Type a payload into every text field there is; return the fields by page and label."""
    design_id = Library(home / "library.sqlite").create(drawn(), LOCAL)
    for title in ("first", "second"):
        stopped_run(drawn(), title, design_id=design_id)
    done: set[str] = set()
    for where in places(editor, design_id):
        for name in typed_into_all(editor.page, payload, done):
            watch.look(editor.page, f"{where}, {name},")
    return done


def radio(page: Page, name: str) -> Locator:
    return page.get_by_role("radio", name=name, exact=True)


def look_at_design(editor: Editor, watch: Watch, design_id: str) -> None:
    """Open everything that the Design page shows of a design."""
    page = editor.page
    editor.open(f"{editor.url}/?design={design_id}")
    expect(page.get_by_test_id("diagram").locator("svg")).to_be_visible()
    watch.look(page, "the canvas")
    for tab in ("Bars", "Outline", "Problems"):
        page.get_by_role("tab", name=tab).click()
        watch.look(page, f"the dock's {tab}")
    page.keyboard.press("Control+k")
    page.keyboard.type("pwned")
    expect(page.get_by_test_id("command").get_by_role("option").first).to_be_visible()
    watch.look(page, "the command palette")
    page.keyboard.press("Escape")
    for panel, there in (("Charts", ".js-plotly-plot"), ("Code", "text=The code appears")):
        radio(page, panel).click()
        expect(page.locator(there).first).to_be_visible()
        watch.look(page, f"the panel {panel}")
    page.get_by_role("button", name="Versions").click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Restore")).to_be_visible()
    watch.look(page, "the versions")
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Export").click()
    expect(page.get_by_role("dialog").get_by_text("Nothing can be exported")).to_be_visible()
    watch.look(page, "the export")


def look_at_library(editor: Editor, watch: Watch) -> None:
    page = editor.page
    page.goto(f"{editor.url}/library")
    expect(page.get_by_role("button", name="More").first).to_be_visible()
    watch.look(page, "the library")


def look_at_compare(editor: Editor, watch: Watch, ids: Sequence[str]) -> None:
    page = editor.page
    page.goto(f"{editor.url}/compare?designs={','.join(ids)}")
    expect(page.get_by_role("region", name="Totals side by side")).to_be_visible()
    watch.look(page, "a comparison")


def look_at_addresses(editor: Editor, watch: Watch, payloads: Sequence[str]) -> None:
    """Open pages with every parameter of an address being a payload."""
    page = editor.page
    for text in payloads:
        said = quote(text)
        query = f"design={said}&link={said}&designs={said},{said}&else={said}"
        editor.open(f"{editor.url}/?{query}")
        expect(page.get_by_test_id("notices").get_by_role("listitem").first).to_be_visible()
        watch.look(page, f"the Design page at {text}")
        page.goto(f"{editor.url}/compare?designs={said},{said}")
        expect(page.get_by_text("Choose two to six designs above.")).to_be_visible()
        watch.look(page, f"the Compare page at {text}")


def send_files(editor: Editor, watch: Watch, payloads: Sequence[str]) -> None:
    """Send files named as the payloads, a network whose layers are, and data whose classes are."""
    page = editor.page
    page.goto(f"{editor.url}/library")
    page.get_by_role("button", name="Import").click()
    names = [text.replace("/", "\N{FRACTION SLASH}") for text in payloads]
    page.locator("input[type=file]").set_input_files([named(f"{one}.json") for one in names])
    refused = page.get_by_text("a design file is a JSON object")
    expect(refused).to_have_count(len(payloads))
    watch.look(page, "the refusals of files")
    page.goto(f"{editor.url}/library")
    page.get_by_role("button", name="Import").click()
    layers = [source(), layer("Conv2D", payloads[0], "photo", filters=2, kernel_size=[3, 3])]
    for before, text in pairwise(payloads):
        layers.append(layer("Conv2D", text, before, filters=2, kernel_size=[1, 1]))
    content = json.dumps(model(*layers)).encode()
    page.locator("input[type=file]").set_input_files(named("network.json", content))
    expect(editor.canvas).to_be_visible()
    expect(editor.nodes.first).to_be_visible()
    editor.saved()
    watch.look(page, "an imported network")
    page.goto(f"{editor.url}/train")
    page.get_by_role("button", name="Data of your own").click()
    rows = [f"{place},{place + 1},{quoted(text)}" for place, text in enumerate(payloads)] * 4
    table = named(f"{names[1]}.csv", "\n".join(["a,b,label", *rows]).encode())
    page.locator("input[type=file]").set_input_files(table)
    expect(page.get_by_text(f"Taken: {4 * len(payloads)} signals")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("As the network gets them")).to_be_visible(timeout=120_000)
    watch.look(page, "data and their classes")


def named(name: str, content: bytes = b"[]") -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def quoted(text: str) -> str:
    """Return a cell of a table as CSV has it."""
    return '"' + text.replace('"', '""') + '"'


PARTS = {
    "Curves": "Loss",
    "Classes": "Validation samples after epoch 1",
    "Mistakes": "told wrong after epoch 1",
    "Log": "SHA-256",
    "Gradients": "every part of the network learns",
}


def look_at_runs(editor: Editor, watch: Watch, payloads: Sequence[str], folder: Path) -> None:
    """Look at runs that are called as the payloads, and whose classes and blocks are."""
    found = [recorded(text, payloads) for text in payloads]
    page = editor.page
    page.goto(f"{editor.url}/train")
    expect(page.get_by_text("Failed", exact=False).first).to_be_visible()
    for part, there in PARTS.items():
        radio(page, part).click()
        expect(page.get_by_text(there).first).to_be_visible()
        watch.look(page, f"the part {part} of a run")
    page.get_by_text("Colour the diagram").click()
    expect(page.get_by_test_id("picture").locator("svg")).to_be_visible()
    watch.look(page, "the coloured diagram of a run")
    radio(page, "Compare runs").click()
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    watch.look(page, "a comparison of runs")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Report, HTML").click()
    report = folder / "report.html"
    waiting.value.save_as(report)
    page.goto(report.as_uri())
    expect(page.get_by_role("heading", name="Every run")).to_be_visible()
    watch.look(page, "the report")
    assert len(found) == len(payloads)


def recorded(text: str, payloads: Sequence[str]) -> Run:
    """Put a failed run among a person's runs that says a payload wherever a run says words."""
    many = len(payloads)
    design = Design(text).add("photo", Image(8, 8, 1)).add("head", Classifier(many), after="photo")
    run = stopped_run(
        design, text, data_title=text, tag=text, class_names=list(payloads), classes=many
    )
    write_json(run.folder / "status.json", {"state": "failed", "message": text})
    write_json(run.fingerprint_path, {"samples": {"training": 1}, "sha256": text})
    (run.folder / "log.txt").write_text("\n".join(payloads), encoding="utf-8")
    output = OutputEpoch(text, 1.0, 0.5, 1.0, 0.5)
    counts = tuple(tuple(range(row, row + many)) for row in range(many))
    with Recorder(run.folder) as record:
        record.step(Step(1, 1, 1.0, 0.5, 0.1))
        record.epoch(Epoch(1, 1, 1.0, 0.5, 1.0, 0.5, 1.0, (output, output)))
        record.confusion(Confusion(1, counts))
        head = design.node("head").id
        record.flow_blocks([FlowBlock(one, head) for one in payloads])
        record.flow(Flow(1, (1.0,) * many, (1.0,) * many))
    mistakes = [(0.9, 0, place, many - 1 - place) for place in range(many)]
    keep_wrong(run.folder, 1, mistakes, np.zeros((1, 8, 8, 1)))
    return run


def look_at_exports(page: Page, watch: Watch, payloads: Sequence[str], folder: Path) -> None:
    """Open drawings as files and as parts of a page, and the words of notebooks as Jupyter does."""
    svg = folder / "drawn.svg"
    export(Design.from_json(chain(payloads)), "svg", svg)
    page.goto(svg.as_uri())
    watch.look(page, "a drawing")
    page.goto("about:blank")
    page.set_content(svg.read_text("utf-8"))
    watch.look(page, "a drawing in a page")
    for text in payloads:
        design = Design(text).add("photo", Image(8, 8, 3))
        design = design.add("head", Classifier(3), after="photo")
        export(design, "notebook", folder / "it.ipynb")
        cells = json.loads((folder / "it.ipynb").read_text("utf-8"))["cells"]
        shown = [
            MarkdownIt().render("".join(cell["source"]))
            if cell["cell_type"] == "markdown"
            else f"<pre>{escape(''.join(cell['source']))}</pre>"
            for cell in cells
        ]
        page.set_content("".join(shown))
        watch.look(page, f"the notebook of {text}")
