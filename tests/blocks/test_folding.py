"""A repeated block split into single ones and folded again: nothing but the drawing changes."""

from itertools import pairwise
from typing import Any

import pytest

from blocks import (
    Add,
    Classifier,
    Concatenate,
    Conv,
    Design,
    EditError,
    Image,
    Residual,
    VGGBlock,
    analyze,
    fold,
    fold_within,
    pack,
    split,
    split_within,
    template,
    to_keras,
)


def staged(**names: str) -> Design:
    """A stage of three residual blocks, the first with a stride, between a stem and a head."""
    return (
        Design("staged")
        .add("photo", Image(16, 16, 3))
        .add("stem", Conv(8), after="photo")
        .add(
            "stage",
            Residual(16, variant="bottleneck"),
            after="stem",
            repeat=3,
            first={"stride": 2},
            layer_names=names,
        )
        .add("head", Classifier(4), after="stage")
    )


def was_split(design: Design) -> Design:
    return design.apply(split(design, design.node("stage").id))[0]


def chain(design: Design) -> list[str]:
    return [node.id for node in design.nodes.values() if node.block.type_name == "Residual"]


def rows(design: Design) -> dict[str, Any]:
    """Return what Keras says of every layer: kind, config, shape and the shapes of its weights."""
    return {
        layer.name: (
            type(layer).__name__,
            layer.get_config(),
            layer.output.shape,
            [tuple(weight.shape) for weight in layer.weights],
            layer.trainable,
        )
        for layer in to_keras(design).layers
    }


@pytest.mark.keras
@pytest.mark.parametrize("names", [{}, {"1_conv1": "res2a", "3_act": "end"}])
def test_split_and_folded_designs_are_the_same_rows_in_keras(names: dict[str, str]) -> None:
    whole = staged(**names)
    single = was_split(whole)
    again = single.apply(fold(single, chain(single)))[0]
    assert rows(single) == rows(whole)
    assert rows(again) == rows(whole)
    assert set(names.values()) <= rows(whole).keys()
    assert len({analyze(one).graph.hash for one in (whole, single, again)}) == 1


def test_the_first_of_the_single_blocks_has_the_parameters_of_the_first() -> None:
    single = was_split(staged())
    assert [single.node(f"stage_{k}").block.values()["stride"] for k in (1, 2, 3)] == [2, 1, 1]
    assert {node.repeat for node in single.nodes.values()} == {1}
    assert [link.key for link in single.links.values() if link.source == "stage"] == [
        "stage:out>head:in"
    ]


def test_folding_what_was_split_gives_the_block_back() -> None:
    whole = staged()
    single = was_split(whole)
    again = single.apply(fold(single, reversed(chain(single))))[0]
    assert again.node("stage").to_json() == whole.node("stage").to_json()
    assert again.node("head").to_json() == whole.node("head").to_json()


@pytest.mark.parametrize("change", ["split", "fold"])
def test_each_is_one_edit_that_can_be_taken_back(change: str) -> None:
    before = staged() if change == "split" else was_split(staged())
    edit = split(before, "stage") if change == "split" else fold(before, chain(before))
    after, inverse = before.apply(edit)
    back, again = after.apply(inverse)
    by_id = {node.id: node.to_json() for node in before.nodes.values()}
    assert {node.id: node.to_json() for node in back.nodes.values()} == by_id
    assert dict(back.links) == dict(before.links)
    assert back.apply(again)[0].nodes == after.nodes


def test_single_blocks_stand_below_each_other_and_push_down_what_follows() -> None:
    whole = staged()
    placed, _ = whole.apply({"nodes": {"stage": {"x": 40, "y": 100}, "head": {"x": 40, "y": 212}}})
    single = was_split(placed)
    ys = [single.node(name).y for name in ("stage_1", "stage_2", "stage_3", "head")]
    assert ys == sorted(ys)
    assert len({b - a for a, b in pairwise(ys)}) == 1
    back = single.apply(fold(single, chain(single)))[0]
    assert (back.node("stage").y, back.node("head").y) == (100, 212)


