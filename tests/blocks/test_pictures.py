"""Pictures of blocks and the page that shows them."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from blocks import BLOCKS, Design, Image, analyze, block_picture
from blocks.handbook import handbook
from blocks.rows import PASSING, rows_of

DOCS = Path(__file__).parents[2] / "docs"
SVG = "{http://www.w3.org/2000/svg}"
Frame = tuple[float, float, float, float]


def texts(kind: str) -> list[str]:
    return [
        text.text or "" for text in ElementTree.fromstring(block_picture(kind)).iter(f"{SVG}text")
    ]


def frames(kind: str) -> list[Frame]:
    """Return left, top, right and bottom of every box."""
    found = []
    for rect in ElementTree.fromstring(block_picture(kind)).iter(f"{SVG}rect"):
        x, y, width, height = (float(rect.get(key, "")) for key in ("x", "y", "width", "height"))
        found.append((x, y, x + width, y + height))
    return found


@pytest.mark.parametrize("kind", BLOCKS)
def test_a_picture_has_a_box_for_every_layer_or_says_how_many_are_left_out(kind: str) -> None:
    shown = texts(kind)
    inputs = shown.count("in")
    if kind in ("Image", "Signal", "KerasInput"):
        assert shown == ["Input"]
        return
    design = Design().add("in", Image(16, 16, BLOCKS[kind]().values().get("filters") or 64))
    merge = ["in", "in"][: inputs or 1]
    if inputs == 1:
        layers = analyze(design.add("block", BLOCKS[kind](), merge[0])).nodes["block"].layers
        assert len(shown) == 1 + layers or shown[-1] == "5 more times"
    elif BLOCKS[kind].inputs[0].many:
        assert len(shown) == 3
    else:
        assert shown == [
            "in",
            "in",
            "Transposed 2x2, 64, /2",
            "Concatenate",
            *["Conv 3x3, 64, relu"] * 2,
        ]


@pytest.mark.parametrize("kind", BLOCKS)
def test_boxes_stand_inside_the_picture_and_apart(kind: str) -> None:
    root = ElementTree.fromstring(block_picture(kind))
    left, top, width, height = map(float, (root.get("viewBox") or "").split())
    boxes = frames(kind)
    for x, y, right, bottom in boxes:
        assert left <= x
        assert right <= left + width
        assert top <= y
        assert bottom <= top + height
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            assert (
                one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            )


def test_a_shortcut_passes_beside_the_boxes() -> None:
    arrows = re.findall(r'<path d="([^"]*)"', block_picture("Residual"))
    assert max(path.count("V") for path in arrows) == 2
    assert texts("Residual") == ["in", "Conv 3x3, 64, relu", "Conv 3x3, 64", "+", "relu"]


def test_rows_keep_a_place_for_an_arrow_that_passes() -> None:
    rows = rows_of({"a": (), "b": ("a",), "c": ("b", "a")}, {"a": 20, "b": 60, "c": 20})
    assert [len(row) for row in rows] == [1, 2, 1]
    first, second = rows[1].values()
    assert second - first >= (60 + PASSING) / 2


def test_every_block_names_its_source() -> None:
    assert [name for name, kind in BLOCKS.items() if not kind.citation] == []


def sections(page: str) -> dict[str, str]:
    """The page by block type."""
    parts = re.split(r"^### .*\(`(\w+)`\)$", page, flags=re.MULTILINE)[1:]
    return {
        name: text.split("\n## ")[0] for name, text in zip(parts[::2], parts[1::2], strict=True)
    }


def test_every_block_on_the_page_is_as_the_catalogue_has_it(update_golden: bool) -> None:
    files = handbook()
    if update_golden:
        (DOCS / "blocks").mkdir(exist_ok=True)
        for old in (DOCS / "blocks").glob("*.svg"):
            old.unlink()
        for name, text in files.items():
            (DOCS / name).write_text(text, encoding="utf-8")
    shown, today = sections((DOCS / "blocks.md").read_text("utf-8")), sections(files["blocks.md"])
    assert shown == {name: today[name] for name in shown}
    for path in (DOCS / "blocks").glob("*.svg"):
        assert path.read_text("utf-8") == files[f"blocks/{path.name}"]
