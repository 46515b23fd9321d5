"""Own blocks: packed from a design, used with arguments, edited once for all, unpacked."""

from typing import Any

import pytest

from blocks import (
    Add,
    Classifier,
    Conv,
    Design,
    EditError,
    Image,
    Pool,
    analyze,
    export,
    pack,
    read,
    to_keras,
    unpack,
)

FILTERS = {
    "name": "filters",
    "targets": [{"node": "one", "param": "filters"}, {"node": "two", "param": "filters"}],
    "min": 4,
    "max": 64,
}


def drawn() -> Design:
    """A skip around a convolution, between an input and a head."""
    return (
        Design("drawn")
        .add("photo", Image(16, 16, 3))
        .add("one", Conv(8), after="photo")
        .add("two", Conv(8), after="one")
        .add("sum", Add(), after=["two", "one"])
        .add("head", Classifier(10), after="sum")
    )


def packed() -> Design:
    design = drawn()
    edit = pack(design, ["one", "two", "sum"], "Twin conv", [FILTERS], instance_id="twin")
    return design.apply(edit)[0]


def rows(design: Design) -> list[tuple[Any, ...]]:
    return [(layer.kind, layer.shape, layer.params, layer.macs) for layer in analyze(design).layers]


def test_packing_changes_no_number() -> None:
    assert rows(packed()) == rows(drawn())
    assert analyze(packed()).graph.hash == analyze(drawn()).graph.hash
    assert {node.name for node in packed().nodes.values()} == {"photo", "twin_conv_1", "head"}


def test_packing_is_one_edit_that_can_be_taken_back() -> None:
    design = drawn()
    after, inverse = design.apply(pack(design, ["one", "two", "sum"], "Twin conv"))
    back, again = after.apply(inverse)
    assert analyze(back).graph.hash == analyze(design).graph.hash
    assert not back.definitions
    assert back.apply(again)[0].to_json() == after.to_json()


def test_every_instance_has_its_own_arguments_within_the_limits_given() -> None:
    design, _ = packed().apply(
        {
            "nodes": {
                "twin": {"params": {"filters": 16}},
                "second": {"block": "own:twin_conv", "name": "twin_conv_2", "params": {}},
            },
            "links": {"twin:out>head:in": None, "twin:out>second:in": {"order": 0}},
        }
    )
    shapes = {layer.name: layer.shape for layer in analyze(design).layers}
    assert shapes["twin_conv_1_two"] == (16, 16, 16)
    assert shapes["twin_conv_2_two"] == (16, 16, 8)
    wrong, _ = packed().apply({"nodes": {"twin": {"params": {"filters": 2}}}})
    assert str(analyze(wrong).problems[0]) == (
        "twin_conv_1: filters must be an integer from 4 to 64, got 2"
    )


def test_an_edit_of_the_definition_reaches_all_instances() -> None:
    design = packed()
    definition = dict(design.definitions["twin_conv"])
    definition["nodes"] = [
        node | ({"params": node["params"] | {"kernel_size": 5}} if node["name"] == "one" else {})
        for node in definition["nodes"]
    ]
    changed, inverse = design.apply({"definitions": {"twin_conv": definition}})
    assert analyze(changed).total - analyze(design).total == (25 - 9) * 3 * 8
    assert analyze(changed.apply(inverse)[0]).total == analyze(design).total


def test_unpacking_keeps_the_numbers_and_the_layer_names() -> None:
    design = packed()
    unpacked, _ = design.apply(unpack(design, "twin"))
    names = [layer.name for layer in analyze(design).layers]
    assert [layer.name for layer in analyze(unpacked).layers] == names
    assert analyze(unpacked).graph.hash == analyze(design).graph.hash


def test_blocks_nest_and_repeat() -> None:
    design = packed()
    edit = pack(design, ["twin", "head"], "Tail", instance_id="tail")
    nested, _ = design.apply(edit)
    assert rows(nested) == rows(design)
    twice, _ = design.apply({"nodes": {"twin": {"repeat": 2}}})
    assert "twin_conv_1_2_sum" in [layer.name for layer in analyze(twice).layers]


def test_a_block_that_holds_itself_is_told_and_nothing_hangs() -> None:
    design = packed()
    loop = dict(design.definitions["twin_conv"])
    loop["nodes"] = [*loop["nodes"], {"id": "x", "name": "x", "block": "own:twin_conv"}]
    broken, _ = design.apply({"definitions": {"twin_conv": loop}})
    assert "is not known" in str(analyze(broken).problems[0])


def test_several_branches_become_several_ports() -> None:
    design = drawn().add("pool", Pool(), after="two").add("side", Classifier(2), after="pool")
    after, _ = design.apply(pack(design, ["one", "two", "sum"], "Twin", instance_id="twin"))
    assert [port.name for port in after.nodes["twin"].block.outputs] == ["out", "out_2"]
    assert sorted(rows(after)) == sorted(rows(design))


def test_an_output_port_that_leads_nowhere_is_an_output_of_the_model() -> None:
    design = drawn().add("pool", Pool(), after="two").add("side", Classifier(2), after="pool")
    after, _ = design.apply(pack(design, ["one", "two", "sum"], "Twin", instance_id="twin"))
    cut, _ = after.apply({"nodes": {"pool": None, "side": None}})
    assert len(analyze(cut).graph.outputs) == 2
    assert to_keras(cut).count_params() == analyze(cut).total


def test_an_inner_block_that_leads_nowhere_is_told() -> None:
    design = packed()
    definition = dict(design.definitions["twin_conv"])
    dead = {"id": "dead", "name": "dead", "block": "Conv", "params": {}}
    definition["nodes"] = [*definition["nodes"], dead]
    definition["links"] = [*definition["links"], {"source": "one", "target": "dead"}]
    broken, _ = design.apply({"definitions": {"twin_conv": definition}})
    assert str(analyze(broken).problems[0]) == (
        "twin_conv_1: inside it, dead leads to no output; link it on or remove it"
    )


