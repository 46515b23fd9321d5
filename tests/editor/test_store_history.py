"""The library's history: undo, redo and every revision, over restarts and other people's edits."""

from pathlib import Path

import pytest

from blocks import Design
from editor.database import LibraryError
from editor.store import Library
from tests.editor.messages import ANN, filters, set_filters, step


def test_undo_and_redo_walk_back_and_forth(library: Library, drawn: Design) -> None:
    design_id = library.create(drawn, ANN)
    library.apply_outbox(design_id, ANN, [set_filters(1, 32), set_filters(2, 64)])
    undone = library.apply_outbox(design_id, ANN, [step(3, "undo"), step(4, "undo")]).stored
    assert (filters(undone.design), undone.undo, undone.redo) == (16, None, "Set filters to 32")
    redone = library.apply_outbox(design_id, ANN, [step(5, "redo")]).stored
    assert (filters(redone.design), redone.undo) == (32, "Set filters to 32")
    assert redone.redo == "Set filters to 64"
    assert redone.revision == 5


def test_letters_typed_in_one_go_are_one_step_of_undo(library: Library, drawn: Design) -> None:
    design_id = library.create(drawn, ANN)
    typed = [set_filters(1, 99), *(set_filters(n, f) for n, f in ((2, 1), (3, 12), (4, 128)))]
    for message in typed[2:]:
        message["continues"] = True
    library.apply_outbox(design_id, ANN, typed)
    undone = library.apply_outbox(design_id, ANN, [step(5, "undo")]).stored
    assert (filters(undone.design), undone.undo) == (99, "Set filters to 99")
    redone = library.apply_outbox(design_id, ANN, [step(6, "redo")]).stored
    assert filters(redone.design) == 128


def test_an_edit_continues_only_the_one_just_before_it(library: Library, drawn: Design) -> None:
    design_id = library.create(drawn, ANN)
    library.apply_outbox(design_id, ANN, [set_filters(1, 32)])
    library.apply_outbox(design_id, ANN, [{**set_filters(3, 64), "continues": True}])
    undone = library.apply_outbox(design_id, ANN, [step(4, "undo")]).stored
    assert filters(undone.design) == 32


def test_the_history_survives_reopening(tmp_path: Path, drawn: Design) -> None:
    first = Library(tmp_path / "library.sqlite")
    design_id = first.create(drawn, ANN)
    numbers = range(1, 51)
    first.apply_outbox(design_id, ANN, [set_filters(number, number) for number in numbers])
    first.apply_outbox(design_id, ANN, [step(51, "undo")])
    first.close()
    second = Library(tmp_path / "library.sqlite")
    stored = second.open(design_id, ANN)
    assert (filters(stored.design), stored.redo) == (49, "Set filters to 50")
    back = second.apply_outbox(design_id, ANN, [step(number, "undo") for number in range(52, 101)])
    assert back.stored.design == drawn
    forth = second.apply_outbox(
        design_id, ANN, [step(number, "redo") for number in range(101, 151)]
    )
    assert filters(forth.stored.design) == 50
    assert forth.stored.redo is None


def test_a_new_edit_ends_what_could_be_redone(library: Library, drawn: Design) -> None:
    design_id = library.create(drawn, ANN)
    messages = [set_filters(1, 32), step(2, "undo"), set_filters(3, 8), step(4, "redo")]
    outcome = library.apply_outbox(design_id, ANN, messages)
    assert filters(outcome.stored.design) == 8
    assert outcome.stored.redo is None
    assert [notice.message for notice in outcome.notices] == ["there is nothing to redo"]


def test_removing_a_block_and_undoing_brings_back_its_links(
    library: Library, drawn: Design
) -> None:
    design_id = library.create(drawn, ANN)
    remove = {"client": "tab", "number": 1, "kind": "edit", "edit": {"nodes": {"stem": None}}}
    removed = library.apply_outbox(design_id, ANN, [remove]).stored.design
    assert not removed.links
    back = library.apply_outbox(design_id, ANN, [step(2, "undo")]).stored.design
    assert analysed_alike(back, drawn)


def analysed_alike(one: Design, other: Design) -> bool:
    return dict(one.nodes) == dict(other.nodes) and dict(one.links) == dict(other.links)


def test_an_undo_that_no_longer_applies_is_said_and_skipped(
    library: Library, drawn: Design
) -> None:
    design_id = library.create(drawn, ANN)
    library.apply_outbox(design_id, ANN, [set_filters(1, 32), set_filters(2, 64)])
    # Another program takes the block away without a trace in this person's history.
    with library._database.transaction() as db:
        db.execute("UPDATE revisions SET owner = 'bob' WHERE revision = 1")
    remove = {"client": "bob", "number": 1, "kind": "edit", "edit": {"nodes": {"stem": None}}}
    library.apply_outbox(design_id, ANN, [remove])
    with library._database.transaction() as db:
        db.execute("UPDATE revisions SET owner = 'bob' WHERE revision = 3")
    outcome = library.apply_outbox(design_id, ANN, [step(3, "undo")])
    assert "no longer applies" in outcome.notices[0].message
    assert "stem" not in outcome.stored.design.names()
    assert outcome.stored.undo is None


def test_every_revision_can_be_seen_again(library: Library, drawn: Design) -> None:
    design_id = library.create(drawn, ANN)
    library.apply_outbox(design_id, ANN, [set_filters(n, n) for n in range(1, 46)])
    assert [filters(library.at(design_id, ANN, n)) for n in (0, 1, 20, 33, 45)] == [
        *(16, 1, 20, 33, 45)
    ]
    with pytest.raises(LibraryError, match="no revision 46; the newest is 45"):
        library.at(design_id, ANN, 46)
