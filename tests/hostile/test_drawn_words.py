"""What is typed into a design is drawn as visible characters on one line, 64 of them at most."""

import re
import unicodedata
from pathlib import Path
from xml.etree import ElementTree

import pytest

from blocks import diagram_dot, thumbnail
from blocks.diagram import MAX_TEXT
from blocks.exports import format_named
from tests.editor.test_typed_words import named

TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
ERASING = "\x00\x07\x08\x1b\x7f\x85\u200b\u2028\u2029\ufeff"
DRAWINGS = ("dot", "svg", "mermaid", "tikz", "thumbnail", "comparison")


def drawn(text: str, kind: str, folder: Path) -> str:
    """Draw a design with a text in every field that takes words."""
    design = named(text)
    if kind == "thumbnail":
        return thumbnail(design)
    if kind == "comparison":
        return diagram_dot(design, marks=dict.fromkeys(design.nodes, "changed"))
    path = folder / f"drawing.{kind}"
    format_named(kind).write(design, path)
    return path.read_text("utf-8")


@pytest.mark.parametrize("kind", DRAWINGS)
def test_nothing_in_a_drawing_turns_or_erases_what_stands_beside_it(
    kind: str, tmp_path: Path
) -> None:
    for signs in (TURNING, ERASING):
        text = drawn("".join(f"{sign}evil" for sign in signs), kind, tmp_path)
        hidden = {char for char in text if unicodedata.category(char) in HIDDEN}
        assert hidden <= {"\n", "\t"}
        assert "evil" in text or kind == "thumbnail"  # a picture without words
        if kind in ("svg", "thumbnail"):
            assert ElementTree.fromstring(text).tag.endswith("svg")


HIDDEN = ("Cc", "Cf", "Zl", "Zp")
"""Categories of characters that show nothing: control, format, separators of lines."""


@pytest.mark.parametrize("kind", DRAWINGS)
def test_a_typed_word_takes_64_characters_of_a_drawing_at_most(kind: str, tmp_path: Path) -> None:
    assert MAX_TEXT == 64
    words = re.findall("w{32,}", drawn("w" * 200, kind, tmp_path))
    assert bool(words) == (kind != "thumbnail")
    assert all(len(word) <= MAX_TEXT for word in words)
