"""What the benchmarks of the editor share: a server, a browser, designs of a size, a table."""

import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from blocks import Classifier, Conv, Design, Image, Residual  # noqa: E402 - found by the path
from editor.store import Library  # noqa: E402

FLAGS = (
    "--no-sandbox --disable-gpu --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
COLUMN = 40
READY = '[data-testid="canvas"][data-state="saved"]'


def chain(blocks: int) -> Design:
    """Return a residual network of so many blocks, in columns of 40, its stem first."""
    design = Design(f"chain_{blocks}").add("photo", Image(64, 64, 3))
    design, last = design.add("stem", Conv(filters=16), "photo"), "stem"
    for index in range(blocks - 3):
        name = f"residual_{index}"
        design, last = design.add(name, Residual(filters=16), last), name
    design = design.add("classes", Classifier(10), last)
    places = {
        node_id: {"x": 240 * (index // COLUMN), "y": 120 * (index % COLUMN)}
        for index, node_id in enumerate(design.nodes)
    }
    return design.apply({"nodes": places})[0]


def stored(home: Path, sizes: Iterable[int]) -> dict[int, str]:
    """Put chains of so many blocks into a new library; return the designs' ids by size."""
    library = Library(home / "library.sqlite")
    ids = {blocks: library.create(chain(blocks), "local") for blocks in sizes}
    library.close()
    return ids


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


def row(name: str, times: list[float], goal: str) -> str:
    """Return a line of the table: median, 95th percentile, goal."""
    p95 = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    return f"{name:<38}{statistics.median(times):>9.0f}{p95:>9.0f}{goal:>9}"


def chromium(playwright: Any) -> Any:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    return playwright.chromium.launch(executable_path=found, args=FLAGS.split())
