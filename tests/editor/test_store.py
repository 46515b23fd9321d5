"""The library keeps what a person made: once, in order, through crashes, for its owner only."""

import json
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from blocks import Conv, Design, analyze
from editor.database import Database, LibraryError
from editor.store import Library

ANN = "ann"


def set_filters(number: int, filters: int, client: str = "tab") -> dict[str, Any]:
    edit = {"nodes": {"stem": {"params": {"filters": filters}}}}
    return {
        "client": client,
        "number": number,
        "kind": "edit",
        "label": f"Set filters to {filters}",
        "edit": edit,
    }


def add_node(number: int, name: str, client: str = "tab") -> dict[str, Any]:
    edit = {"nodes": {f"{client}_{number}": {"block": "Conv", "name": name}}}
    return {"client": client, "number": number, "kind": "edit", "label": "Add", "edit": edit}


def step(number: int, kind: str, client: str = "tab") -> dict[str, Any]:
    return {"client": client, "number": number, "kind": kind}


def filters(design: Design) -> int:
    return design.node("stem").block.values()["filters"]


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
    from blocks import analyze, read

    node = {"id": "n1", "name": "oracle", "block": "Oracle", "params": {"depth": 3}}
    design = read({"format": "blockwright", "version": 1, "nodes": [node], "links": []})
    stored = library.open(library.create(design, ANN), ANN).design
    assert stored.to_json()["nodes"][0]["params"] == {"depth": 3}
    assert "Oracle" in analyze(stored).problems[0].message


WRITER = """
import sys
from pathlib import Path
from editor.store import Library
path, design_id, client, count = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
library = Library(path)
for number in range(1, count + 1):
    edit = {"nodes": {f"{client}_{number}": {"block": "Conv", "name": f"{client}_{number}"}}}
    message = {"client": client, "number": number, "kind": "edit", "edit": edit}
    library.apply_outbox(design_id, "ann", [message])
    print(number, flush=True)
"""


