"""The past of a design: every revision is listed, can be named, and can be gone back to."""

import json
import sqlite3
from pathlib import Path

import pytest

from blocks import Conv, Design, EditError, leading_to, template, templates
from editor.database import MIGRATIONS, LibraryError
from editor.store import Library
from tests.editor.messages import ANN, add_node, set_filters, step


def said(library: Library, design_id: str) -> list[tuple[int, str, str]]:
    steps = library.versions.steps(design_id, ANN)
    return [(one.revision, one.label, one.name) for one in steps]


def test_the_history_tells_what_was_done_the_newest_first(library: Library, drawn: Design) -> None:
    design_id = library.create(drawn, ANN)
    library.apply_outbox(design_id, ANN, [set_filters(1, 32), step(2, "undo")])
    library.versions.name(design_id, ANN, 1, " before widening ")
    assert said(library, design_id) == [
        (2, "Set filters to 32", ""),
        (1, "Set filters to 32", "before widening"),
        (0, "Created", ""),
    ]
    assert [one.kind for one in library.versions.steps(design_id, ANN)][:2] == ["undo", "edit"]


def test_named_versions_stay_listed_however_long_the_history(
    library: Library, drawn: Design
) -> None:
    design_id = library.create(drawn, ANN)
    library.apply_outbox(design_id, ANN, [set_filters(n, n) for n in range(1, 31)])
    library.versions.name(design_id, ANN, 0, "the beginning")
    library.versions.name(design_id, ANN, 3, "three")
    steps = library.versions.steps(design_id, ANN, most=10)
    assert [one.revision for one in steps] == [*range(30, 20, -1), 3, 0]


def test_an_empty_name_takes_it_away(library: Library, drawn: Design) -> None:
    design_id = library.create(drawn, ANN)
    library.versions.name(design_id, ANN, 0, "old")
    library.versions.name(design_id, ANN, 0, "new")
    assert said(library, design_id) == [(0, "Created", "new")]
    library.versions.name(design_id, ANN, 0, "  ")
    assert said(library, design_id) == [(0, "Created", "")]


def test_what_is_no_name_or_no_revision_is_refused(library: Library, drawn: Design) -> None:
    design_id = library.create(drawn, ANN)
    with pytest.raises(LibraryError, match="there is no revision 1; the newest is 0"):
        library.versions.name(design_id, ANN, 1, "later")
    with pytest.raises(EditError, match="may have 80 characters, got 81"):
        library.versions.name(design_id, ANN, 0, "x" * 81)
    with pytest.raises(LibraryError, match="in your library"):
        library.versions.name(design_id, "bob", 0, "mine")
    with pytest.raises(LibraryError, match="in your library"):
        library.versions.steps(design_id, "bob")


@pytest.mark.parametrize("template_id", sorted(templates()))
def test_the_edit_between_two_designs_leads_all_the_way(template_id: str) -> None:
    design, other = template(template_id), template("tutorial_inception")
    for one, goal in ((design, other), (other, design), (Design(), design), (design, Design())):
        edit = leading_to(one, goal)
        reached, inverse = one.apply(edit)
        assert reached.to_json().keys() == goal.to_json().keys()
        assert leading_to(reached, goal) == {}
        assert leading_to(reached.apply(inverse)[0], one) == {}


def test_names_that_changed_places_are_led_back_in_two_edits() -> None:
    design = Design("two").add("left", Conv()).add("right", Conv())
    (left, right) = design.nodes
    edit = {"nodes": {left: {"name": "middle"}, right: {"name": "left"}}}
    swapped = design.apply(edit)[0].apply({"nodes": {left: {"name": "right"}}})[0]
    first = swapped.apply(leading_to(swapped, design))[0]
    second = first.apply(leading_to(first, design))[0]
    assert leading_to(second, design) == {}
    assert [node.name for node in second.nodes.values()] == ["left", "right"]


def test_a_library_of_each_earlier_version_is_brought_up_to_date(
    tmp_path: Path, drawn: Design
) -> None:
    for version in range(1, len(MIGRATIONS)):
        path = tmp_path / f"library-{version}.sqlite"
        old = sqlite3.connect(path)
        for script in MIGRATIONS[:version]:
            old.executescript(script)
        old.execute(f"PRAGMA user_version = {version}")
        old.execute("INSERT INTO designs VALUES ('d', 'ann', 'tiny', 0, '', 1.0, 1.0, NULL)")
        text = json.dumps(drawn.to_json())
        old.execute("INSERT INTO snapshots VALUES ('d', 0, ?)", (text,))
        old.commit()
        old.close()
        library = Library(path)
        library.apply_outbox("d", ANN, [add_node(1, "more")])
        library.versions.name("d", ANN, 1, "kept")
        assert said(library, "d") == [(1, "Add", "kept"), (0, "Created", "")]


def test_weights_and_budget_are_led_back_too() -> None:
    carried = {"id": "0" * 64, "source": "vgg.keras", "layers": 3}
    other = Design("two").apply({"budget": {"params": 9}})[0]
    plain = template("tutorial_vgg")
    for edit in ({"weights": carried}, {"budget": {"params": 1_000}}):
        rich, _ = plain.apply(edit)
        for one, goal in ((plain, rich), (rich, plain), (rich, other), (other, rich)):
            assert one.apply(leading_to(one, goal))[0].to_json() == goal.to_json()
