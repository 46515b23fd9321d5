"""Whatever a browser sends becomes a checked edit or a sentence, never an exception."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks import Design, EditError, Image, analyze
from editor.checks import check_edit
from editor.edits import Message, Refusal, read_messages
from editor.store import Library

KEYS = st.sampled_from(
    [
        "client",
        "number",
        "kind",
        "edit",
        "nodes",
        "links",
        "params",
        "block",
        "name",
        "n1",
        "x",
        "repeat",
        "note",
        "layer_names",
        "order",
        "n1:out>n2:in",
        "filters",
        "frozen",
        "label",
    ]
)
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()))
    | st.sampled_from(["block", "Conv", "stem", "n1:out>n1:in", "filters", "undo", "edit"]),
    lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner),
    max_leaves=12,
)


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


NONSENSE = [
    ({"nodes": []}, "the blocks of an edit must be an object, got a list"),
    ({"nodes": {"a b": None}}, "a block's id may be 40 letters and digits, got 'a b'"),
    ({"nodes": {"n" * 41: None}}, "a block's id may be 40"),
    ({"nodes": {"n": 3}}, "block n must be an object, got 3"),
    ({"nodes": {"n": {"colour": "red"}}}, "a block has no part 'colour'"),
    ({"nodes": {"n": {"x": math.nan}}}, "a block's x must be a number up to 10,000,000, got nan"),
    ({"nodes": {"n": {"x": True}}}, "a block's x must be a number up to 10,000,000, got True"),
    ({"nodes": {"n": {"x": 1e300}}}, "a block's x must be a number up to 10,000,000, got 1e+300"),
    ({"nodes": {"n": {"name": "n" * 65}}}, "a block's name may have 64 characters, got 65"),
    ({"nodes": {"n": {"name": 5}}}, "a block's name must be text, got 5"),
    ({"nodes": {"n": {"name": "\ud800"}}}, "a block's name must be text, got"),
    ({"definitions": {"\ud800": None}}, "own blocks may not have half a character as a key"),
    ({"nodes": {"n": {"layer_names": {"\ud800": "x"}}}}, "may not have half a character"),
    ({"nodes": {"n": {"note": "n" * 2001}}}, "a block's note may have 2,000 characters, got 2,001"),
    ({"nodes": {"n": {"frozen": 1}}}, "a block's frozen must be true or false, got 1"),
    ({"nodes": {"n": {"repeat": math.inf}}}, "a block's repeat must be a number up to 2^53"),
    ({"nodes": {"n": {"params": {"filters": math.nan}}}}, "filters must be a number up to 2^53"),
    ({"nodes": {"n": {"params": {"filters": 10**400}}}}, "got a huge number"),
    ({"nodes": {"n": {"params": {"filters": deep(5)}}}}, "filters is too deep or too long"),
    ({"nodes": {"n": {"params": {"filters": [1] * 201}}}}, "filters is too deep or too long"),
    ({"links": {"from a to b": {}}}, "'from a to b' is not a link; write it source:port>target"),
    ({"links": {"a:out>b:in": {"order": -1}}}, "a link's order must be a whole number from 0"),
    ({"links": {"a:out>b:in": {"order": 10**18}}}, "a link's order must be a whole number from 0"),
    ({"name": None}, "the design's name must be text, got None"),
    ({"definitions": {"twin": 3}}, "own block 'twin': it must be an object, got 3"),
    (
        {"definitions": {"twin": {"nodes": [{"id": "a", "block": "Conv", "x": math.nan}]}}},
        "an own block holds a number that is not finite",
    ),
    ("remove", "an edit must be an object, got 'remove'"),
    (None, "an edit must be an object, got None"),
    (deep(5000), "an edit must be an object, got a list"),
]


@pytest.mark.parametrize(("edit", "sentence"), NONSENSE)
def test_an_edit_out_of_shape_is_refused_in_a_sentence(edit: Any, sentence: str) -> None:
    with pytest.raises(EditError) as refusal:
        check_edit(edit)
    assert sentence in str(refusal.value)


def test_a_refused_edit_keeps_its_number_so_that_the_canvas_stops_sending_it() -> None:
    sent = {"client": "tab", "number": 7, "kind": "edit", "edit": {"nodes": []}}
    (message,) = read_messages([sent])
    assert isinstance(message, Message)
    assert (message.client, message.number, message.edit) == ("tab", 7, None)
    assert message.fault.startswith("the blocks of an edit")


@pytest.mark.parametrize(
    "sent",
    [
        *(None, 3, [], "edit", {}, {"client": "tab"}, {"client": 3, "number": 1}),
        {"client": "tab", "number": True, "kind": "undo"},
        {"client": "tab", "number": 0, "kind": "undo"},
        {"client": "tab", "number": 1.5, "kind": "undo"},
        {"client": "tab", "number": 10**30, "kind": "undo"},
        {"client": "a" * 65, "number": 1, "kind": "undo"},
    ],
)
def test_what_has_no_client_and_number_is_refused(sent: object) -> None:
    (refusal,) = read_messages([sent])
    assert isinstance(refusal, Refusal)


def test_odd_values_of_parameters_are_let_in_and_left_to_the_analysis() -> None:
    for value in ("many", -1, 2.5, True, None, [], {"a": [1, 2]}):
        check_edit({"nodes": {"n": {"params": {"filters": value}}}})


def test_an_outbox_takes_two_thousand_messages_at_a_time() -> None:
    undo = [{"client": "tab", "number": n, "kind": "undo"} for n in range(1, 3001)]
    assert len(read_messages(undo)) == 2000


@given(value=ANYTHING)
def test_reading_messages_never_raises(value: object) -> None:
    for message in read_messages(
        [value, {"client": "t", "number": 1, "kind": "edit"} | {"edit": value}]
    ):
        assert isinstance(message, Message | Refusal)


@given(values=st.lists(ANYTHING, max_size=4))
def test_the_library_survives_any_edit(values: list[object], tmp_path_factory: Any) -> None:
    library = Library(tmp_path_factory.mktemp("fuzz") / "library.sqlite")
    design_id = library.create(Design("tiny").add("n1", Image()), "ann")
    messages: list[Any] = [
        {"client": "t", "number": number, "kind": "edit", "edit": edit}
        for number, edit in enumerate(values, start=1)
    ]
    outcome = library.apply_outbox(design_id, "ann", messages)
    assert outcome.acknowledged == ({"t": len(values)} if values else {})
    analyze(outcome.stored.design)
    reopened = Library(library._database.path).open(design_id, "ann")
    assert reopened.design == outcome.stored.design
    assert library.apply_outbox(design_id, "ann", values).stored.revision >= 0
    library.close()
