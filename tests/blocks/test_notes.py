"""Notes on the canvas stay with the design and change nothing that is built from it."""

import json
from pathlib import Path
from typing import Any

import pytest

from blocks import Classifier, Design, EditError, Image, Note, ReadError, analyze, export, read

NOTE = {"text": "<script>alert(1)</script> ∑", "x": -40, "y": 16.5, "width": 240, "height": 90}


def small() -> Design:
    return Design("noted").add("photo", Image(8, 8, 1)).add("head", Classifier(), after="photo")


def noted() -> Design:
    return small().apply({"notes": {"m1": NOTE}})[0]


def test_a_design_file_keeps_its_notes(tmp_path: Path) -> None:
    path = tmp_path / "design.json"
    export(noted(), "json", path)
    assert read(path).notes == {"m1": Note(**NOTE)}


def test_a_design_without_notes_says_nothing_of_them() -> None:
    assert "notes" not in small().to_json()


def test_neither_numbers_nor_code_know_of_notes() -> None:
    assert analyze(noted()).total == analyze(small()).total
    for form in ("python", "dot", "table_md"):
        assert export(noted(), form) == export(small(), form)


@pytest.mark.parametrize(
    ("notes", "words"),
    [
        ([], "notes must be an object"),
        ({"m 1": NOTE}, "a note's id"),
        ({"m1": {"text": 3}}, "a note's text"),
        ({"m1": {"text": "x" * 2_001}}, "shorten it"),
        ({"m1": {"text": "", "x": 1e9}}, "a note's x must be a number up to 10,000,000"),
        ({"m1": {"text": "", "color": "red"}}, "a note has the fields text, x, y, width, height"),
        ({f"m{n}": NOTE for n in range(201)}, "at most 200"),
    ],
)
def test_notes_that_are_none_are_refused_in_a_sentence(notes: Any, words: str) -> None:
    if notes:
        with pytest.raises(EditError, match=words):
            small().apply({"notes": notes})
    data = small().to_json() | {"notes": notes or [1]}
    with pytest.raises(ReadError, match=words):
        read(json.dumps(data))
