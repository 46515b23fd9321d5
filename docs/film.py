"""Makes docs/editor.gif, a network drawn and changed in a real browser, and docs/editor.png.

Run it from the repository's root: .venv/bin/python docs/film.py
"""

import io
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from blocks import Add, Classifier, Conv, Design, Inception, Residual  # noqa: E402 - by the path
from blocks import Image as Photo  # noqa: E402
from editor.store import Library  # noqa: E402
from tests.browser.conftest import CHROMIUM_ARGUMENTS, Server  # noqa: E402
from tests.browser.driver import Editor  # noqa: E402

FILM, STILL = ROOT / "docs" / "editor.gif", ROOT / "docs" / "editor.png"
WINDOW: ViewportSize = {"width": 1280, "height": 720}
WIDTH = 960
COLOURS = 256
STEP = 60  # milliseconds that a frame of a movement stays
POINTER = ((0, 0), (0, 17), (4, 13), (7, 20), (10, 19), (7, 12), (12, 12))


class Film:
    """Frames of a page, with the pointer drawn where the mouse is."""

    def __init__(self, editor: Editor) -> None:
        self.editor = editor
        self.page: Page = editor.page
        self.mouse = (WINDOW["width"] * 0.6, WINDOW["height"] * 0.4)
        self.frames: list[Image.Image] = []
        self.times: list[int] = []

    def shoot(self, milliseconds: int = STEP) -> None:
        picture = Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")
        outline = [(self.mouse[0] + x, self.mouse[1] + y) for x, y in POINTER]
        ImageDraw.Draw(picture).polygon(outline, fill="black", outline="white")
        height = round(WIDTH * picture.height / picture.width)
        self.frames.append(picture.resize((WIDTH, height), Image.Resampling.LANCZOS))
        self.times.append(milliseconds)

    def glide(self, x: float, y: float, steps: int = 7) -> None:
        """Move the mouse, slowly at both ends."""
        start = self.mouse
        for step in range(1, steps + 1):
            part = step / steps
            eased = part * part * (3 - 2 * part)
            self.mouse = (start[0] + (x - start[0]) * eased, start[1] + (y - start[1]) * eased)
            self.page.mouse.move(*self.mouse)
            self.shoot()

    def glide_to(self, thing: Locator) -> None:
        self.glide(*self.editor.middle(thing))

    def carry(self, x: float, y: float) -> None:
        """Drag what is under the mouse to a point of the window."""
        self.page.mouse.down()
        self.glide(x, y, steps=9)
        self.page.mouse.up()
        self.settle()

    def settle(self, milliseconds: int = 500) -> None:
        self.editor.saved()
        self.page.wait_for_timeout(400)
        self.shoot(milliseconds)

    def save(self, path: Path) -> None:
        """Write one palette for all frames, so that what stands still costs nothing."""
        palette = self.frames[-1].quantize(COLOURS, Image.Quantize.MAXCOVERAGE)
        flat = [one.quantize(palette=palette, dither=Image.Dither.NONE) for one in self.frames]
        flat[0].save(
            path, save_all=True, append_images=flat[1:], duration=self.times, loop=0, optimize=True
        )


def block(film: Film, search: str, name: str, row: int) -> None:
    """Find a block in the palette and drag it into a row of the canvas."""
    page = film.page
    field = page.get_by_test_id("palette-search")
    film.glide_to(field)
    field.fill(search)
    film.shoot(300)
    film.glide_to(page.locator(f'[data-testid="palette-item"][data-block="{name}"]'))
    film.carry(605, 150 + 108 * row)
    field.fill("")


def link(film: Film, source: str, target: str) -> None:
    film.glide_to(film.editor.port(source, "out"))
    film.carry(*film.editor.middle(film.editor.port(target, "in")))


def change(film: Film, name: str, field: str, value: str) -> None:
    """Select a block, then type a number and see all others follow."""
    film.glide_to(film.editor.node(name))
    film.page.mouse.down()
    film.page.mouse.up()
    film.settle(300)
    film.editor.field(field).scroll_into_view_if_needed()
    film.glide_to(film.editor.field(field))
    film.editor.field(field).fill("")
    for letter in value:
        film.page.keyboard.type(letter)
        film.settle(250)
    film.shoot(900)


def act(film: Film) -> None:
    film.shoot(700)
    block(film, "image", "Image", 0)
    block(film, "resid", "Residual", 1)
    link(film, "image_1", "residual_1")
    block(film, "class", "Classifier", 2)
    link(film, "residual_1", "classifier_1")
    change(film, "residual_1", "filters", "128")
    change(film, "residual_1", "stride", "2")
    film.shoot(2_500)


def two_branches() -> Design:
    """Return a network with an inception and a residual branch."""
    design = Design("two branches").add("photo", Photo(64, 64, 3)).add("stem", Conv(64), "photo")
    design = design.add("inception", Inception(64, 96, 128, 16, 32, 32), "stem")
    design = design.add("residual", Residual(filters=256, variant="bottleneck"), "stem")
    design = design.add("sum", Add(), ["inception", "residual"])
    return design.add("classes", Classifier(10), "sum")


def still(editor: Editor, design_id: str) -> None:
    editor.open(f"{editor.url}/?design={design_id}")
    editor.page.get_by_role("button", name="Arrange blocks").click()
    editor.select("residual")
    editor.saved()
    editor.page.wait_for_timeout(1_500)
    editor.page.screenshot(path=STILL)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder) / "home"
        home.mkdir()
        library = Library(home / "library.sqlite")
        full, empty = (library.create(one, "local") for one in (two_branches(), Design("my net")))
        server = Server(home)
        server.start()
        try:
            found = shutil.which("chromium") or shutil.which("chromium-browser")
            browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM_ARGUMENTS)
            editor = Editor(browser.new_page(viewport=WINDOW), server.url)
            still(editor, full)
            editor.open(f"{server.url}/?design={empty}")
            film = Film(editor)
            act(film)
            film.save(FILM)
            browser.close()
        finally:
            server.kill()
    print(f"{FILM.name}: {len(film.frames)} frames, {FILM.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
