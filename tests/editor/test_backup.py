"""Everything goes into one file and comes out of it again; a hostile file is a sentence."""

import io
import json
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest

from blocks import BlockwrightError, Design, template
from editor.database import LibraryError
from editor.store import Library
from tests.editor.messages import ANN, add_node, pack, set_filters, step


@pytest.fixture
def full(library: Library, drawn: Design) -> Library:
    """A library with a history, an own block, a named version, tags, and a deleted design."""
    edited = library.create(drawn, ANN, origin="template/tiny")
    edits = [set_filters(n, n) for n in range(1, 45)]
    library.apply_outbox(edited, ANN, [*edits, add_node(45, "more"), step(46, "undo")])
    library.versions.name(edited, ANN, 20, "before widening")
    library.tag(edited, ANN, ["thesis"])
    packed = library.create(drawn, ANN)
    library.apply_outbox(packed, ANN, [pack(1)])
    library.create(template("resnet50"), ANN)
    library.create(Design("others"), "bob")
    library.delete(library.create(Design("gone"), ANN), ANN)
    return library


@pytest.fixture
def empty(tmp_path: Path) -> Library:
    return Library(tmp_path / "another.sqlite")


def picture(library: Library, owner: str) -> list[Any]:
    """Return all that a person can see of a library."""
    return [
        (
            entry,
            library.open(entry.id, owner).design.to_json(),
            library.versions.steps(entry.id, owner),
            [library.at(entry.id, owner, n).to_json() for n in range(entry.revision + 1)],
            library.acknowledged(entry.id, "tab"),
            library.template_of(entry.id, owner),
        )
        for entry in library.designs(owner)
    ]


def test_a_backup_brings_back_all_there_was(full: Library, empty: Library) -> None:
    restored = empty.take_backup("cat", full.backup(ANN))
    assert (restored.brought, restored.present, restored.sentences) == (3, 0, ())
    assert picture(empty, "cat") == picture(full, ANN)
    assert empty.deleted("cat") == []


def test_undo_goes_on_where_it_was(full: Library, empty: Library) -> None:
    empty.take_backup(ANN, full.backup(ANN))
    design_id = next(entry.id for entry in full.designs(ANN) if entry.tags)
    for library in (full, empty):
        stored = library.apply_outbox(design_id, ANN, [step(47, "redo"), step(48, "undo")]).stored
        assert (stored.undo, stored.redo) == ("Set filters to 44", "Add")
    assert empty.own_elsewhere(empty.open(design_id, ANN), ANN)


def test_what_is_there_stays_as_it_is(full: Library) -> None:
    content = full.backup(ANN)
    before = picture(full, ANN)
    assert full.take_backup(ANN, content).present == 3
    assert picture(full, ANN) == before


def test_a_design_deleted_or_another_persons_comes_back_beside_it(full: Library) -> None:
    content = full.backup(ANN)
    first = full.designs(ANN)[0]
    full.delete(first.id, ANN)
    restored = full.take_backup(ANN, content)
    assert (restored.brought, restored.present) == (1, 2)
    assert full.take_backup("bob", content).brought == 3
    assert len(full.designs("bob")) == 4
    assert next(entry.id for entry in full.deleted(ANN)) == first.id


def zipped(members: dict[str, Any], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as file:
        for name, value in members.items():
            file.writestr(name, value if isinstance(value, str | bytes) else json.dumps(value))
    return content.getvalue()


MANIFEST = {"format": "blockwright-backup", "version": 1}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "not a zip file"),
        (b"PK\x03\x04" + b"\x00" * 60, "not a zip file"),
        (zipped({}), "no backup of a library"),
        (zipped({"manifest.json": "[]"}), "no backup of a library"),
        (zipped({"manifest.json": MANIFEST | {"version": 2}}), "newer version"),
        (zipped({"manifest.json": "{"}), "damaged"),
        (zipped({"manifest.json": "[" * 100_000}), "damaged"),
        (zipped({"manifest.json": MANIFEST, "../../etc/passwd": "x"}), "do not belong"),
        (zipped({"manifest.json": MANIFEST, "designs/../a.json": "{}"}), "do not belong"),
        (zipped({"manifest.json": MANIFEST, "designs/a.json": "{}"}), "damaged"),
        (zipped({"manifest.json": MANIFEST, "designs/a.json": "7"}), "damaged"),
        (zipped({"manifest.json": MANIFEST, "designs/a.json": "NaN"}), "NaN is no number"),
        (zipped({"manifest.json": MANIFEST, "designs/a.json": b" " * 50_000_001}), "50,000,000"),
    ],
)
def test_a_hostile_archive_is_a_sentence(library: Library, content: bytes, sentence: str) -> None:
    with pytest.raises(LibraryError, match=sentence):
        library.take_backup(ANN, content)
    assert library.designs(ANN) == []


def test_a_bomb_is_refused_before_it_is_opened(library: Library) -> None:
    members = {f"designs/{n}.json": b"0" * 49_000_000 for n in range(9)}
    with pytest.raises(LibraryError, match="unpacks to at most 400,000,000 bytes"):
        library.take_backup(ANN, zipped({"manifest.json": MANIFEST, **members}))


