"""Own blocks come back from exported code as what they were: definitions, used with arguments."""

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings

from blocks import BLOCKS as _
from blocks import Design, analyze, pack, python_code, read, template
from tests.blocks.example_designs import EXAMPLES, packed
from tests.blocks.random_own_blocks import own_designs
from tests.blocks.test_import_python import assert_comes_back
from tests.blocks.test_own import side_by_side


def params(*pairs: tuple[str, str, str]) -> list[dict[str, Any]]:
    """Return parameters of an own block, each as (name, node, parameter inside)."""
    return [{"name": name, "targets": [{"node": node, "param": p}]} for name, node, p in pairs]


def twice(first: dict[str, Any], second: dict[str, Any]) -> Design:
    """Return a design with two instances of an own block of a VGG block and two convolutions."""
    design = Design("twice").add("photo", _["Image"](32, 32, 3))
    design = design.add("low", _["VGGBlock"](filters=4, convolutions=2), "photo")
    design = design.add("left", _["Conv"](filters=4), "low")
    design = design.add("right", _["Conv"](filters=4, activation="tanh"), "left")
    exposed = params(
        ("depth", "low", "convolutions"),
        ("width", "left", "filters"),
        ("function", "right", "activation"),
    )
    packing = pack(design, ["low", "left", "right"], "Deep one", exposed, instance_id="one")
    design, _inverse = design.apply(packing)
    more = {"block": "own:deep_one", "name": "deep_one_2", "params": second}
    return design.apply(
        {
            "nodes": {"one": {"params": first}, "two": more},
            "links": {"one:out>two:in": {"order": 0}},
        }
    )[0]


def drawn(design: Design) -> list[tuple[Any, ...]]:
    """Return what a person sees of every block."""
    return [(n.name, n.block.type_name, n.repeat, n.block.values()) for n in design.nodes.values()]


def changed(design: Design, name: str, **values: Any) -> Design:
    node = design.node(name)
    return design.apply({"nodes": {node.id: {"params": values}}})[0]


def test_the_example_of_own_blocks_comes_back_block_for_block_and_as_the_same_code() -> None:
    design = EXAMPLES["own"]()
    found = assert_comes_back(design)
    assert sorted(map(str, drawn(found))) == sorted(map(str, drawn(design)))
    assert read(found.to_json()).to_json() == found.to_json()
    for definition in found.definitions.values():
        assert len({(node["x"], node["y"]) for node in definition["nodes"]}) > 1
    assert found.definitions.keys() == design.definitions.keys()
    assert python_code(found) == python_code(design)


def test_own_blocks_inside_own_blocks_come_back_with_their_arguments_and_repeats() -> None:
    design = EXAMPLES["nested"]()
    found = assert_comes_back(design)
    assert drawn(found) == drawn(design)
    assert python_code(found) == python_code(design)
    for name, definition in design.definitions.items():
        theirs = found.definitions[name]
        assert inside(theirs) == inside(definition)
        assert [entry["name"] for entry in theirs["params"]] == [
            entry["name"] for entry in definition["params"]
        ]


def inside(definition: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(node["name"], node["block"], node["repeat"]) for node in definition["nodes"]]


def test_a_block_inside_that_is_one_layer_in_one_use_and_more_in_another_is_one_block() -> None:
    low = _["VGGBlock"](filters=4, convolutions=2, pool=False)
    design = Design("uses").add("photo", _["Image"](16, 16, 3)).add("low", low, "photo")
    design = design.add("left", _["Conv"](filters=4), "low")
    design = packed(design, ["low", "left"], "unit", depth="low:convolutions")
    design = design.add("pool", _["Pool"](), "unit_1")
    two = {"block": "own:unit", "name": "two", "params": {"depth": 1}}
    links = {"pool:out>two:in": {"order": 0}}
    design, _inverse = design.apply({"nodes": {"two": two}, "links": links})
    assert python_code(design).count("\ndef unit(") == python_code(design).count("\ndef unit") == 1
    found = assert_comes_back(design)
    kinds = [node.block.type_name for node in found.nodes.values()]
    assert kinds == ["Image", "own:unit", "Pool", "own:unit"]
    assert inside(found.definitions["unit"]) == inside(design.definitions["unit"])
    deeper = [changed(one, "two", depth=3) for one in (design, found)]
    assert analyze(deeper[0]).graph.hash == analyze(deeper[1]).graph.hash


@pytest.mark.parametrize("values", [{"width": 9}, {"deep": 3}])
def test_a_parameter_reaches_the_innermost_block_when_it_is_changed_later(
    values: dict[str, int],
) -> None:
    design = EXAMPLES["nested"]()
    both = [changed(one, "wide", **values) for one in (design, assert_comes_back(design))]
    assert analyze(both[0]).total > analyze(design).total
    assert analyze(both[1]).graph.hash == analyze(both[0]).graph.hash