def writer(path: Path, design_id: str, client: str, count: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", WRITER, str(path), design_id, client, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path.cwd())


def test_two_processes_writing_at_once_keep_every_edit(tmp_path: Path, drawn: Design) -> None:
    path = tmp_path / "library.sqlite"
    library = Library(path)
    design_id = library.create(drawn, ANN)
    children = [writer(path, design_id, client, 100) for client in ("left", "right")]
    for child in children:
        child.communicate()
        assert child.returncode == 0
    stored = library.open(design_id, ANN)
    assert stored.revision == 200
    assert len(stored.design.nodes) == 203


def test_threads_of_one_library_keep_every_edit(library: Library, drawn: Design) -> None:
    design_id = library.create(drawn, ANN)

    def write(client: str) -> None:
        for number in range(1, 26):
            library.apply_outbox(design_id, ANN, [add_node(number, f"{client}_{number}", client)])

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert library.open(design_id, ANN).revision == 100


def test_what_was_acknowledged_outlives_kill_minus_9(tmp_path: Path, drawn: Design) -> None:
    path = tmp_path / "library.sqlite"
    design_id = Library(path).create(drawn, ANN)
    child = writer(path, design_id, "tab", 100_000)
    assert child.stdout is not None
    acknowledged = [int(child.stdout.readline()) for _ in range(60)][-1]
    child.send_signal(signal.SIGKILL)
    acknowledged = max([acknowledged, *map(int, child.stdout.read().split("\n")[:-1])])
    child.wait()
    library = Library(path)
    stored = library.open(design_id, ANN)
    assert library.acknowledged(design_id, "tab") >= acknowledged
    assert {f"tab_{number}" for number in range(1, acknowledged + 1)} <= stored.design.names()
    assert stored.revision == library.acknowledged(design_id, "tab")


def test_a_session_sent_twice_with_the_server_killed_between_is_the_same(
    tmp_path: Path, drawn: Design
) -> None:
    messages = [add_node(n, f"block_{n}") if n % 3 else set_filters(n, n) for n in range(1, 61)]
    messages += [step(61, "undo"), step(62, "undo"), step(63, "redo")]
    plain = Library(tmp_path / "plain.sqlite")
    once = plain.create(drawn, ANN)
    for message in messages:
        plain.apply_outbox(once, ANN, [message])
    path = tmp_path / "killed.sqlite"
    library = Library(path)
    twice = library.create(drawn, ANN)
    for start in range(0, len(messages), 7):
        library.apply_outbox(twice, ANN, messages[start : start + 7])
        library = Library(path)  # a new server: nothing of the old one's memory
        library.apply_outbox(twice, ANN, messages[: start + 7])
    assert library.open(twice, ANN).design == plain.open(once, ANN).design
    assert library.open(twice, ANN).revision == len(messages)


def test_only_the_owner_of_the_machine_account_can_read_the_file(tmp_path: Path) -> None:
    library = Library(tmp_path / "home" / "library.sqlite")
    library.create(Design(), ANN)
    for file in (tmp_path / "home").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700


def test_every_commit_is_on_the_disk(tmp_path: Path) -> None:
    database = Database(tmp_path / "library.sqlite")
    with database.reading() as db:
        assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert db.execute("PRAGMA synchronous").fetchone()[0] == 2


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    Library(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(LibraryError, match="has version 99, this program knows 3; update"):
        Library(path)


def test_a_file_that_is_no_library_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    path.write_text("no database at all, but a text of some length " * 9)
    with pytest.raises(LibraryError, match="cannot be used"):
        Library(path)


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


def pack(number: int, **words: Any) -> dict[str, Any]:
    request = {"nodes": ["stem"], "title": "My stem", "params": [], "instance": "inst"}
    return {"client": "tab", "number": number, "kind": "pack"} | request | words


FILTERS = {"name": "width", "targets": [{"node": "stem", "param": "filters"}], "default": 16}


def test_making_a_block_is_one_edit_of_the_history(library: Library, drawn: Design) -> None:
    design_id = library.create(drawn, ANN)
    outcome = library.apply_outbox(design_id, ANN, [pack(1, params=[FILTERS])])
    design = outcome.stored.design
    assert (outcome.acknowledged, outcome.stored.undo) == ({"tab": 1}, "Make block My stem")
    assert design.nodes["inst"].block.values() == {"width": 16}
    assert analyze(design).total == analyze(drawn).total
    back = library.apply_outbox(design_id, ANN, [step(2, "undo")]).stored
    assert set(back.design.nodes) == {"photo", "stem", "head"}
    assert not back.design.definitions
    again = library.apply_outbox(design_id, ANN, [step(3, "redo")]).stored.design
    assert again.to_json() == design.to_json()


def test_a_block_is_unpacked_and_packed_again_inside_another(
    library: Library, drawn: Design
) -> None:
    design_id = library.create(drawn, ANN)
    within = {"within": "my_stem", "title": "Inner", "instance": "inner"}
    messages = [
        pack(1, params=[FILTERS]),
        pack(2, **within),
        {"client": "tab", "number": 3, "kind": "unpack", "within": "my_stem", "node": "inner"},
        {"client": "tab", "number": 4, "kind": "unpack", "node": "inst"},
    ]
    for count, blocks in ((2, {"my_stem", "inner"}), (4, {"my_stem", "inner"})):
        design = library.apply_outbox(design_id, ANN, messages[:count]).stored.design
        assert set(design.definitions) == blocks
        assert analyze(design).total == analyze(drawn).total
    assert {node.block.type_name for node in design.nodes.values()} == {
        *("Image", "Conv", "Classifier")
    }


def test_a_repeated_block_is_split_and_folded_again_each_in_one_step(
    library: Library, drawn: Design
) -> None:
    thrice, _ = drawn.apply({"nodes": {"stem": {"repeat": 3}}})
    design_id = library.create(thrice, ANN)
    split = {"client": "tab", "number": 1, "kind": "split", "node": "stem"}
    single = library.apply_outbox(design_id, ANN, [split]).stored
    assert single.undo == "Split stem into 3"
    parts = [node.id for node in single.design.nodes.values() if node.name.startswith("stem_")]
    assert len(parts) == 3
    fold = {"client": "tab", "number": 2, "kind": "fold", "nodes": parts}
    folded = library.apply_outbox(design_id, ANN, [fold]).stored
    assert folded.undo == "Fold 3 blocks into one"
    assert folded.design.nodes["stem"] == thrice.nodes["stem"]
    for number, count in ((3, 5), (4, 3)):
        back = library.apply_outbox(design_id, ANN, [step(number, "undo")]).stored.design
        assert len(back.nodes) == count
    assert back.nodes["stem"] == thrice.nodes["stem"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"kind": "split", "node": "stem"}, "stem: it stands here once"),
        ({"kind": "split", "node": "gone"}, "the block to split was removed meanwhile"),
        ({"kind": "split", "node": "gone", "within": "none"}, "is not in this design any more"),
        ({"kind": "split", "node": 3}, "a block's id may be"),
        ({"kind": "fold", "nodes": ["stem", "head"]}, "head: it is of type Classifier"),
        ({"kind": "fold", "nodes": "stem"}, "the blocks chosen must be a list"),
    ],
)
def test_what_cannot_be_split_or_folded_is_said_and_changes_nothing(
    library: Library, drawn: Design, words: dict[str, Any], sentence: str
) -> None:
    design_id = library.create(drawn, ANN)
    message = {"client": "tab", "number": 1} | words
    outcome = library.apply_outbox(design_id, ANN, [message])
    assert sentence in outcome.notices[0].message
    assert (outcome.acknowledged, outcome.stored.revision) == ({"tab": 1}, 0)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"nodes": ["photo", "stem"]}, "photo: an input cannot be part of a block"),
        ({"nodes": []}, "choose the blocks to make a block of first"),
        ({"nodes": "stem"}, "the blocks chosen must be a list"),
        ({"nodes": [{}]}, "a block's id may be"),
        ({"title": " "}, "a block needs a title"),
        ({"title": 3}, "the block's title must be text"),
        ({"params": 3}, "params must be a list"),
        ({"params": [{**FILTERS, "name": "class"}]}, "no word of Python"),
        ({"instance": None}, "a block's id may be"),
        ({"within": "gone"}, "is not in this design any more"),
        ({"kind": "unpack", "node": "stem"}, "only a block of your own can be unpacked"),
        ({"kind": "unpack", "node": 3}, "a block's id may be"),
    ],
)
def test_what_cannot_be_packed_is_acknowledged_and_said(
    library: Library, drawn: Design, words: dict[str, Any], sentence: str
) -> None:
    design_id = library.create(drawn, ANN)
    outcome = library.apply_outbox(design_id, ANN, [pack(1, **words)])
    assert (outcome.acknowledged, outcome.stored.revision) == ({"tab": 1}, 0)
    assert sentence in outcome.notices[0].message