def nested() -> Design:
    """Return a design whose own block of two outputs, one of them an end, stands in another."""
    design = Design("two").add("photo", Image(8, 8, 3))
    design = design.add("left", Conv(4), "photo").add("right", Conv(5), "photo")
    design = design.add("on", Conv(6), "left")
    design, _ = design.apply(pack(design, ["left", "right"], "Pair", instance_id="pair"))
    return design.apply(pack(design, ["pair", "on"], "Outer", instance_id="outer"))[0]


def side_by_side(names: list[str]) -> Design:
    """Return a design with convolutions of two inputs side by side, packed into one block."""
    design = Design("sides").add("photo", Image(8, 8, 3)).add("other", Conv(3), "photo")
    for name, source in zip(names, ("photo", "other", "other"), strict=False):
        design = design.add(name, Conv(3), source)
    return design.apply(pack(design, names, "Sides", instance_id="sides"))[0]


def test_a_block_of_two_inputs_and_two_outputs_repeats_and_one_of_three_does_not() -> None:
    thrice, _ = side_by_side(["left", "right"]).apply({"nodes": {"sides": {"repeat": 3}}})
    graph = analyze(thrice).graph
    assert graph["sides_1_3_left"].inputs == ("sides_1_2_left",)
    assert graph["sides_1_3_right"].inputs == ("sides_1_2_right",)
    twice, _ = side_by_side(["left", "right", "more"]).apply({"nodes": {"sides": {"repeat": 2}}})
    assert [str(problem) for problem in analyze(twice).problems] == [
        "sides_1: its next repeat would read what this one gives, but it has 2 inputs and "
        "3 outputs; set repeat to 1"
    ]


def test_packing_keeps_every_output_of_the_model() -> None:
    design = nested()
    assert len(design.nodes["outer"].block.outputs) == 2
    assert len(analyze(design).graph.outputs) == 2
    assert to_keras(design).count_params() == analyze(design).total


def test_an_inner_output_that_leads_nowhere_is_told_and_one_that_is_read_too_is_not() -> None:
    design = nested()
    outer = dict(design.definitions["outer"])
    outer["outputs"] = [port for port in outer["outputs"] if port["node"] == "on"]
    cut, _ = design.apply({"definitions": {"outer": outer}})
    assert [str(problem) for problem in analyze(cut).problems] == [
        "outer_1: inside it, pair_1 leads to no output; link it on or remove it"
    ]
    pair = dict(cut.definitions["pair"])
    pair["outputs"] = [{**port, "node": "left"} for port in pair["outputs"]]
    pair["nodes"] = [node for node in pair["nodes"] if node["id"] == "left"]
    mended, _ = cut.apply({"definitions": {"pair": pair}})
    assert not analyze(mended).problems


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ([], "choose the blocks"),
        (["photo", "one"], "photo: an input cannot be part of a block"),
        (["one", "sum"], "two: it stands between the chosen blocks"),
    ],
)
def test_what_cannot_be_packed_is_told(chosen: list[str], sentence: str) -> None:
    with pytest.raises(EditError, match=sentence):
        pack(drawn(), chosen, "No")


def test_it_is_saved_in_the_file_and_exported_as_one_function_with_its_arguments() -> None:
    design = packed()
    assert read(design.to_json()).to_json() == design.to_json()
    code = export(design, "python")
    assert isinstance(code, str)
    assert "def twin_conv(x, filters, name):" in code
    assert 'twin_conv(photo, filters=8, name="twin_conv_1")' in code


@pytest.mark.keras
def test_keras_builds_what_was_counted() -> None:
    assert to_keras(packed()).count_params() == analyze(packed()).total


@pytest.mark.parametrize(
    ("links", "sentence"),
    [
        ([], "inside it, one needs something that comes in, got 0 links"),
        ([("one", "in"), ("one", "in")], "inside it, one takes one link, got 2 links"),
        ([("one", "side")], "inside it, one has no input 'side'; remove the link"),
    ],
)
def test_a_definition_that_is_half_drawn_is_told_on_its_instances(
    links: list[tuple[str, str]], sentence: str
) -> None:
    design = packed()
    targets = [{"node": node, "port": port, "order": 0} for node, port in links]
    data = {**design.definitions["twin_conv"], "inputs": [{"name": "in", "targets": targets}]}
    broken, _ = design.apply({"definitions": {"twin_conv": data}})
    assert sentence in {problem.message for problem in analyze(broken).problems}


def test_every_output_of_an_inner_own_block_can_leave() -> None:
    design = drawn()
    design, _ = design.apply(pack(design, ["one", "two"], "Pair", instance_id="pair"))
    design, _ = design.apply(pack(design, ["pair"], "Case", instance_id="case"))
    assert sorted(rows(design)) == sorted(rows(drawn()))
    back, _ = design.apply(unpack(design, "case"))
    assert sorted(rows(back)) == sorted(rows(drawn()))


def test_taking_back_a_parameter_that_was_shown_leaves_the_instances_as_they_were() -> None:
    design = packed()
    size = {"name": "size", "targets": [{"node": "one", "param": "kernel_size"}]}
    before = design.definitions["twin_conv"]
    definition = {**before, "params": [*before["params"], size]}
    shown, inverse = design.apply({"definitions": {"twin_conv": definition}})
    wide, _ = shown.apply({"nodes": {"twin": {"params": {"size": 5}}}})
    back, again = wide.apply(inverse)
    assert not analyze(back).problems
    assert back.to_json() == design.to_json()
    assert back.apply(again)[0].to_json() == wide.to_json()
