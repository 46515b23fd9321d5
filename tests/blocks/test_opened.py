"""Definitions laid open: drawn in like a design, with the numbers of an instance."""

from typing import Any

import pytest

from blocks import (
    Conv,
    Design,
    EditError,
    ReadError,
    analyze,
    closed,
    inside,
    opened,
    pack,
    pack_within,
    read,
    unpack_within,
)
from tests.blocks.test_own import drawn, packed, rows


def test_opening_and_closing_changes_nothing() -> None:
    design = packed()
    data = closed(design.definitions["twin_conv"], opened(design, "twin_conv"))
    again, _ = design.apply({"definitions": {"twin_conv": data}})
    assert rows(again) == rows(design)
    assert analyze(again).graph.hash == analyze(design).graph.hash


def test_ports_are_nodes_of_the_inside() -> None:
    inner = opened(packed(), "twin_conv")
    assert set(inner.nodes) == {"one", "two", "sum", "port_in_in", "port_out_out"}
    assert {"port_in_in:out>one:in", "sum:out>port_out_out:in"} < set(inner.links)


def test_a_block_drawn_inside_stands_in_every_instance() -> None:
    design = packed()
    inner = opened(design, "twin_conv").add("more", Conv(8), after="sum")
    inner, _ = inner.apply(
        {"links": {"sum:out>port_out_out:in": None, "more:out>port_out_out:in": {"order": 0}}}
    )
    after, _ = design.apply(
        {"definitions": {"twin_conv": closed(design.definitions["twin_conv"], inner)}}
    )
    assert analyze(after).total - analyze(design).total == 9 * 8 * 8 + 8


def test_the_inside_has_the_numbers_of_the_first_instance() -> None:
    design, _ = packed().apply({"nodes": {"twin": {"params": {"filters": 16}}}})
    inner = inside(design, "twin_conv")
    assert inner
    report = analyze(inner)
    assert report.nodes["sum"].shape == (16, 16, 16)
    assert report.total == analyze(design).nodes["twin"].params
    assert not report.errors


def test_a_port_that_gets_nothing_is_told_and_what_follows_waits() -> None:
    loose, _ = packed().apply({"links": {"photo:out>twin:in": None}})
    inner = inside(loose, "twin_conv")
    assert inner
    report = analyze(inner)
    assert [(problem.node, problem.message) for problem in report.problems] == [
        ("port_in_in", "nothing comes in; link a block to its input")
    ]
    assert not report.nodes


def test_an_instance_with_all_its_inputs_comes_first() -> None:
    second = {"second": {"block": "own:twin_conv", "name": "twin_conv_2"}}
    design = packed()
    loose = {"twin:out>head:in": None, "photo:out>twin:in": None, "photo:out>second:in": {}}
    inner = inside(design.apply({"nodes": second, "links": loose})[0], "twin_conv")
    assert inner
    assert analyze(inner).nodes["sum"].shape == (16, 16, 8)


def test_without_an_instance_there_are_no_numbers() -> None:
    assert inside(drawn(), "twin_conv") is None


def test_packing_and_unpacking_work_inside_a_definition() -> None:
    design = packed()
    nested, inverse = design.apply(pack_within(design, "twin_conv", ["one", "two"], "Pair"))
    assert set(nested.definitions) == {"twin_conv", "pair"}
    assert rows(nested) == rows(design)
    assert set(nested.apply(inverse)[0].definitions) == {"twin_conv"}
    pair = next(n for n in opened(nested, "twin_conv").nodes if n.startswith("pair"))
    flat, _ = nested.apply(unpack_within(nested, "twin_conv", pair))
    assert rows(flat) == rows(design)


def test_a_block_of_several_inputs_is_fed_at_each_of_them() -> None:
    design = drawn()
    design, _ = design.apply(pack(design, ["sum"], "Join", instance_id="join"))
    inner = inside(design, "join")
    assert inner
    assert analyze(inner).nodes["sum"].shape == (16, 16, 8)


def test_a_definition_that_is_gone_cannot_be_opened() -> None:
    with pytest.raises(EditError, match="is not in this design"):
        opened(drawn(), "twin_conv")


@pytest.mark.parametrize(
    "nonsense",
    [
        3,
        {"Twin": {}},
        {"twin": 3},
        {"twin": {"title": 3}},
        {"twin": {"nodes": [{}]}},
        {"twin": {"nodes": [{"id": "a", "block": 3}]}},
        {"twin": {"links": [{"source": "a", "target": "b"}]}},
        {"twin": {"inputs": [{"name": "in", "targets": 3}]}},
        {"twin": {"inputs": [{"name": "in", "targets": [3]}]}},
        {"twin": {"inputs": [{"targets": []}]}},
        {"twin": {"outputs": [{"name": "out"}]}},
        {"twin": {"params": [{"name": "n", "targets": [{"node": "a"}]}]}},
        {"twin": {"params": [{"name": "n", "targets": [], "min": "1"}]}},
        {"twin": {"params": [{"name": "n", "targets": [], "default": {}}]}},
    ],
)
def test_nonsense_in_place_of_definitions_is_refused_in_a_sentence(nonsense: Any) -> None:
    with pytest.raises(ReadError):
        read({**Design().to_json(), "definitions": nonsense})