def test_a_copy_of_a_copy_still_knows_its_template(library: Library) -> None:
    first = library.create(Design(), "me", origin="template/vgg16")
    copy = library.create(Design(), "me", origin=f"{first}/0")
    again = library.create(Design(), "me", origin=f"{copy}/3")
    library.delete(first, "me")
    assert {library.template_of(one, "me") for one in (first, copy, again)} == {"vgg16"}
    assert library.template_of(library.create(Design(), "me"), "me") == ""
    assert library.template_of(again, "somebody else") == ""


def test_own_blocks_are_offered_in_the_other_designs_of_their_owner(
    library: Library, drawn: Design
) -> None:
    made, other = library.create(drawn, ANN), library.create(drawn, ANN)
    foreign = library.create(drawn, "bob")

    def offered(design_id: str, owner: str = ANN) -> list[dict[str, Any]]:
        return library.own_elsewhere(library.open(design_id, owner), owner)

    library.apply_outbox(made, ANN, [pack(1, params=[FILTERS])])
    (entry,) = offered(other)
    assert (entry["type"], entry["title"], set(entry["brings"])) == (
        *("own:my_stem", "My stem"),
        {"my_stem"},
    )
    assert [param["name"] for param in entry["params"]] == ["width"]
    assert offered(made) == offered(foreign, "bob") == []

    edit = {"definitions": entry["brings"], "nodes": {"mine": {"block": "own:my_stem"}}}
    library.edit(other, ANN, "Add My stem", edit)
    assert offered(other) == offered(made) == []
    assert analyze(library.open(other, ANN).design).nodes.keys() == {"photo", "stem", "head"}

    library.delete(made, ANN)
    assert [block["title"] for block in offered(library.create(drawn, ANN))] == ["My stem"]
    library.apply_outbox(other, ANN, [step(1, "undo")])
    assert offered(library.create(drawn, ANN)) == []


