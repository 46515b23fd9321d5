"""The whole path, by mouse: draw, read the numbers, export, train, stop, reload."""

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.driver import Editor

pytestmark = [pytest.mark.browser, pytest.mark.keras]

RELOAD = """
import sys, keras, numpy
model = keras.models.load_model(sys.argv[1], compile=False)
answer = model(numpy.zeros((1, 8, 8, 1), "float32"))
print(model.count_params(), tuple(answer.shape))
"""


def draw_classifier(editor: Editor) -> None:
    """An input the size of the digits, a VGG block, a residual block, a head."""
    for row, block in enumerate(["Image", "VGGBlock", "Residual", "Classifier"]):
        editor.drag_block(block, 250, 40 + 130 * row)
    editor.link("image_1", "vgg_block_1")
    editor.link("vgg_block_1", "residual_1")
    editor.link("residual_1", "classifier_1")
    editor.set("image_1", height=8, width=8, channels=1)
    editor.set("vgg_block_1", filters=8)
    editor.set("residual_1", filters=16)


# 8x8x1 -> two 3x3 of 8 -> two 3x3 of 16 and a 1x1 projection -> 10 classes
VGG = (9 * 1 * 8 + 8) + (9 * 8 * 8 + 8)
RESIDUAL = (9 * 8 * 16 + 16) + (9 * 16 * 16 + 16) + (8 * 16 + 16)
TOTAL = VGG + RESIDUAL + 16 * 10 + 10


def export(page: Page, title: str, folder: Path) -> Path:
    """Make and prove an export in the dialog, then download it."""
    page.get_by_role("button", name="Export", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox").click()
    page.get_by_role("option", name=title, exact=True).click()
    dialog.get_by_role("button", name="Build and prove").click()
    with page.expect_download(timeout=120_000) as download:
        dialog.get_by_role("button", name="Download").first.click(timeout=120_000)
    expect(dialog).to_contain_text("equal")
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    return path


def badge(page: Page, word: str) -> Locator:
    """The status of the chosen run."""
    return page.locator(".stMarkdownBadge").filter(has_text=word)


def test_draw_export_train_stop_and_come_back(editor: Editor, tmp_path: Path) -> None:
    page = editor.page
    draw_classifier(editor)
    editor.expect_params(TOTAL)

    model = export(page, "Keras model, HDF5", tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", RELOAD, str(model)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == f"{TOTAL} (1, 10)"

    code = export(page, "Python code, Keras", tmp_path).read_text(encoding="utf-8")
    assert "def vgg_block(" in code
    assert "blockwright" not in code.lower()

    design = editor.design_id()
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_role("heading", name="New run")).to_be_visible()
    page.get_by_role("spinbutton", name="Epochs").fill("2")
    page.get_by_role("button", name="Start training").click()
    expect(page.locator(".js-plotly-plot").first).to_be_visible(timeout=120_000)
    expect(badge(page, "Finished")).to_be_visible(timeout=120_000)

    page.get_by_role("spinbutton", name="Epochs").fill("1000")
    page.get_by_role("button", name="Start training").click()
    stop = page.get_by_test_id("stMainBlockContainer").get_by_role(
        "button", name="Stop", exact=True
    )
    # A run that is stopped before its first step has no curves.
    expect(page.get_by_text("of 1000 · step")).to_be_visible(timeout=120_000)
    stop.click()
    expect(badge(page, "Stopped")).to_be_visible(timeout=120_000)

    page.reload()
    expect(badge(page, "Stopped")).to_be_visible(timeout=60_000)
    listed = page.locator('[role="gridcell"]')
    expect(listed.filter(has_text="finished").first).to_be_attached(timeout=20_000)
    expect(listed.filter(has_text="stopped").first).to_be_attached()
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    editor.open(f"{editor.url}/?design={design}")
    editor.expect_params(TOTAL)
    expect(editor.nodes).to_have_count(4)