def one_design(full: Library) -> tuple[str, dict[str, Any]]:
    with zipfile.ZipFile(io.BytesIO(full.backup(ANN))) as file:
        for name in file.namelist():
            data = json.loads(file.read(name))
            if data.get("tags"):
                return name, data
    raise AssertionError("the backup has no tagged design")


BREAKS: list[dict[str, Any]] = [
    {"created": True},
    {"updated": "yesterday"},
    {"revision": -1},
    {"revision": 10**400},
    {"origin": "x" * 81},
    {"document": {"format": "another"}},
    {"document": None},
    {"first": 7},
    {"revisions": [7]},
    {"revisions": None},
    {"clients": [{"client": 7, "number": 1}]},
    {"versions": [{"revision": 1, "name": "\ud800", "created": 1}]},
    {"tags": [["nested"]]},
    {"tags": 7},
]


@pytest.mark.parametrize("change", BREAKS, ids=str)
def test_a_broken_design_in_a_backup_changes_nothing(
    full: Library, empty: Library, change: dict[str, Any]
) -> None:
    name, data = one_design(full)
    good = {f"designs/{'0' * 16}.json": data}
    with pytest.raises(BlockwrightError):
        empty.take_backup(ANN, zipped({"manifest.json": MANIFEST, **good, name: data | change}))
    assert empty.designs(ANN) == []


def test_a_design_in_a_backup_is_never_a_file_of_this_machine(
    full: Library, empty: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, data = one_design(full)
    (tmp_path / "7").write_text(json.dumps(data["document"]))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BlockwrightError, match="damaged"):
        empty.take_backup(ANN, zipped({"manifest.json": MANIFEST, name: data | {"first": 7}}))


@pytest.mark.parametrize("person", [ANN, "bob"])
def test_a_design_that_was_gone_comes_back_as_the_backup_has_it(full: Library, person: str) -> None:
    """What the server still remembers of the one that is gone is not shown, nor to others."""
    name, data = one_design(full)
    design_id = name.removeprefix("designs/").removesuffix(".json")
    full.open(design_id, ANN)
    full.delete(design_id, ANN)
    full.empty(ANN)
    for state in ("first", "document"):
        data[state]["nodes"][0]["y"] = 77
    full.take_backup(person, zipped({"manifest.json": MANIFEST, name: data}))
    assert full.open(design_id, person).design.to_json() == data["document"]


def test_a_backup_that_says_it_has_a_trillion_edits_is_not_counted_out(
    full: Library, empty: Library
) -> None:
    name, data = one_design(full)
    content = zipped({"manifest.json": MANIFEST, name: data | {"revision": 10**12}})
    tracemalloc.start()
    try:
        restored = empty.take_backup(ANN, content)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(restored.sentences) == 1
    assert most < 100_000_000


def test_a_history_that_leads_elsewhere_is_left_out_and_said(full: Library, empty: Library) -> None:
    name, data = one_design(full)
    data["revisions"][3]["edit"] = {"nodes": {"nobody": {"x": 1}}}
    restored = empty.take_backup(ANN, zipped({"manifest.json": MANIFEST, name: data}))
    assert restored.sentences == ("tiny: its history could not be followed, so it came without",)
    entry = empty.designs(ANN)[0]
    assert entry.revision == 0
    assert empty.open(entry.id, ANN).design.to_json() == data["document"]


def test_a_design_that_came_without_its_history_does_not_come_twice(
    full: Library, empty: Library
) -> None:
    name, data = one_design(full)
    data["revisions"] = []
    content = zipped({"manifest.json": MANIFEST, name: data})
    assert empty.take_backup(ANN, content).brought == 1
    again = empty.take_backup(ANN, content)
    assert (again.brought, again.present) == (0, 1)
    (entry,) = empty.designs(ANN)
    assert empty.open(entry.id, ANN).design.to_json() == data["document"]


def test_a_history_too_large_to_come_back_is_left_out_of_the_backup(
    full: Library, empty: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, data = one_design(full)
    longest = len(json.dumps(data | {"revisions": []})) + 1
    monkeypatch.setattr("editor.backup.MAX_MEMBER", longest)
    content = full.backup(ANN)
    kept = json.loads(zipfile.ZipFile(io.BytesIO(content)).read(name))
    assert kept == data | {"revisions": []}
    assert "came without" in " ".join(empty.take_backup(ANN, content).sentences)


def test_a_damaged_byte_anywhere_is_a_sentence_or_no_harm(full: Library, tmp_path: Path) -> None:
    content = full.backup(ANN)
    for place in range(0, len(content), max(1, len(content) // 40)):
        broken = content[:place] + bytes([content[place] ^ 0x5A]) + content[place + 1 :]
        library = Library(tmp_path / f"{place}.sqlite")
        try:
            library.take_backup(ANN, broken)
        except BlockwrightError:
            assert library.designs(ANN) == []
        for entry in library.designs(ANN):
            library.open(entry.id, ANN)
        library.close()
