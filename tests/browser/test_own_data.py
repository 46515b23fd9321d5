"""A person's own pictures, from the upload to a trained network."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from blocks import Classifier, Conv, Design, Image
from editor.store import Library
from tests.blocks.data_files import class_folders, zipped
from tests.browser.conftest import Server
from tests.browser.driver import Editor


def seen(locator: Locator) -> None:
    """Wait for what a child process has to do first; a busy machine takes its time."""
    expect(locator).to_be_visible(timeout=120_000)


@pytest.mark.keras
def test_pictures_are_uploaded_looked_at_fitted_and_trained_on(
    server: Server, editor: Editor, tmp_path: Path
) -> None:
    design = (
        Design("colours")
        .add("photo", Image(16, 16, 3))
        .add("stem", Conv(filters=4), after="photo")
        .add("head", Classifier(classes=10), after="stem")
    )
    library = Library(server.home / "library.sqlite")
    design_id = library.create(design, "local")
    page = editor.page
    page.goto(f"{server.url}/train?design={design_id}")
    page.get_by_role("button", name="Data of your own").click()
    files = class_folders(12)
    page.locator('input[type="file"]').set_input_files(zipped(tmp_path / "colours.zip", files))
    seen(page.get_by_text("Taken: 36 pictures of 12x10x3, 3 classes"))
    page.keyboard.press("Escape")
    seen(page.get_by_text("29 samples train, 7 judge after each epoch"))
    seen(page.get_by_text("As the network gets them: values from 0 to"))
    start = page.get_by_role("button", name="Start training")
    expect(start).to_be_disabled()
    classes = page.get_by_role("button", name="Set classes to 3")
    expect(classes).to_be_visible()
    page.get_by_role("button", name="Bring the data to 16 x 16").click()
    classes.click()  # before the page has answered the first: both hold
    expect(start).to_be_enabled(timeout=30_000)
    epochs = page.get_by_label("Epochs", exact=True)
    epochs.fill("1")
    epochs.press("Tab")
    start.click()
    seen(page.get_by_role("button", name="Training script (.py)"))
    stored = library.open(design_id, "local")
    assert stored.design.node("head").block.values()["classes"] == 3
    assert stored.revision == 1
