"""How smoothly blocks move: the time between frames while one block, or all, are dragged.

A real Chromium drags with real mouse events, and the browser notes each frame. Without a graphics
card, as here, it draws with the processor. Prints one table.
"""

import tempfile
from pathlib import Path

from _stage import READY, chromium, row, server, stored
from playwright.sync_api import Page, sync_playwright

GOALS = {20: "32", 300: "32", 1_000: ""}
STEPS = 90
FRAMES = """() => {
  window.frames_seen = [];
  let last = performance.now();
  const note = (now) => {
    window.frames_seen.push(now - last);
    last = now;
    window.frame_watch = requestAnimationFrame(note);
  };
  window.frame_watch = requestAnimationFrame(note);
}"""


def dragged(page: Page) -> list[float]:
    """Drag the first block to and fro; return the milliseconds between frames."""
    block = page.locator('[data-testid="node"][data-name="photo"]')
    box = block.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 3
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 10, y + 10, steps=3)
    page.evaluate(FRAMES)
    for step in range(STEPS):
        sway = 120 - abs(step % 60 - 30) * 4
        page.mouse.move(x + sway, y + sway / 2)
        page.wait_for_timeout(16)
    frames: list[float] = page.evaluate(
        "() => { cancelAnimationFrame(window.frame_watch); return window.frames_seen; }"
    )
    moved = block.bounding_box()
    page.mouse.up()
    assert moved
    assert moved["x"] > box["x"], "the block did not follow the mouse"
    page.wait_for_selector(READY)
    return frames[2:]


def main() -> None:
    lines = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        ids = stored(home, GOALS)
        browser = chromium(playwright)
        with server(home) as (address, _, _):
            for blocks, goal in GOALS.items():
                with browser.new_page(viewport={"width": 1280, "height": 900}) as page:
                    page.goto(f"{address}/?design={ids[blocks]}")
                    page.wait_for_selector(READY)
                    lines.append(row(f"one of {blocks} blocks", dragged(page), goal))
                    page.locator(".react-flow__pane").click(position={"x": 30, "y": 30})
                    page.keyboard.press("f")
                    page.wait_for_timeout(1_000)
                    lines.append(row(f"one of {blocks} blocks, all in view", dragged(page), goal))
                    page.keyboard.press("Control+a")
                    lines.append(row(f"all of {blocks} blocks, all in view", dragged(page), ""))
        browser.close()
    print(f"{'frames while dragging':<38}{'median':>9}{'p95':>9}{'goal':>9}   (ms, goal of p95)")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