def test_own_blocks_inside_others_are_brought_along(library: Library, drawn: Design) -> None:
    made, other = library.create(drawn, ANN), library.create(drawn, ANN)
    outer = {"nodes": ["inst"], "title": "Outer", "instance": "outer"}
    library.apply_outbox(made, ANN, [pack(1), pack(2, **outer)])
    offered = library.own_elsewhere(library.open(other, ANN), ANN)
    brings = {entry["title"]: set(entry["brings"]) for entry in offered}
    assert brings == {"My stem": {"my_stem"}, "Outer": {"my_stem", "outer"}}


def test_a_library_from_before_own_blocks_is_brought_up_to_date(
    tmp_path: Path, drawn: Design
) -> None:
    path = tmp_path / "old.sqlite"
    library = Library(path)
    design_id = library.create(drawn, ANN)
    library.close()
    connection = sqlite3.connect(path)
    connection.executescript(
        "DROP TABLE own_blocks; DROP TABLE versions; DROP TABLE tags; PRAGMA user_version = 1"
    )
    connection.close()
    assert Library(path).apply_outbox(design_id, ANN, [pack(1)]).stored.design.definitions


def test_a_port_and_a_parameter_of_an_own_block_are_renamed(
    library: Library, drawn: Design
) -> None:
    design_id = library.create(drawn, ANN)
    ask = {"client": "tab", "within": "my_stem"}
    messages = [
        pack(1, params=[FILTERS]),
        ask | {"number": 2, "kind": "rename_port", "side": "inputs", "port": "in", "name": "x"},
        ask | {"number": 3, "kind": "change_param", "param": "width", "changes": {"name": "wide"}},
    ]
    outcome = library.apply_outbox(design_id, ANN, messages)
    design = outcome.stored.design
    assert (outcome.notices, outcome.stored.undo) == ((), "Rename parameter width")
    assert design.nodes["inst"].block.values() == {"wide": 16}
    assert "photo:out>inst:x" in design.links
    assert analyze(design).graph.hash == analyze(drawn).graph.hash


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"kind": "rename_port", "side": "left", "port": "in", "name": "x"}, "got 'left'"),
        ({"kind": "rename_port", "side": "inputs", "port": 3, "name": "x"}, "must be text, got 3"),
        ({"kind": "rename_port", "side": "inputs", "port": "in", "name": "a b"}, "got 'a b'"),
        ({"kind": "change_param", "param": "width", "changes": []}, "must be an object"),
        ({"kind": "change_param", "param": "width", "changes": {"min": "x"}}, "min must be a"),
        ({"kind": "change_param", "param": "width", "changes": {"name": "class"}}, "of Python"),
    ],
)
def test_a_wrong_renaming_is_said_and_changes_nothing(
    library: Library, drawn: Design, words: dict[str, Any], sentence: str
) -> None:
    design_id = library.create(drawn, ANN)
    message = {"client": "tab", "number": 2, "within": "my_stem"} | words
    outcome = library.apply_outbox(design_id, ANN, [pack(1, params=[FILTERS]), message])
    assert sentence in outcome.notices[0].message
    assert outcome.stored.revision == 1
