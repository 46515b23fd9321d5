"""Half-drawn, absurd and wrong designs: one sentence each, on the right block."""

import pytest

from blocks import (
    BLOCKS,
    Add,
    Classifier,
    Concatenate,
    Conv,
    Dense,
    Design,
    DesignError,
    Flatten,
    Image,
    MaxPoolFork,
    Pool,
    Residual,
    Signal,
    analyze,
)
from blocks.analysis import require_buildable
from blocks.node import make_block


def image(height: int = 32, width: int = 32, channels: int = 3) -> Design:
    return Design("drawn").add("photo", Image(height, width, channels))


def sentences(design: Design) -> list[str]:
    return [str(problem) for problem in analyze(design).problems]


def test_a_design_without_blocks_has_no_problems_and_is_not_built() -> None:
    assert sentences(Design()) == []
    with pytest.raises(DesignError, match="not a network yet"):
        require_buildable(analyze(Design()))


def test_a_bad_value_names_block_parameter_rule_and_value() -> None:
    design = image().add("residual_3", Residual(filters=0), "photo")
    assert sentences(design) == ["residual_3: filters must be an integer from 1 to 8192, got 0"]


def test_blocks_after_a_broken_one_wait_without_a_problem_of_their_own() -> None:
    design = image().add("a", Conv(filters=0), "photo").add("b", Conv(), "a")
    report = analyze(design)
    assert [problem.node for problem in report.problems] == ["a"]
    assert set(report.nodes) == {"photo"}


def test_a_block_without_input_says_so() -> None:
    assert sentences(image().add("alone", Conv())) == [
        "alone: nothing comes in; link a block to its input"
    ]


def test_two_links_into_one_input_are_refused_on_that_block() -> None:
    design = image().add("a", Conv(), "photo").add("b", Conv(), ["photo", "a"])
    (sentence,) = sentences(design)
    assert sentence.startswith("b: its input takes one link, got 2; remove one")


def test_a_circle_is_told_on_each_of_its_blocks_and_on_no_other() -> None:
    design = image().add("a", Add(), "photo").add("b", Conv(), "a").connect("b", "a")
    design = design.add("c", Conv(), "b").add("other", Conv(), "photo")
    report = analyze(design)
    assert {problem.node for problem in report.problems} == {"a", "b"}
    assert all("circle" in problem.message for problem in report.problems)
    assert "other" in {design.nodes[node_id].name for node_id in report.nodes}


def test_a_block_linked_to_itself_is_a_circle() -> None:
    design = image().add("a", Add(), "photo").connect("a", "a")
    assert [problem.node for problem in analyze(design).problems] == ["a"]


def test_an_identity_shortcut_that_cannot_fit_gives_both_shapes_and_a_repair() -> None:
    block = Residual(filters=64, stride=2, shortcut="identity")
    design = image(32, 32, 3).add("residual_1", block, "photo")
    (problem,) = analyze(design).problems
    assert "got 32x32x3 coming in and 16x16x64 leaving" in problem.message
    assert problem.repair is not None
    mended, _ = design.apply(problem.repair.edit)
    assert not analyze(mended).problems
    assert analyze(mended).total == problem.repair.params_change == 38_976


def test_an_identity_shortcut_that_fits_adds_no_parameters() -> None:
    block = Residual(filters=3, shortcut="identity")
    assert analyze(image().add("r", block, "photo")).total == 2 * (3 * 3 * 3 * 3 + 3)


def test_a_fork_that_would_round_two_ways_says_so_and_is_repaired() -> None:
    design = Design().add("ecg", Signal(999, 1)).add("fork", MaxPoolFork(subsample=2), "ecg")
    (problem,) = analyze(design).problems
    assert "subsample must divide the size that comes in, got 2 and 999" in problem.message
    assert problem.repair is not None
    mended, _ = design.apply(problem.repair.edit)
    assert analyze(mended).layers[-1].shape == (500, 64)


def test_a_fork_cannot_have_fewer_filters_than_channels_come_in() -> None:
    design = image(8, 8, 32).add("fork", MaxPoolFork(filters=16), "photo")
    assert "at least the 32 channels that come in" in sentences(design)[0]


def test_a_link_between_ports_that_are_not_there_is_told() -> None:
    design = image().add("a", Conv(), "photo").add("b", Conv())
    nowhere = design.connect("a", "b", source_port="nope").connect("a", "b", target_port="nope")
    assert sentences(nowhere) == [
        "b: the link from a starts where that has no output; remove it",
        "b: the link from a ends where it has no input; remove the link",
    ]


def test_branches_of_different_shape_cannot_be_added() -> None:
    design = (
        image()
        .add("a", Conv(filters=8), "photo")
        .add("b", Conv(filters=16, stride=2), "photo")
        .add("sum", Add(), ["a", "b"])
    )
    assert sentences(design)[0].startswith(
        "sum: Add needs inputs of one shape, got 32x32x8 and 16x16x16"
    )


@pytest.mark.parametrize("merge", [Add(), Concatenate()])
def test_a_merge_of_one_branch_asks_for_another(merge: object) -> None:
    design = image().add("merge", merge, "photo")
    assert "needs 2 or more inputs, got 1" in sentences(design)[0]


def test_a_window_larger_than_its_input_is_refused() -> None:
    design = image(4, 4).add("pool", Pool(size=5), "photo")
    assert (
        "a window of 5x5 and padding valid needs an input at least that large, got 4x4"
        in (sentences(design)[0])
    )


def test_a_convolution_of_a_vector_is_refused() -> None:
    design = image().add("flat", Flatten(), "photo").add("conv", Conv(), "flat")
    assert sentences(design) == [
        "conv: a convolution needs a signal or an image as input, got a vector of shape 3072"
    ]


