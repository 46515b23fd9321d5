"""How long an edit takes: from the key to the new numbers, and to the new diagram, on the screen.

A real Chromium edits real designs on a real server, all panels open. Each edit types another
number of filters into the inspector; the clock starts in the browser at the input event and stops
at the frame that shows the new total of parameters, and at the one that shows the new diagram. The
start counts from the server's first instruction to a canvas that has its design. Prints one table.
"""

import re
import tempfile
import time
from pathlib import Path

from _stage import READY, chromium, row, server, stored
from playwright.sync_api import Page, sync_playwright

EDITS = 30
GOALS = {20: (100, 300), 200: (150, 1_000), 1_000: (400, None)}
WATCH = """() => {
  const deep = (root, name) => {
    const found = root.querySelector(`[data-testid="${name}"]`);
    if (found) return found;
    for (const host of root.querySelectorAll("*")) {
      const inside = host.shadowRoot && deep(host.shadowRoot, name);
      if (inside) return inside;
    }
  };
  const total = deep(document, "total-params");
  const note = (what) => requestAnimationFrame(() => {
    window.latency[what] ??= performance.now() - window.latency.start;
  });
  window.latency = {};
  document.addEventListener("input", () => {
    window.latency = {start: performance.now(), before: total.dataset.value};
  }, true);
  new MutationObserver(() => {
    if (window.latency.start && total.dataset.value !== window.latency.before) note("numbers");
  }).observe(total, {attributes: true, attributeFilter: ["data-value"]});
  new MutationObserver(() => {
    if (window.latency.start) note("diagram");
  }).observe(deep(document, "diagram"), {childList: true, subtree: true});
}"""


def edits(page: Page, address: str) -> tuple[list[float], list[float]]:
    """Edit the stem of an open design again and again; return milliseconds to numbers, to diagram.

    The diagram of a very large design comes when it has been laid out; it is not waited for.
    """
    page.goto(address)
    page.wait_for_selector(READY)
    page.evaluate(WATCH)
    page.locator('[data-testid="node"][data-name="stem"]').click(force=True)
    field = page.locator('[data-testid="inspector"] [name="filters"]')
    numbers, diagrams = [], []
    for filters in range(17, 17 + EDITS + 3):
        field.select_text()
        page.keyboard.insert_text(str(filters))
        page.wait_for_function("() => window.latency.numbers")
        page.wait_for_selector(READY)
        page.wait_for_timeout(400)
        took = page.evaluate("() => window.latency")
        numbers.append(took["numbers"])
        if "diagram" in took:
            diagrams.append(took["diagram"])
    return numbers[3:], diagrams[3:]


def has_loaded(pid: int, library: str) -> bool:
    """Tell whether a process has a native library mapped; Linux only."""
    maps = Path(f"/proc/{pid}/maps")
    return maps.exists() and re.search(library, maps.read_text()) is not None


def main() -> None:
    lines, starts = [], []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        ids = stored(home, GOALS)
        browser = chromium(playwright)
        for _ in range(3):
            with server(home) as (address, started, _), browser.new_page() as page:
                page.goto(f"{address}/?design={ids[20]}")
                page.wait_for_selector(READY)
                starts.append(1000 * (time.monotonic() - started))
        with server(home) as (address, _, pid):
            for blocks, (goal, diagram_goal) in GOALS.items():
                with browser.new_page(viewport={"width": 1280, "height": 900}) as page:
                    numbers, diagrams = edits(page, f"{address}/?design={ids[blocks]}")
                lines.append(row(f"{blocks} blocks, numbers", numbers, str(goal)))
                if diagram_goal and diagrams:
                    lines.append(row(f"{blocks} blocks, diagram", diagrams, str(diagram_goal)))
            heavy = has_loaded(pid, r"tensorflow|jaxlib|libtorch")
        browser.close()
    print(f"{'edit on screen -> on screen':<38}{'median':>9}{'p95':>9}{'goal':>9}   (ms)")
    print("\n".join(lines))
    print(row("start of the server -> canvas", starts, "3000"))
    print(f"the server has loaded TensorFlow, JAX or PyTorch: {'yes' if heavy else 'no'}")


if __name__ == "__main__":
    main()