def test_a_parameter_sets_what_it_set_when_it_is_changed_later() -> None:
    design = EXAMPLES["own"]()
    found = assert_comes_back(design)
    wider = [changed(one, "fork_1", filters=12) for one in (design, found)]
    assert analyze(wider[0]).total > analyze(design).total
    assert analyze(wider[1]).graph.hash == analyze(wider[0]).graph.hash


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"depth": 2, "width": 6, "function": "elu"}, {"depth": 3, "width": 8, "function": "relu"}),
        ({"depth": 2, "width": 6, "function": "elu"}, {"depth": 2, "width": 6, "function": "relu"}),
        ({"depth": 2, "width": 4, "function": "elu"}, {"depth": 3, "width": 4, "function": "elu"}),
        ({"depth": 1, "width": 6, "function": "elu"}, {"depth": 3, "width": 8, "function": "relu"}),
    ],
)
def test_two_calls_are_two_instances_of_one_definition(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    design = twice(first, second)
    found = assert_comes_back(design)
    assert [node.block.type_name for node in found.nodes.values()] == [
        "Image",
        *["own:deep_one"] * 2,
    ]
    assert len(found.definitions) == 1
    for values in ({"width": 9}, {"depth": 4}):
        both = [changed(one, "deep_one_2", **values) for one in (design, found)]
        assert analyze(both[0]).graph.hash == analyze(both[1]).graph.hash


@pytest.mark.parametrize("values", [{}, {"batch_norm": True}, {"batch_norm": True, "pool": False}])
def test_a_vgg_block_of_one_convolution_comes_back_by_the_names_of_its_layers(
    values: dict[str, Any],
) -> None:
    low = _["VGGBlock"](filters=4, convolutions=1, **values)
    design = Design("one").add("photo", _["Image"](16, 16, 3)).add("low", low, "photo")
    design = design.add("left", _["Conv"](filters=4), "low").add("end", _["Classifier"](3), "left")
    assert assert_comes_back(design).node("low").block.values() == low.values()
    design, _inverse = design.apply(pack(design, ["low", "left"], "Deep one"))
    (definition,) = assert_comes_back(design).definitions.values()
    assert [node["block"] for node in definition["nodes"]] == ["VGGBlock", "Conv"]


def test_a_convolution_before_a_pooling_with_names_of_their_own_stays_what_it_is() -> None:
    design = Design("plain").add("photo", _["Image"](16, 16, 3))
    design = design.add("low_conv2", _["Conv"](filters=4), "photo")
    design = design.add("low_pool", _["Pool"](), "low_conv2")
    found = assert_comes_back(design)
    assert [node.block.type_name for node in found.nodes.values()] == ["Image", "Conv", "Pool"]


@given(own_designs())
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=HealthCheck)
def test_the_code_of_any_design_with_own_blocks_comes_back(design: Design) -> None:
    assume(analyze(design).graph.outputs and not analyze(design).errors)
    assert_comes_back(design)


def test_many_own_blocks_inside_each_other_come_back() -> None:
    design = Design("deep").add("photo", _["Image"](8, 8, 3)).add("left", _["Conv"](2), "photo")
    inner, width = "left", "filters"
    for depth in range(28):
        last = [node.name for node in design.nodes.values()][-1]
        design = design.add(f"right_{depth}", _["Conv"](filters=2), last)
        targets = [(inner, width), (f"right_{depth}", "filters")]
        exposed = [{"name": "width", "targets": [{"node": n, "param": p} for n, p in targets]}]
        chosen = [inner, f"right_{depth}"]
        inner, width = f"s{depth}", "width"
        design, _inverse = design.apply(pack(design, chosen, inner, exposed, instance_id=inner))
    assert assert_comes_back(design).definitions.keys() == design.definitions.keys()


def test_repeats_that_hand_several_values_on_come_back() -> None:
    thrice, _inverse = side_by_side(["left", "right"]).apply({"nodes": {"sides": {"repeat": 3}}})
    assert_comes_back(thrice)
    call = "sides_1_left, sides_1_right = sides(sides_1_left, sides_1_right, name="
    assert python_code(thrice).count(call) == 2


def test_padding_alike_on_both_sides_comes_back_as_the_block_that_makes_it() -> None:
    block = _["InvertedResidual"](filters=4, stride=2, kernel_size=3, as_in_keras=True)
    design = Design("odd").add("photo", _["Image"](9, 9, 3)).add("step", block, "photo")
    assert analyze(design).graph["step_pad"].config == {"padding": 1}
    assert assert_comes_back(design).node("step").block.type_name == "InvertedResidual"


def test_a_number_that_happens_to_be_equal_is_not_taken_for_the_parameter() -> None:
    design = twice({"width": 4}, {"width": 4})
    (definition,) = assert_comes_back(design).definitions.values()
    targets = {entry["name"]: entry["targets"] for entry in definition["params"]}
    assert targets["width"] == [{"node": "left", "param": "filters"}]


def test_equal_layers_in_a_loop_are_one_repeated_block_and_apart_they_are_not() -> None:
    design = template("lesson_plain")
    found = assert_comes_back(design)
    assert [(n.name, n.repeat) for n in found.nodes.values()] == [
        (n.name, n.repeat) for n in design.nodes.values()
    ]
    apart = Design("apart").add("photo", _["Image"](8, 8, 3))
    apart = apart.add("deep_1", _["Conv"](filters=3), "photo")
    apart = apart.add("deep_2", _["Conv"](filters=3), "deep_1")
    assert len(assert_comes_back(apart).nodes) == 3


def test_layers_named_by_hand_come_back_as_plain_ones() -> None:
    design = EXAMPLES["own"]()
    (fork,) = [node for node in design.nodes.values() if node.name == "fork_1"]
    design, _inverse = design.apply({"nodes": {fork.id: {"layer_names": {"one": "first"}}}})
    found = assert_comes_back(design)
    assert "fork" not in found.definitions
    assert "step" in found.definitions
