"""What an own block shows is renamed and changed; links and arguments of instances are kept."""

from typing import Any

import pytest

from blocks import (
    Add,
    Classifier,
    Conv,
    Design,
    EditError,
    Image,
    analyze,
    change_param,
    pack,
    pack_within,
    rename_port,
)

WIDTH = {
    "name": "filters",
    "targets": [{"node": "one", "param": "filters"}, {"node": "two", "param": "filters"}],
    "min": 4,
    "max": 64,
}


def used() -> Design:
    """Two instances of a block in a row, the first with an argument of its own."""
    design = (
        Design("used")
        .add("photo", Image(16, 16, 3))
        .add("one", Conv(8), after="photo")
        .add("two", Conv(8), after="one")
        .add("sum", Add(), after=["two", "one"])
        .add("head", Classifier(10), after="sum")
    )
    edit = pack(design, ["one", "two", "sum"], "Twin", [WIDTH], instance_id="twin")
    design = design.apply(edit)[0]
    more = {"block": "own:twin", "name": "second", "params": {}, "first": {"filters": 32}}
    return design.apply(
        {
            "nodes": {"twin": {"params": {"filters": 16}}, "again": more | {"repeat": 2}},
            "links": {"twin:out>head:in": None, "twin:out>again:in": {}, "again:out>head:in": {}},
        }
    )[0]


def nested() -> Design:
    """The first of the instances inside a further block that shows its parameter."""
    design = used()
    shown = {"name": "width", "targets": [{"node": "twin", "param": "filters"}]}
    return design.apply(pack(design, ["twin"], "Outer", [shown], instance_id="outer"))[0]


def unchanged(before: Design, edit: Any) -> Design:
    """Apply an edit, check that no layer has changed and that it leads back; return the design."""
    after, inverse = before.apply(edit)
    assert not analyze(after).problems
    assert analyze(after).graph.hash == analyze(before).graph.hash
    back, _ = after.apply(inverse)
    assert {n: node.to_json() for n, node in back.nodes.items()} == {
        n: node.to_json() for n, node in before.nodes.items()
    }
    assert dict(back.definitions) == dict(before.definitions)
    assert dict(back.links) == dict(before.links)
    return after


@pytest.mark.parametrize("design", [used, nested])
@pytest.mark.parametrize(("side", "port"), [("inputs", "in"), ("outputs", "out")])
def test_a_renamed_port_keeps_the_links_of_all_instances(design: Any, side: Any, port: str) -> None:
    after = unchanged(design(), rename_port(design(), "twin", side, port, "lane"))
    assert (
        "again:lane>head:in" in after.links
        or "twin:out>again:lane" in after.links
        or ("outer:out>again:lane" in after.links)
    )


@pytest.mark.parametrize("design", [used, nested])
def test_a_renamed_parameter_keeps_the_arguments_of_all_instances(design: Any) -> None:
    after = unchanged(design(), change_param(design(), "twin", "filters", {"name": "channels"}))
    again = after.nodes["again"]
    assert (again.block.values(), dict(again.first)) == ({"channels": 8}, {"channels": 32})
    assert not again.extras


def test_a_changed_default_is_that_of_new_instances_only() -> None:
    before = used()
    after = unchanged(before, change_param(before, "twin", "filters", {"default": 12}))
    new, _ = after.apply({"nodes": {"new": {"block": "own:twin", "name": "new"}}})
    assert new.nodes["new"].block.values() == {"filters": 12}


def test_changed_limits_are_those_of_every_instance() -> None:
    before = used()
    narrower = before.apply(change_param(before, "twin", "filters", {"max": 20}))[0]
    assert [str(problem) for problem in analyze(narrower).problems][:1] == [
        "second: in the first of the repeats, filters must be an integer from 4 to 20, got 32"
    ]
    wider = before.apply(change_param(before, "twin", "filters", {"min": None}))[0]
    assert wider.own["own:twin"].params()["filters"].schema("filters")["min"] == 1


def test_a_parameter_of_a_block_inside_a_block_is_renamed_there_too() -> None:
    design = used()
    inner = design.apply(pack_within(design, "twin", ["two"], "Core", instance_id="core"))[0]
    (lifted,) = (entry["name"] for entry in inner.definitions["core"]["params"])
    unchanged(inner, change_param(inner, "core", lifted, {"name": "wide"}))


@pytest.mark.parametrize(
    ("side", "port", "name", "sentence"),
    [
        ("inputs", "gone", "x", "Twin has no port 'gone' any more"),
        ("inputs", "in", "2x", "begin with a letter, got '2x'"),
        ("inputs", "in", "a-b", "letters, digits and underscores"),
        ("inputs", "in", "out", "out: something in this block is called so already"),
        ("outputs", "out", "one", "one: something in this block is called so already"),
    ],
)
def test_a_port_name_that_cannot_be_is_refused(
    side: Any, port: str, name: str, sentence: str
) -> None:
    with pytest.raises(EditError) as refusal:
        rename_port(used(), "twin", side, port, name)
    assert sentence in str(refusal.value)


@pytest.mark.parametrize(
    ("param", "changes", "sentence"),
    [
        ("gone", {}, "Twin has no parameter 'gone' any more"),
        ("filters", {"name": "class"}, "no word of Python, got 'class'"),
        ("filters", {"name": 3}, "no word of Python, got 3"),
        ("filters", {"default": 2}, "filters: its default must be an integer from 4 to 64, got 2"),
        ("filters", {"min": 70}, "the least, 70, is above the most, 64"),
        ("filters", {"min": "x"}, "filters: a limit must be a number, got 'x'"),
        ("filters", {"targets": []}, "has no 'targets' to change"),
    ],
)
def test_a_change_of_a_parameter_that_cannot_be_is_refused(
    param: str, changes: Any, sentence: str
) -> None:
    with pytest.raises(EditError) as refusal:
        change_param(used(), "twin", param, changes)
    assert sentence in str(refusal.value)


def test_the_block_has_to_be_there() -> None:
    with pytest.raises(EditError, match="is not in this design any more"):
        rename_port(used(), "gone", "inputs", "in", "x")
