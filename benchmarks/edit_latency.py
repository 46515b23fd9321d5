"""How long an edit takes: from the key to the new numbers on the screen.

A real Chromium edits real designs on a real server. Each edit types another number of filters
into the inspector; the clock starts in the browser at the input event and stops at the frame that
shows the new total of parameters. The start counts from the server's first instruction to a
canvas that has its design. Prints one table.
"""

import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from playwright.sync_api import Page, sync_playwright

from blocks import Classifier, Conv, Design, Image, Residual
from editor.store import Library

ROOT = Path(__file__).parent.parent
EDITS = 30
GOALS = {20: 100, 200: 150}
FLAGS = (
    "--no-sandbox --disable-gpu --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
READY = '[data-testid="canvas"][data-state="saved"]'
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
  window.latency = {};
  document.addEventListener("input", () => {
    window.latency = {start: performance.now(), before: total.dataset.value};
  }, true);
  new MutationObserver(() => {
    const {start, before} = window.latency;
    if (start && total.dataset.value !== before)
      requestAnimationFrame(() => { window.latency = {took: performance.now() - start}; });
  }).observe(total, {attributes: true, attributeFilter: ["data-value"]});
}"""


def chain(blocks: int) -> Design:
    """Return a residual network of so many blocks, its stem first."""
    design = Design(f"chain_{blocks}").add("photo", Image(64, 64, 3))
    design, last = design.add("stem", Conv(filters=16), "photo"), "stem"
    for index in range(blocks - 3):
        name = f"residual_{index}"
        design, last = design.add(name, Residual(filters=16), last), name
    design = design.add("classes", Classifier(10), last)
    places = {node_id: {"y": 150 * index} for index, node_id in enumerate(design.nodes)}
    return design.apply({"nodes": places})[0]


@contextmanager
def server(home: Path) -> Iterator[tuple[str, float, int]]:
    """Run the editor on a free port; give its address, when it was started, and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
    started = time.monotonic()
    process = subprocess.Popen(
        [*command, f"--server.port={port}"],
        cwd=ROOT,
        env={**os.environ, "BLOCKWRIGHT_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                urllib.request.urlopen(f"{address}/_stcore/health").close()
                break
            except OSError:
                time.sleep(0.02)
        yield address, started, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def edits(page: Page, address: str) -> list[float]:
    """Edit the stem of an open design again and again; return the milliseconds of each edit."""
    page.goto(address)
    page.wait_for_selector(READY)
    page.evaluate(WATCH)
    page.locator('[data-testid="node"][data-name="stem"]').click(force=True)
    field = page.locator('[data-testid="inspector"] [name="filters"]')
    times = []
    for filters in range(17, 17 + EDITS + 3):
        field.select_text()
        page.keyboard.insert_text(str(filters))
        page.wait_for_function("() => window.latency.took")
        times.append(page.evaluate("() => window.latency.took"))
        page.wait_for_selector(READY)
        page.wait_for_timeout(200)
    return times[3:]


def row(name: str, times: list[float], goal: str) -> str:
    """Return a line of the table: median, 95th percentile, goal."""
    p95 = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    return f"{name:<38}{statistics.median(times):>9.0f}{p95:>9.0f}{goal:>9}"


def has_loaded(pid: int, library: str) -> bool:
    """Tell whether a process has a native library mapped; Linux only."""
    maps = Path(f"/proc/{pid}/maps")
    return maps.exists() and re.search(library, maps.read_text()) is not None


def chromium(playwright: Any) -> Any:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    return playwright.chromium.launch(executable_path=found, args=FLAGS.split())


def main() -> None:
    lines, starts = [], []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        library = Library(home / "library.sqlite")
        ids = {blocks: library.create(chain(blocks), "local") for blocks in GOALS}
        library.close()
        browser = chromium(playwright)
        for _ in range(3):
            with server(home) as (address, started, _), browser.new_page() as page:
                page.goto(f"{address}/?design={ids[20]}")
                page.wait_for_selector(READY)
                starts.append(1000 * (time.monotonic() - started))
        with server(home) as (address, _, pid):
            for blocks, goal in GOALS.items():
                with browser.new_page(viewport={"width": 1280, "height": 900}) as page:
                    times = edits(page, f"{address}/?design={ids[blocks]}")
                lines.append(row(f"{blocks} blocks", times, str(goal)))
            heavy = has_loaded(pid, r"tensorflow|jaxlib|libtorch")
        browser.close()
    print(f"{'edit on screen -> numbers on screen':<38}{'median':>9}{'p95':>9}{'goal':>9}   (ms)")
    print("\n".join(lines))
    print(row("start of the server -> canvas", starts, "3000"))
    print(f"the server has loaded TensorFlow, JAX or PyTorch: {'yes' if heavy else 'no'}")


if __name__ == "__main__":
    main()
