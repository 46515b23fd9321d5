"""How long an edit takes while ten people edit at once on one server.

Ten browsers' tabs, each with a session and a design of its own, edit in turns: every person about
once in two seconds, as fast as people type numbers. The clock starts in the page at the input
event and stops at the frame that shows the new total of parameters. All ten pages are drawn on
this machine too, beside the server. A second table has two tabs on one design: how long until the
other tab shows an edit, by itself. Prints both.
"""

import os
import tempfile
import time
from pathlib import Path

from _stage import READY, chain, chromium, row, server
from edit_latency import WATCH
from playwright.sync_api import Page, sync_playwright

from editor.store import Library

PEOPLE = 10
ROUNDS = 15
PAUSE = 2.0
BLOCKS = 20
FIELD = '[data-testid="inspector"] [name="filters"]'
TOTAL = '[data-testid="total-params"]'


def opened(page: Page, address: str) -> Page:
    """Open a design and select its stem, ready to be typed at."""
    page.goto(address)
    page.wait_for_selector(READY, timeout=120_000)
    page.evaluate(WATCH)
    page.locator('[data-testid="node"][data-name="stem"]').click(force=True)
    page.wait_for_selector(FIELD)
    return page


def typed(page: Page, filters: int) -> None:
    page.locator(FIELD).select_text()
    page.keyboard.insert_text(str(filters))


def rounds(pages: list[Page]) -> list[float]:
    """Let everybody edit in turns; return the milliseconds of every edit but the first round's."""
    times = []
    for turn in range(ROUNDS + 1):
        for page in pages:
            started = time.monotonic()
            typed(page, 17 + turn)
            time.sleep(max(0.0, PAUSE / PEOPLE - (time.monotonic() - started)))
        for page in pages:
            page.wait_for_function("() => window.latency.numbers")
            page.wait_for_selector(READY)
            if turn:
                times.append(page.evaluate("() => window.latency.numbers"))
    return times


def busy(pid: int) -> float:
    """Return the processor time a process has used so far, in milliseconds; Linux only."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def reaching(one: Page, other: Page) -> list[float]:
    """Return the milliseconds until an edit in one tab stands in the other."""
    times = []
    for filters in range(101, 101 + ROUNDS):
        before = other.locator(TOTAL).get_attribute("data-value")
        started = time.monotonic()
        typed(one, filters)
        other.wait_for_function(
            "([total, before]) => total.dataset.value !== before",
            arg=[other.query_selector(TOTAL), before],
            polling=20,
        )
        times.append(1000 * (time.monotonic() - started))
        one.wait_for_selector(READY)
    return times


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        library = Library(home / "library.sqlite")
        ids = [library.create(chain(BLOCKS), "local") for _ in range(PEOPLE)]
        library.close()
        browser = chromium(playwright)
        with server(home) as (address, _, pid):
            links = [f"{address}/?design={design_id}" for design_id in ids]
            pages = [opened(browser.new_page(), link) for link in links]
            before = busy(pid)
            together = rounds(pages)
            work = (busy(pid) - before) / (PEOPLE * (ROUNDS + 1))
            for page in pages[1:]:
                page.close()
            other = opened(browser.new_page(), links[0])
            shared = reaching(pages[0], other)
        browser.close()
    print(f"{'':<38}{'median':>9}{'p95':>9}{'goal':>9}   (ms; goal of p95)")
    print(row(f"{PEOPLE} people, {BLOCKS} blocks each", together, "500"))
    print(f"{'processor time of the server per edit':<38}{work:>9.0f}")
    print(row("an edit in the other tab of a design", shared, "2000"))


if __name__ == "__main__":
    main()
