"""The Library page brings designs in, gives them out, and takes a deletion back."""

import json
import zipfile
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from blocks import Design, ReadError, analyze, export, python_code, template, weights_fit
from editor.panels.design_menu import design_file
from editor.panels.designs import ago, matching
from editor.panels.uploads import design_of, imported
from editor.server import LOCAL
from editor.session import Session
from editor.shelf import Entry
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


@pytest.mark.parametrize(
    ("kind", "sentence"), [("h5", "HDF5 file cannot be read"), ("keras", "is a zip archive, got")]
)
def test_a_broken_model_is_refused_in_a_sentence(kind: str, sentence: str) -> None:
    with pytest.raises(ReadError, match=sentence):
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
    assert told.startswith("Opened without its weights: mine.keras: a .keras file holds one")


def test_an_imported_design_opens(shelf: Library) -> None:
    app = page()
    text = json.dumps(template("tutorial_vgg").to_json()).encode()
    app.file_uploader[0].set_value([("mine.json", text, "application/json")]).run()
    assert not app.exception
    assert names(shelf)[0] == "tutorial_vgg"


def test_exported_python_code_opens_and_other_code_is_refused_by_its_line(shelf: Library) -> None:
    code = python_code(template("tutorial_vgg"))
    upload(page(), ("mine.py", code.encode()))
    assert names(shelf)[0] == "tutorial_vgg"
    app = upload(page(), ("other.py", f"{code}\nopen('x')\n".encode()))
    line = code.count("\n") + 2
    assert f"line {line}: only what Blockwright writes can be read; this calls open" in said(app)
    assert names(shelf).count("tutorial_vgg") == 1


def test_a_damaged_import_is_said_and_changes_nothing(shelf: Library) -> None:
    app = page()
    app.file_uploader[0].set_value([("mine.json", b"{", "application/json")]).run()
    assert "mine.json" in app.error[0].value.replace("\\", "")
    assert names(shelf) == ["untitled"]


def upload(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    app.file_uploader[0].set_value([(*file, "application/octet-stream") for file in files]).run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return " ".join(one.value for one in [*app.success, *app.error]).replace("\\", "")


def test_an_old_refusal_is_gone_with_the_next_file(shelf: Library) -> None:
    app = upload(page(), ("notes.txt", b"hello"))
    assert "notes.txt: the name ends in 'txt'; a file to import is one of .json" in said(app)
    app = upload(app, ("mine.json", b"{"))
    assert "notes.txt" not in said(app)
    assert "mine.json" in said(app)
    text = json.dumps(template("tutorial_vgg").to_json()).encode()
    upload(app, ("mine.json", text))
    assert names(shelf)[0] == "tutorial_vgg"


def test_several_files_come_in_at_once(shelf: Library) -> None:
    files = [(f"{t}.json", json.dumps(template(t).to_json()).encode()) for t in ("vgg16", "unet")]
    app = upload(page(), *files, ("broken.json", b"{"))
    assert set(names(shelf)) == {"vgg16", "unet", "untitled"}
    assert "vgg16.json is in the library as vgg16" in said(app)
    assert "broken.json: " in said(app)


def test_a_backup_is_brought_back_by_importing_it(shelf: Library) -> None:
    design_id = shelf.create(template("vgg16"), LOCAL)
    content = shelf.backup(LOCAL)
    shelf.delete(design_id, LOCAL)
    app = upload(page(), ("all.zip", content))
    assert "all.zip: 1 design brought back" in said(app)
    assert "vgg16" in names(shelf)


def test_a_deletion_can_be_taken_back(shelf: Library) -> None:
    shelf.create(Design("keep me"), LOCAL)
    app = press(press(page(), "More"), "Delete")
    assert names(shelf) == []
    press(app, "Undo")
    assert names(shelf) == ["keep me"]


def test_the_deleted_are_restored_or_removed_for_good(shelf: Library) -> None:
    for name in ("one", "two"):
        shelf.delete(shelf.create(Design(name), LOCAL), LOCAL)
    shelf.create(Design("three"), LOCAL)
    app = page()
    (button, _) = [button for button in app.button if button.label == "Restore"]
    button.click().run()
    assert names(shelf) == ["three", "two"]
    press(app, "Remove for good")
    assert shelf.deleted(LOCAL) == []


def test_a_design_gets_another_name_and_tags(shelf: Library) -> None:
    design_id = shelf.create(Design("old"), LOCAL)
    app = press(page(), "More")
    app.text_input[1].set_value("new")
    press(app, "Save")
    assert names(shelf) == ["new"]
    shelf.tag(design_id, LOCAL, ["thesis"])
    assert [pill.options for pill in page().button_group] == [["thesis"]]


def test_a_copy_stands_beside_its_original(shelf: Library) -> None:
    shelf.create(template("tutorial_vgg"), LOCAL)
    press(press(page(), "More"), "Duplicate")
    assert names(shelf) == ["tutorial_vgg copy", "tutorial_vgg"]
    first, second = shelf.designs(LOCAL)
    assert shelf.open(first.id, LOCAL).design.nodes == shelf.open(second.id, LOCAL).design.nodes


def test_designs_are_found_by_words_of_name_and_tags() -> None:
    entries = [
        Entry("1", "VGG small", 0, 0, 0, ("thesis", "digits")),
        Entry("2", "vgg large", 0, 0, 0, ("thesis",)),
        Entry("3", "ResNet", 0, 0, 0),
    ]
    found = {
        ("", ()): "123",
        ("vgg", ()): "12",
        ("LARGE Vgg", ()): "2",
        ("digits", ()): "1",
        ("", ("thesis",)): "12",
        ("small", ("thesis", "digits")): "1",
        ("nothing", ()): "",
    }
    for (text, tags), ids in found.items():
        assert "".join(one.id for one in matching(entries, text, tags)) == ids


def test_times_are_said_as_people_say_them() -> None:
    times = (-5, 59, 60, 3_599, 3_600, 86_400, 200_000)
    words = [
        "just now",
        "just now",
        "1 min ago",
        "59 min ago",
        "1 h ago",
        "1 day ago",
        "2 days ago",
    ]
    assert [ago(seconds) for seconds in times] == words
