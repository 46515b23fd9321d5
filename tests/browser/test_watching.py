"""A run is watched, tried and compared in a browser."""

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from blocks import Run, export, start_run, template
from blocks.training.data import load
from editor.store import Library
from tests.browser.conftest import Server
from tests.browser.driver import Editor

pytestmark = [pytest.mark.browser, pytest.mark.keras]
PATIENCE = 120_000


def seen(locator: Locator) -> None:
    """Wait for what a child process, or a browser on a busy machine, has to do first."""
    expect(locator).to_be_visible(timeout=PATIENCE)


def part(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name, exact=True).click()


def uploader(page: Page, label: str) -> Locator:
    """Return the field that takes files, by its label: a page may have several."""
    return page.get_by_test_id("stFileUploader").filter(has_text=label).locator("input[type=file]")


@pytest.fixture
def trained(server: Server, monkeypatch: pytest.MonkeyPatch) -> tuple[Run, Run]:
    """Two finished runs that differ in their seed."""
    monkeypatch.setenv("BLOCKWRIGHT_HOME", str(server.home))
    first, second = (start_run(template("digits"), "digits", epochs=2, seed=n) for n in (1, 2))
    assert first.wait().state == second.wait().state == "finished"
    return first, second


def test_a_run_is_watched_tried_and_compared(editor: Editor, trained: tuple[Run, Run]) -> None:
    page = editor.page
    page.set_default_timeout(PATIENCE)
    page.get_by_role("button", name="Train", exact=True).click()
    seen(page.get_by_text("epoch 2 of 2"))
    part(page, "Classes")
    seen(page.get_by_text("Validation samples after epoch 2"))
    part(page, "Mistakes")
    wrong = trained[1].wrong()[0]
    said = f"{wrong.truth}, taken for {wrong.guess} ({wrong.probability:.0%})"
    seen(page.get_by_text(said).first)
    part(page, "Gradients")
    seen(page.get_by_text("every part of the network learns"))
    page.get_by_text("Colour the diagram").click()
    seen(page.get_by_text("Gradients after step"))
    part(page, "Try")
    page.get_by_role("button", name="Ask the network").click()
    seen(page.get_by_text("It is "))
    truths = load("digits", trained[1].settings).y_validation
    other = next(n for n, label in enumerate(truths) if label != truths[0])
    number = page.get_by_label("Validation sample", exact=True)
    number.fill(str(other + 1))
    number.press("Enter")  # the next answers come without another click
    seen(page.get_by_text(f"It is {truths[other]}."))
    part(page, "Compare runs")
    seen(page.get_by_text("digits, seed 1").first)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Report, HTML").click()
    text = waiting.value.path().read_text("utf-8")
    assert "digits, seed 1" in text
    assert "digits, seed 2" in text


def test_weights_of_a_file_are_tried_without_a_run(
    server: Server, editor: Editor, trained: tuple[Run, Run], tmp_path: Path
) -> None:
    page = editor.page
    page.set_default_timeout(PATIENCE)
    design_id = Library(server.home / "library.sqlite").create(template("digits"), "local")
    page.goto(f"{server.url}/train?design={design_id}")
    part(page, "Weights from a file")
    other = tmp_path / "other.keras"
    export(template("tutorial_vgg3"), "keras", other)
    file = uploader(page, "Trained weights for this design")
    file.set_input_files(other)
    seen(page.get_by_text("it is another network"))
    file.set_input_files(trained[0].model_as(".weights.h5"))
    page.get_by_role("button", name="Judge the network").click()
    seen(page.get_by_text("Over 359 samples."))
    last = trained[0].last_epoch()
    assert last
    seen(page.get_by_text(f"{last.val_accuracy:.2%}").first)
    samples = load("digits", trained[0].settings)
    own = tmp_path / "own.npz"
    np.savez(own, x=(255 * samples.x_validation[:5]).astype(np.uint8))
    part(page, "A file of my own")
    uploader(page, "Picture, text file with a signal").set_input_files(own)
    page.get_by_role("button", name="Ask the network").click()
    seen(page.get_by_text("5 samples."))