def test_layers_keep_their_names_where_the_new_blocks_names_would_give_others() -> None:
    design = (
        Design("named")
        .add("photo", Image(8, 8, 4))
        .add("left", Conv(4, batch_norm=True), after="photo")
        .add("right", Conv(4, batch_norm=True), after="left", layer_names={"bn": "normal"})
    )
    folded = design.apply(fold(design, ["left", "right"]))[0]
    assert folded.node("left").repeat == 2
    assert [layer.name for layer in analyze(folded).layers] == [
        layer.name for layer in analyze(design).layers
    ]
    assert analyze(folded).graph.hash == analyze(design).graph.hash


def test_names_given_by_hand_survive_in_a_half_drawn_design() -> None:
    waiting = staged(**{"2_conv1": "second"})
    waiting, _ = waiting.apply({"nodes": {"photo": None}})
    single = was_split(waiting)
    assert dict(single.node("stage_2").layer_names) == {"conv1": "second"}
    again = single.apply(fold(single, chain(single)))[0]
    assert dict(again.node("stage").layer_names) == {"2_conv1": "second"}


def test_a_chain_with_a_problem_is_split_and_folded_as_it_stands() -> None:
    wrong, _ = staged().apply({"nodes": {"stage": {"name": "no name"}, "stem": {"name": "9"}}})
    single = wrong.apply(split(wrong, "stage"))[0]
    again = single.apply(fold(single, chain(single)))[0]
    assert again.nodes["stage"].repeat == 3


def test_a_repeated_block_and_the_single_one_before_it_fold_into_one() -> None:
    design = (
        Design("pair")
        .add("photo", Image(16, 16, 8))
        .add("down", Residual(8, stride=2), after="photo")
        .add("rest", Residual(8), after="down", repeat=4)
    )
    folded = design.apply(fold(design, ["down", "rest"]))[0]
    (node,) = (node for node in folded.nodes.values() if node.block.inputs)
    assert (node.repeat, dict(node.first)) == (5, {"stride": 2})
    assert analyze(folded).graph.hash == analyze(design).graph.hash


def test_the_thirty_six_blocks_of_resnet_152_are_one_node_again() -> None:
    whole = template("resnet152")
    stage = next(node for node in whole.nodes.values() if node.repeat == 36)
    single = whole.apply(split(whole, stage.id))[0]
    assert len(single.nodes) == len(whole.nodes) + 35
    parts = [*(single.nodes.keys() - whole.nodes.keys()), stage.id]
    again = single.apply(fold(single, parts))[0]
    assert again.nodes[stage.id] == stage
    names = [[layer.name for layer in analyze(one).layers] for one in (whole, single, again)]
    assert names[0] == names[1] == names[2]


def side_by_side() -> Design:
    """Two lines of two convolutions from one image, that meet."""
    return (
        Design("lines")
        .add("photo", Image(8, 8, 4))
        .add("a1", Conv(4), after="photo")
        .add("a2", Conv(4), after="a1")
        .add("b1", Conv(4), after="photo")
        .add("b2", Conv(8), after="b1")
        .add("both", Concatenate(), after=["a2", "b2"])
        .add("pool", VGGBlock(4), after="both")
        .add("wide", VGGBlock(8), after="pool")
        .add("wider", VGGBlock(16), after="wide")
        .add("sum", Add(), after=["wider", "wide"])
    )


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        (["a1"], "choose two or more blocks"),
        (["photo", "a1"], "photo: a block without an input cannot repeat"),
        (["a1", "a2", "b1"], "b1: it does not follow the other chosen blocks"),
        (["a2", "both"], "both: b2 leads to it too"),
        (["both", "pool"], "pool: it is of type VGG block, both of type Concatenate"),
        (["pool", "wide", "wider"], "wide: its output also leads to sum"),
        (["photo", "gone"], "choose two or more blocks"),
    ],
)
def test_what_is_no_chain_of_equal_blocks_is_refused_by_name(
    chosen: list[str], sentence: str
) -> None:
    with pytest.raises(EditError) as refusal:
        fold(side_by_side(), chosen)
    assert sentence in str(refusal.value)


def test_only_the_first_may_differ() -> None:
    design = Design("three").add("photo", Image(8, 8, 4)).add("one", Conv(4), after="photo")
    design = design.add("two", Conv(8), after="one").add("three", Conv(16), after="two")
    with pytest.raises(EditError) as refusal:
        fold(design, ["one", "two", "three"])
    assert str(refusal.value) == (
        "three: filters is 16 here and 8 in the others; only the first block of a chain may differ"
    )
    frozen, _ = design.apply({"nodes": {"two": {"frozen": True}}})
    with pytest.raises(EditError) as refusal:
        fold(frozen, ["one", "two"])
    assert str(refusal.value).startswith("two: it is frozen and one is not")


