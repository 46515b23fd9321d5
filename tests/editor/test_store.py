"""The library keeps what a person made: once, in order, for its owner only."""

import json

import pytest

from blocks import Conv, Design, analyze, read
from editor.database import LibraryError
from editor.store import Library
from tests.editor.messages import ANN, add_node, filters, set_filters, step


def test_a_design_comes_back_as_it_was_stored(library: Library, drawn: Design) -> None:
    design_id = library.create(drawn, ANN)
    stored = library.open(design_id, ANN)
    assert stored.design == drawn
    assert (stored.revision, stored.undo, stored.redo) == (0, None, None)


def test_an_edit_is_stored_with_its_number(library: Library, drawn: Design) -> None:
    design_id = library.create(drawn, ANN)
    outcome = library.apply_outbox(design_id, ANN, [set_filters(1, 32), set_filters(2, 48)])
    assert filters(outcome.stored.design) == 48
    assert outcome.stored.revision == 2
    assert outcome.acknowledged == {"tab": 2}
    assert outcome.stored.undo == "Set filters to 48"
    assert library.acknowledged(design_id, "tab") == 2


def test_an_outbox_that_arrives_twice_is_applied_once(library: Library, drawn: Design) -> None:
    design_id = library.create(drawn, ANN)
    messages = [set_filters(1, 32), add_node(2, "more"), step(3, "undo"), set_filters(4, 8)]
    first = library.apply_outbox(design_id, ANN, messages)
    again = library.apply_outbox(design_id, ANN, messages)
    assert again.stored == first.stored
    assert again.acknowledged == {"tab": 4}


def test_a_queue_that_grew_is_applied_from_where_it_was(library: Library, drawn: Design) -> None:
    design_id = library.create(drawn, ANN)
    library.apply_outbox(design_id, ANN, [set_filters(1, 32)])
    outcome = library.apply_outbox(design_id, ANN, [set_filters(1, 32), set_filters(2, 64)])
    assert (outcome.stored.revision, filters(outcome.stored.design)) == (2, 64)


def test_two_clients_count_for_themselves(library: Library, drawn: Design) -> None:
    design_id = library.create(drawn, ANN)
    library.apply_outbox(design_id, ANN, [set_filters(1, 32, "left")])
    outcome = library.apply_outbox(design_id, ANN, [add_node(1, "more", "right")])
    assert outcome.stored.revision == 2
    assert outcome.acknowledged == {"right": 1}


def test_an_edit_that_does_not_apply_is_acknowledged_and_said(
    library: Library, drawn: Design
) -> None:
    design_id = library.create(drawn, ANN)
    gone = {"client": "tab", "number": 1, "kind": "edit", "edit": {"nodes": {"gone": {"x": 1}}}}
    outcome = library.apply_outbox(design_id, ANN, [gone, set_filters(2, 32)])
    assert outcome.acknowledged == {"tab": 2}
    assert filters(outcome.stored.design) == 32
    assert [notice.message for notice in outcome.notices] == [
        "block gone was removed meanwhile: its change of x is lost"
    ]


def test_a_name_that_is_taken_is_changed_and_said(library: Library, drawn: Design) -> None:
    design_id = library.create(drawn, ANN)
    outcome = library.apply_outbox(design_id, ANN, [add_node(1, "stem")])
    assert outcome.notices[0].message.startswith("the name stem is taken, so the block is called")
    assert len(outcome.stored.design.names()) == 4


def test_another_owner_is_refused_everywhere(library: Library, drawn: Design) -> None:
    design_id = library.create(drawn, ANN)
    for attempt in (
        lambda: library.open(design_id, "bob"),
        lambda: library.revision(design_id, "bob"),
        lambda: library.at(design_id, "bob", 0),
        lambda: library.apply_outbox(design_id, "bob", [set_filters(1, 8)]),
        lambda: library.rename(design_id, "bob", "mine"),
        lambda: library.delete(design_id, "bob"),
        lambda: library.restore(design_id, "bob"),
        lambda: library.open("nonsense", ANN),
    ):
        with pytest.raises(LibraryError, match="there is no design"):
            attempt()
    assert library.open(design_id, ANN).revision == 0
    assert library.designs("bob") == []


def test_the_list_shows_the_last_edited_first(library: Library, drawn: Design) -> None:
    first, second = library.create(drawn, ANN), library.create(Design("other"), ANN)
    library.rename(first, ANN, "renamed")
    entries = library.designs(ANN)
    assert [(entry.id, entry.name, entry.revision) for entry in entries] == [
        (first, "renamed", 1),
        (second, "other", 0),
    ]


def test_a_deleted_design_can_be_brought_back_with_its_history(
    library: Library, drawn: Design
) -> None:
    design_id = library.create(drawn, ANN)
    library.apply_outbox(design_id, ANN, [set_filters(1, 32)])
    library.delete(design_id, ANN)
    assert library.designs(ANN) == []
    with pytest.raises(LibraryError, match="was deleted"):
        library.open(design_id, ANN)
    library.restore(design_id, ANN)
    assert library.open(design_id, ANN).undo == "Set filters to 32"


def test_unknown_block_types_come_back_as_they_came(library: Library) -> None:
    node = {"id": "n1", "name": "oracle", "block": "Oracle", "params": {"depth": 3}}
    design = read({"format": "blockwright", "version": 1, "nodes": [node], "links": []})
    stored = library.open(library.create(design, ANN), ANN).design
    assert stored.to_json()["nodes"][0]["params"] == {"depth": 3}
    assert "Oracle" in analyze(stored).problems[0].message


def test_a_design_of_a_thousand_blocks_grows_no_further(library: Library) -> None:
    design = Design("large")
    for index in range(1000):
        design = design.add(f"c{index}", Conv())
    design_id = library.create(design, ANN)
    outcome = library.apply_outbox(design_id, ANN, [add_node(1, "one_more")])
    assert outcome.notices[0].message.startswith("a design may have 1,000 blocks, got 1,001")
    moved = {"client": "tab", "number": 2, "kind": "edit", "edit": {"nodes": {"c0": {"x": 5}}}}
    assert library.apply_outbox(design_id, ANN, [moved]).stored.revision == 1


def test_the_edits_are_kept_as_readable_json(library: Library, drawn: Design) -> None:
    design_id = library.create(drawn, ANN)
    library.apply_outbox(design_id, ANN, [set_filters(1, 32)])
    with library._database.reading() as db:
        row = db.execute("SELECT * FROM revisions").fetchone()
    assert json.loads(row["edit"]) == {"nodes": {"stem": {"params": {"filters": 32}}}}
    assert json.loads(row["inverse"]) == {"nodes": {"stem": {"params": {"filters": 16}}}}
    assert (row["parent"], row["revision"], row["client"], row["number"]) == (0, 1, "tab", 1)


def test_a_copy_of_a_copy_still_knows_its_template(library: Library) -> None:
    first = library.create(Design(), "me", origin="template/vgg16")
    copy = library.create(Design(), "me", origin=f"{first}/0")
    again = library.create(Design(), "me", origin=f"{copy}/3")
    library.delete(first, "me")
    assert {library.template_of(one, "me") for one in (first, copy, again)} == {"vgg16"}
    assert library.template_of(library.create(Design(), "me"), "me") == ""
    assert library.template_of(again, "somebody else") == ""
