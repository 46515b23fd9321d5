"""The list of designs: tags, the deleted ones and their end, and files a kill left behind."""

import os
import time
from pathlib import Path

import pytest

from blocks import Design, EditError, export, sweep, template
from editor.database import LibraryError
from editor.shelf import KEPT_SECONDS
from editor.store import Library
from tests.editor.messages import ANN, set_filters


def test_tags_are_kept_sorted_once_each(library: Library, drawn: Design) -> None:
    design_id = library.create(drawn, ANN)
    library.tag(design_id, ANN, ["thesis", "  small   one ", "thesis", ""])
    assert library.designs(ANN)[0].tags == ("small one", "thesis")
    library.tag(design_id, ANN, [])
    assert library.designs(ANN)[0].tags == ()


def test_what_is_no_tag_is_refused(library: Library, drawn: Design) -> None:
    design_id = library.create(drawn, ANN)
    with pytest.raises(EditError, match="a tag may have 40 characters, got 41"):
        library.tag(design_id, ANN, ["x" * 41])
    with pytest.raises(EditError, match="a design may have 20 tags, got 21"):
        library.tag(design_id, ANN, [str(n) for n in range(21)])
    with pytest.raises(LibraryError, match="in your library"):
        library.tag(design_id, "bob", ["mine"])


def test_the_deleted_are_listed_until_they_are_emptied(library: Library, drawn: Design) -> None:
    kept, gone = library.create(drawn, ANN), library.create(drawn, ANN)
    others = library.create(drawn, "bob")
    library.apply_outbox(gone, ANN, [set_filters(1, 8)])
    for design_id, owner in ((gone, ANN), (others, "bob")):
        library.delete(design_id, owner)
    assert [entry.id for entry in library.deleted(ANN)] == [gone]
    assert library.empty(ANN) == 1
    assert library.deleted(ANN) == []
    assert [entry.id for entry in library.designs(ANN)] == [kept]
    assert [entry.id for entry in library.deleted("bob")] == [others]
    with pytest.raises(LibraryError):
        library.restore(gone, ANN)


def test_the_deleted_end_after_thirty_days_and_not_before(
    tmp_path: Path, drawn: Design, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "library.sqlite"
    library = Library(path)
    library.delete(library.create(drawn, ANN), ANN)
    library.close()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + KEPT_SECONDS - 60)
    assert len(Library(path).deleted(ANN)) == 1
    monkeypatch.setattr(time, "time", lambda: now + KEPT_SECONDS + 60)
    assert Library(path).deleted(ANN) == []


def aged(path: Path, seconds: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"half a file")
    then = time.time() - seconds
    os.utime(path, (then, then))
    return path


def test_files_a_kill_left_half_written_are_swept(tmp_path: Path) -> None:
    old = aged(tmp_path / "exports" / "a" / ".blockwright-x.keras", 7_200)
    fresh = aged(tmp_path / ".blockwright-y.h5", 60)
    mine = aged(tmp_path / "exports" / "model.keras", 7_200)
    assert sweep(tmp_path, deep=True) == [old]
    assert not old.exists()
    assert fresh.exists()
    assert mine.exists()


def test_an_export_sweeps_what_an_earlier_one_left_beside_its_file(tmp_path: Path) -> None:
    left = aged(tmp_path / ".blockwright-z.json", 7_200)
    export(template("tutorial_vgg"), "json", tmp_path / "design.json")
    assert not left.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["design.json"]
