"""Blocks of a person's own in the library: made, opened, split, renamed, offered elsewhere."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from blocks import Design, analyze
from editor.store import Library
from tests.editor.messages import ANN, FILTERS, pack, step


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
