"""The Library page brings designs in, gives them out, and takes a deletion back."""

import json
import zipfile
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from blocks import Design, ReadError, analyze, export, template, weights_fit
from editor.panels.designs import design_file
from editor.panels.uploads import design_of, imported
from editor.session import LOCAL, Session
from editor.store import Library

ROOT = Path(__file__).parents[2]


def page() -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    app.switch_page("editor/pages/library.py").run()
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [button for button in app.button if button.label == label]
    button.click().run()
    assert not app.exception
    return app


def names(shelf: Library) -> list[str]:
    return [entry.name for entry in shelf.designs(LOCAL)]


def test_a_downloaded_design_can_be_imported_again(shelf: Library) -> None:
    design = template("tutorial_inception")
    design_id = shelf.create(design, LOCAL)
    assert design_of(design_file(Session(), design_id)) == design


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "must be|is a JSON object"),
        (b"/etc/hostname", "a design file is a JSON object, got another text"),
        (b"\xff\xfe\x00", "a design file is UTF-8 text"),
        (b"{" * 1000, "nested at most 500 deep"),
        (b'{"format": "another"}', "format"),
        (b"{" + b" " * 5_000_001 + b"}", "a design has at most 5,000,000 bytes"),
    ],
)
def test_a_file_that_holds_no_design_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(ReadError, match=sentence):
        design_of(content)


@pytest.mark.keras
@pytest.mark.parametrize("kind", ["h5", "keras"])
def test_a_keras_model_becomes_a_design(kind: str) -> None:
    content = export(template("tutorial_vgg"), kind)
    assert isinstance(content, bytes)
    design, told = imported(content, f"mine.{kind}", kind)
    fit = weights_fit(design, analyze(design).graph)
    assert fit
    assert fit.sentence() == f"weights from mine.{kind} for 2 of 2 layers"
    assert told == ""
    assert [node.block.type_name for node in design.nodes.values()] == ["Image", "VGGBlock"]
    assert analyze(design).total == 38_720


@pytest.mark.parametrize("kind", ["h5", "keras"])
def test_a_broken_model_is_refused_in_a_sentence(kind: str) -> None:
    with pytest.raises(ReadError, match="model"):
        imported(b"not a model", "mine", kind)


@pytest.mark.keras
def test_a_model_opens_without_its_weights_where_one_asks_for_that_or_they_are_damaged(
    tmp_path: Path,
) -> None:
    export(template("tutorial_vgg"), "keras", tmp_path / "whole.keras")
    content = (tmp_path / "whole.keras").read_bytes()
    design, told = imported(content, "mine.keras", "keras", bring=False)
    assert (design.weights, told) == (None, "")
    with (
        zipfile.ZipFile(tmp_path / "whole.keras") as whole,
        zipfile.ZipFile(tmp_path / "bare.keras", "w") as bare,
    ):
        bare.writestr("config.json", whole.read("config.json"))
    content = (tmp_path / "bare.keras").read_bytes()
    design, told = imported(content, "mine.keras", "keras")
    assert design.weights is None
    assert told.startswith("Opened without its weights: mine.keras: a .keras file with weights")


def test_an_imported_design_opens(shelf: Library) -> None:
    app = page()
    text = json.dumps(template("tutorial_vgg").to_json()).encode()
    app.file_uploader[0].set_value(("mine.json", text, "application/json")).run()
    assert not app.exception
    assert names(shelf)[0] == "tutorial_vgg"


def test_a_damaged_import_is_said_and_changes_nothing(shelf: Library) -> None:
    app = page()
    app.file_uploader[0].set_value(("mine.json", b"{", "application/json")).run()
    assert "mine.json" in app.error[0].value.replace("\\", "")
    assert names(shelf) == ["untitled"]


def test_a_deletion_can_be_taken_back(shelf: Library) -> None:
    shelf.create(Design("keep me"), LOCAL)
    app = press(page(), "Delete")
    assert names(shelf) == []
    press(app, "Undo")
    assert names(shelf) == ["keep me"]


def test_a_copy_stands_beside_its_original(shelf: Library) -> None:
    shelf.create(template("tutorial_vgg"), LOCAL)
    press(page(), "Duplicate")
    assert names(shelf) == ["tutorial_vgg copy", "tutorial_vgg"]
    first, second = shelf.designs(LOCAL)
    assert shelf.open(first.id, LOCAL).design.nodes == shelf.open(second.id, LOCAL).design.nodes