@pytest.mark.parametrize("repeat", [1, 0, True, "3"])
def test_a_block_that_stands_once_cannot_be_split(repeat: Any) -> None:
    design, _ = staged().apply({"nodes": {"stage": {"repeat": repeat}}})
    with pytest.raises(EditError) as refusal:
        split(design, "stage")
    assert str(refusal.value).startswith("stage: it stands here once")


def inside_own() -> Design:
    """An own block of a repeated convolution whose filters it shows."""
    design = (
        Design("own")
        .add("photo", Image(8, 8, 4))
        .add("twice", Conv(4), after="photo", repeat=3)
        .add("last", Conv(2), after="twice")
    )
    shown = {"name": "width", "targets": [{"node": "twice", "param": "filters"}]}
    made = design.apply(pack(design, ["twice", "last"], "Pair", [shown], instance_id="pair"))[0]
    return made.apply({"nodes": {"pair": {"params": {"width": 6}}}})[0]


def test_inside_an_own_block_all_single_blocks_follow_its_parameter() -> None:
    design = inside_own()
    single = design.apply(split_within(design, "pair", "twice"))[0]
    assert [layer.shape[-1] for layer in analyze(single).layers] == [4, 6, 6, 6, 2]
    assert analyze(single).graph.hash == analyze(design).graph.hash
    ids = [node["id"] for node in single.definitions["pair"]["nodes"] if node["id"] != "last"]
    again = single.apply(fold_within(single, "pair", ids))[0]
    assert analyze(again).graph.hash == analyze(design).graph.hash
    assert again.definitions["pair"]["params"] == design.definitions["pair"]["params"]


def test_what_a_parameter_sets_in_part_is_not_folded() -> None:
    design = inside_own()
    single = design.apply(split_within(design, "pair", "twice"))[0]
    definition = dict(single.definitions["pair"])
    (entry,) = definition["params"]
    definition["params"] = [{**entry, "targets": entry["targets"][:2]}]
    partly = single.apply({"definitions": {"pair": definition}})[0]
    ids = [node["id"] for node in definition["nodes"] if node["id"] != "last"]
    with pytest.raises(EditError) as refusal:
        fold_within(partly, "pair", ids)
    assert "parameter width sets filters in some of the chosen blocks only" in str(refusal.value)


def test_a_layer_name_given_twice_in_one_block_is_a_problem() -> None:
    design = staged(**{"1_conv1": "same", "2_conv1": "same"})
    assert [str(problem) for problem in analyze(design).problems][:1] == [
        "stage: two of its layers would be called same; rename one of them"
    ]


def test_blocks_that_count_their_layers_names_by_letters_go_on_counting() -> None:
    whole = template("resnet50_signs")
    others = next(node for node in whole.nodes.values() if node.repeat == 5)
    first = next(link.source for link in whole.links.values() if link.target == others.id)
    folded = whole.apply(fold(whole, [first, others.id]))[0]
    stage = folded.nodes[others.id]
    assert (stage.repeat, dict(stage.layer_names)) == (6, {})
    single = folded.apply(split(folded, stage.id))[0]
    names = [sorted(layer.name for layer in analyze(one).layers) for one in (whole, folded, single)]
    assert names[0] == names[1] == names[2]
    assert "res4f_branch2c" in names[0]
    assert len({analyze(one).graph.hash for one in (whole, folded, single)}) == 1


def test_blocks_that_one_parameter_sets_fold_to_what_they_were() -> None:
    design = (
        Design("driven")
        .add("photo", Image(8, 8, 3))
        .add("one", Conv(16), after="photo")
        .add("two", Conv(32), after="one")
    )
    both = [{"node": name, "param": "filters"} for name in ("one", "two")]
    shown = {"name": "width", "targets": both}
    own = design.apply(pack(design, ["one", "two"], "Pair", [shown], instance_id="pair"))[0]
    own, _ = own.apply({"nodes": {"pair": {"params": {"width": 64}}}})
    folded = own.apply(fold_within(own, "pair", ["one", "two"]))[0]
    assert analyze(own).total == (9 * 3 + 1) * 64 + (9 * 64 + 1) * 64
    assert analyze(folded).total == analyze(own).total