def test_groups_must_divide_channels_and_filters() -> None:
    design = image().add("conv", Conv(filters=8, groups=2), "photo")
    assert "must divide both the 3 input channels and the 8 filters, got 2" in sentences(design)[0]


@pytest.mark.parametrize(
    "name", ["two words", "1st", "naïve", "a" * 65, "", "x\n", "__import__('os')"]
)
def test_a_name_that_is_no_identifier_is_a_problem_of_its_block(name: str) -> None:
    report = analyze(image().add(name, Conv(), "photo"))
    assert [problem.node for problem in report.problems] == [name]
    assert "letters, digits and underscores" in report.problems[0].message


def test_two_blocks_may_not_make_one_layer_name() -> None:
    design = image().add("a", Conv(batch_norm=True), "photo").add("a_bn", Conv(), "a")
    assert sentences(design) == ["a_bn: its layer name a_bn is also made by a; rename one of them"]


def test_an_unknown_type_and_an_unknown_parameter_are_kept_and_told() -> None:
    unknown, _ = make_block("Transformer", {"heads": 8})
    design = image().add("t", unknown, "photo")
    assert sentences(design) == [
        "t: the block type 'Transformer' is not known; replace or remove it"
    ]
    assert Design.from_json(design.to_json()).to_json() == design.to_json()
    data = image().add("conv", Conv(), "photo").to_json()
    data["nodes"][1]["params"]["colour"] = "red"
    design = Design.from_json(data)
    assert sentences(design) == ["conv: Convolution has no parameter 'colour'; remove it"]
    assert design.to_json() == data


def test_an_absurd_dense_still_has_its_exact_count_and_is_not_built() -> None:
    design = image(224, 224, 64).add("flat", Flatten(), "photo").add("dense", Dense(10**6), "flat")
    report = analyze(design)
    assert report.total == 224 * 224 * 64 * 10**6 + 10**6
    assert report.weight_bytes == 4 * report.total
    with pytest.raises(DesignError, match=r"dense: .*12\.8 TB go past the 8\.6 GB"):
        require_buildable(report)


def test_a_chain_too_deep_for_keras_is_not_built() -> None:
    design = image().add("conv", Conv(filters=3), "photo", repeat=1000)
    assert len(analyze(design).layers) == 1001
    with pytest.raises(DesignError, match="1,001 layers follow each other"):
        require_buildable(analyze(design))


def test_repeats_make_layers_with_names_of_their_own_up_to_a_limit() -> None:
    design = image().add("conv", Conv(filters=3), "photo", repeat=3)
    assert [layer.name for layer in analyze(design).layers[1:]] == ["conv_1", "conv_2", "conv_3"]
    absurd = image().add("conv", Residual(filters=3), "photo", repeat=10**9)
    assert "repeat must be an integer from 1 to 1000" in sentences(absurd)[0]


def test_a_block_that_gives_less_than_it_reads_cannot_be_repeated() -> None:
    design = image().add("half", Conv(stride=2), "photo")
    twice = design.add("up", make_block("UNetStep", {})[0], ["half", "photo"], repeat=2)
    assert sentences(twice) == [
        "up: its next repeat would read what this one gives, but it has 2 inputs and 1 output; "
        "set repeat to 1"
    ]


def test_frozen_blocks_have_no_trainable_parameters() -> None:
    design = image().add("conv", Conv(batch_norm=True), "photo", frozen=True)
    report = analyze(design)
    assert report.trainable == 0
    assert report.non_trainable == report.total == 3 * 3 * 3 * 32 + 32 + 4 * 32


def test_several_outputs_that_are_no_heads_are_a_warning_and_can_be_built() -> None:
    design = image().add("a", Conv(), "photo").add("b", Conv(), "photo")
    report = analyze(design)
    assert [problem.severity for problem in report.problems] == ["warning"]
    require_buildable(report)
    heads = image().add("a", Classifier(), "photo").add("b", Classifier(), "photo")
    assert not analyze(heads).problems


def test_the_same_drawing_has_one_hash_in_whatever_order_it_was_drawn() -> None:
    one = image().add("a", Conv(), "photo").add("b", Conv(), "a").add("sum", Add(), ["a", "b"])
    other = image().add("sum", Add()).add("b", Conv()).add("a", Conv())
    for source, target in [("photo", "a"), ("a", "b"), ("a", "sum"), ("b", "sum")]:
        other = other.connect(source, target)
    assert analyze(one).graph.hash == analyze(other).graph.hash


def test_receptive_field_grows_by_windows_and_strides() -> None:
    design = image().add("a", Conv(), "photo").add("b", Pool(), "a").add("c", Conv(), "b")
    assert analyze(design).receptive_field == 3 + 1 + 2 * 2


@pytest.mark.parametrize("kind", BLOCKS)
def test_no_value_whatever_makes_analysis_raise(kind: str) -> None:
    absurd = [None, True, -1, 0, 10**30, float("nan"), float("inf"), "", "\x00", [], {}, 2.5]
    for name in BLOCKS[kind].params():
        for value in absurd:
            design = image().add("block", BLOCKS[kind](**{name: value}))
            if BLOCKS[kind].inputs:
                design = design.connect("photo", "block")
            analyze(design)


def test_what_cannot_be_built_is_told_on_the_block_while_its_numbers_still_show() -> None:
    design = image(224, 224, 64).add("flat", Flatten(), "photo").add("dense", Dense(10**6), "flat")
    (problem,) = analyze(design).problems
    assert (problem.node, problem.severity) == ("dense", "warning")
    assert "go past the 8.6 GB that can be built" in problem.message
