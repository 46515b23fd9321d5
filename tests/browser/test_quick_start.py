"""A training from the page that made it ready: started at once, watched, stopped, finished."""

import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Page, expect

from blocks import Run, runs, template
from blocks.training import handover, queue, standby
from blocks.training.files import read_json
from editor.server import LOCAL
from editor.store import Library
from tests.browser.conftest import Server

pytestmark = [pytest.mark.browser, pytest.mark.keras]
PATIENCE = 120_000
EPOCHS = 12


@pytest.fixture
def quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server that makes trainings ready ahead of their start; nothing outlives the test."""
    monkeypatch.setenv("BLOCKWRIGHT_STANDBY", "1")
    handover._mark.cache_clear()
    server = Server(tmp_path / "home")
    server.home.mkdir(exist_ok=True)
    server.start()
    yield server
    server.kill()
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get("BLOCKWRIGHT_HOME") == str(server.home):
                process.kill()


class Hold:
    """Freezes the processes that train a run as soon as it has recorded a step.

    A small network is done before a busy browser has drawn its first curve.
    """

    def __init__(self) -> None:
        self.held: list[psutil.Process] = []
        self.done = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while not self.done.is_set():
            if any(run.metrics().steps for run in runs()):
                runner = psutil.Process(runner_of(runs()[0]))
                self.held = runner.children(recursive=True)
                for process in self.held:
                    process.suspend()
                self.done.set()
            time.sleep(0.01)

    def release(self) -> None:
        for process in self.held:
            process.resume()


def runner_of(run: Run) -> int:
    return int(read_json(run.folder / "status.json")["runner"])


def waits_for_a_run() -> list[int]:
    """The processes of this home that wait for a run."""
    home = os.environ["BLOCKWRIGHT_HOME"]
    commands = [(one.pid, one.info["cmdline"] or []) for one in psutil.process_iter(["cmdline"])]
    return [
        pid
        for pid, words in commands
        if "blocks.training.waiting" in words and any(home in word for word in words)
    ]


def until(condition: Callable[[], object]) -> None:
    """Wait for something that is bound to happen."""
    while not condition():
        time.sleep(0.02)


def made_ready() -> bool:
    log = queue.line_of("cpu") / standby.LOG
    return log.exists() and "ready to train" in log.read_text()


def fill(page: Page, label: str, value: int) -> None:
    field = page.get_by_label(label, exact=True)
    field.fill(str(value))
    field.press("Tab")


def stop(page: Page) -> None:
    page.get_by_role("button", name="Stop", exact=True).click()


def test_a_training_made_ready_is_started_watched_queued_behind_stopped_and_finished(
    quick: Server, new_page: Callable[..., Page]
) -> None:
    design_id = Library(quick.home / "library.sqlite").create(template("digits"), LOCAL)
    page = new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{quick.url}/train?design={design_id}")
    fill(page, "Epochs", EPOCHS)
    until(made_ready)
    (ready,) = waits_for_a_run()
    hold = Hold()
    page.get_by_role("button", name="Start training").click()
    going = page.get_by_text(re.compile(rf"epoch \d+ of {EPOCHS} · step \d+"))
    expect(going).to_be_visible(timeout=PATIENCE)  # it came by itself: nothing was pressed
    until(hold.done.is_set)
    (first,) = runs()
    assert runner_of(first) == ready

    fill(page, "Seed", 2)
    page.get_by_role("button", name="Start training").click()
    expect(page.get_by_text("Waits for 1 run before it")).to_be_visible(timeout=PATIENCE)
    stop(page)
    expect(page.get_by_text("It was stopped before it began")).to_be_visible(timeout=PATIENCE)

    page.locator("[class*=st-key-runs-2]").get_by_test_id("stDataFrame").click(
        position={"x": 16, "y": 35 * 2 + 17}
    )
    expect(going).to_be_visible(timeout=PATIENCE)
    stop(page)
    expect(page.get_by_role("button", name="Stopping")).to_be_disabled(timeout=PATIENCE)
    hold.release()
    resume = page.get_by_role("button", name="Resume")
    expect(resume).to_be_visible(timeout=PATIENCE)
    steps = [step.step for step in first.metrics().steps]
    assert first.status().state == "stopped"
    assert 0 < len(steps) < first.progress().steps
    resume.click()
    expect(page.get_by_text(f"epoch {EPOCHS} of {EPOCHS}")).to_be_visible(timeout=PATIENCE)
    assert first.wait().state == "finished"
    steps = [step.step for step in first.metrics().steps]
    assert steps == list(range(1, first.progress().steps + 1))
