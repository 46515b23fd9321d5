"""Two designs are told apart block by block, and a block of one can be taken into the other."""

from itertools import permutations
from typing import Any

import pytest

from blocks import (
    PUBLISHED,
    Add,
    BlockPair,
    Classifier,
    Conv,
    Design,
    EditError,
    Image,
    Pool,
    analyze,
    by_category,
    by_depth,
    by_reduction,
    by_resolution,
    compare,
    pack,
    taken_out,
    template,
    templates,
    transplant,
)

RESNETS = ("plain34", "resnet18", "resnet34", "resnet50", "resnet101", "resnet152")
VGGS = ("vgg16", "vgg19", "vgg16_gap", "vgg19_gap")
PAIRS = [*permutations(RESNETS, 2), *permutations(VGGS, 2), ("alexnet", "lenet5")]
FOUR = ("resnet50", "googlenet", "unet", "densenet121")


def more(rows: tuple[BlockPair, ...]) -> tuple[int, int]:
    return sum(row.more_params for row in rows), sum(row.more_macs for row in rows)


@pytest.mark.parametrize("name", templates())
def test_a_network_beside_itself_is_the_same_in_every_block(name: str) -> None:
    rows = compare(template(name), template(name))
    assert {row.kind for row in rows} == {"same"}
    assert len(rows) == len(template(name).nodes)
    assert more(rows) == (0, 0)


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_the_differences_of_the_blocks_add_up_to_those_of_the_published_totals(
    first: str, second: str
) -> None:
    one, other = (
        PUBLISHED[name] if name in PUBLISHED else counted(name) for name in (first, second)
    )
    params, macs = more(compare(template(first), template(second)))
    assert params == other.total - one.total
    if one.macs is not None and other.macs is not None:
        assert macs == other.macs - one.macs


def counted(name: str) -> Any:
    return analyze(template(name))


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_every_block_of_either_design_stands_in_one_row(first: str, second: str) -> None:
    rows = compare(template(first), template(second))
    assert sorted(r.before.id for r in rows if r.before) == sorted(template(first).nodes)
    assert sorted(r.after.id for r in rows if r.after) == sorted(template(second).nodes)


def test_what_a_deeper_network_repeats_more_often_is_told() -> None:
    rows = compare(template("resnet50"), template("resnet152"))
    changed = {row.node.name: row for row in rows if row.kind == "changed"}
    assert list(changed) == ["conv3", "conv4"]
    (change,) = changed["conv4"].changes
    assert (change.field, change.before, change.after) == ("repeat", 6, 36)
    # One of its blocks: 1x1, 3x3, 1x1 over 1024 channels, biases, and three normalisations.
    bottleneck = (1024 + 1) * 256 + (9 * 256 + 1) * 256 + (256 + 1) * 1024 + 4 * (256 + 256 + 1024)
    assert changed["conv4"].more_params == 30 * bottleneck


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_the_changes_that_are_told_lead_from_the_counts_of_one_to_those_of_the_other(
    first: str, second: str
) -> None:
    design, other = template(first), template(second)
    for row in compare(design, other):
        if row.kind == "changed" and not any(c.field in ("block", "inputs") for c in row.changes):
            assert row.before is not None
            fields = {c.field: c.after for c in row.changes}
            plain = {
                name: fields.pop(name)
                for name in ("repeat", "frozen", "first", "name", "layer_names")
                if name in fields
            }
            edit = {"nodes": {row.before.id: {**plain, "params": fields}}}
            node = design.apply(edit)[0].nodes[row.before.id]
            assert row.after is not None
            assert node.block == row.after.block
            assert node.repeat == row.after.repeat


@pytest.mark.parametrize(("first", "second"), [(a, b) for a, b in PAIRS if {a, b} <= set(RESNETS)])
def test_taking_every_changed_block_makes_the_other_network(first: str, second: str) -> None:
    design, other = template(first), template(second)
    for row in compare(design, other):
        design, _ = design.apply(transplant(design, other, row.node.name))
    assert analyze(design).graph.hash == analyze(other).graph.hash


@pytest.mark.parametrize("name", FOUR)
def test_a_block_that_was_cut_out_is_put_back_with_its_links(name: str) -> None:
    whole = template(name)
    for node in whole.nodes.values():
        if node.block.inputs and whole.incoming()[node.id]:
            cut, _ = whole.apply({"nodes": {node.id: None}})
            back, _ = cut.apply(transplant(cut, whole, node.name))
            assert back.links == whole.links
            assert analyze(back).graph.hash == analyze(whole).graph.hash
            assert back.nodes[node.id].block == node.block


def test_a_new_block_steps_into_the_link_between_its_neighbours() -> None:
    short = small().add("head", Classifier(10), after="stem")
    long = small().add("pool", Pool(), after="stem").add("head", Classifier(10), after="pool")
    grown, inverse = short.apply(transplant(short, long, "pool"))
    assert grown.links == long.links
    assert grown.apply(inverse)[0].links == short.links


@pytest.mark.parametrize("name", FOUR)
def test_a_block_that_was_inserted_is_taken_out_and_its_neighbours_are_linked_again(
    name: str,
) -> None:
    plain = template(name)
    for link in list(plain.links.values()):
        edit = {
            "nodes": {"extra": {"block": "Activation", "name": "extra", "params": {}}},
            "links": {
                link.key: None,
                f"{link.source}:{link.source_port}>extra:in": {"order": 0},
                f"extra:out>{link.target}:{link.target_port}": {"order": link.order},
            },
        }
        longer, _ = plain.apply(edit)
        back, inverse = longer.apply(taken_out(longer, plain, "extra"))
        assert back.links == plain.links
        assert analyze(back).graph.hash == analyze(plain).graph.hash
        assert back.apply(inverse)[0].links == longer.links


def test_blocks_that_follow_each_other_are_taken_out_one_by_one() -> None:
    short = small().add("head", Classifier(10), after="stem")
    long = small().add("one", Pool(), after="stem").add("two", Pool(), after="one")
    long = long.add("head", Classifier(10), after="two")
    for name in ("two", "one"):
        long, _ = long.apply(taken_out(long, short, name))
        assert not analyze(long).problems
    assert analyze(long).graph.hash == analyze(short).graph.hash


def test_a_block_of_another_type_takes_the_place_and_keeps_name_and_spot() -> None:
    one, other = template("plain34"), template("resnet34")
    moved, _ = one.apply({"nodes": {"conv3": {"x": 7, "y": 9, "note": "mine"}}})
    taken, _ = moved.apply(transplant(moved, other, "conv3"))
    node = taken.nodes["conv3"]
    assert (node.block, node.repeat) == (other.nodes["conv3"].block, 4)
    assert (node.x, node.y, node.note) == (7, 9, "mine")


def test_an_own_block_brings_its_definition_and_harms_no_other_of_its_name() -> None:
    one, other = own(8), own(16)
    named, _ = other.apply({"nodes": {node_of(other): {"name": "second"}}})
    taken, inverse = one.apply(transplant(one, named, "second"))
    counts = analyze(taken)
    assert not counts.errors
    assert len(taken.definitions) == 2
    assert counts.total == analyze(other).total
    assert analyze(taken.apply(inverse)[0]).total == analyze(one).total


def test_an_own_block_the_design_already_knows_brings_nothing() -> None:
    design = own(8)
    bare, _ = design.apply({"nodes": {node_of(design): None}})
    edit = transplant(bare, design, design.nodes[node_of(design)].name)
    assert "definitions" not in edit
    assert analyze(bare.apply(edit)[0]).graph.hash == analyze(design).graph.hash


def test_a_block_that_is_not_there_is_refused_in_a_sentence() -> None:
    with pytest.raises(EditError, match="there is no block named 'oracle'"):
        transplant(small(), small(), "oracle")
    with pytest.raises(EditError, match="there is no block named 'oracle'"):
        taken_out(small(), small(), "oracle")


@pytest.mark.parametrize("name", templates())
def test_stages_categories_and_depths_add_up_to_the_totals(name: str) -> None:
    report = analyze(template(name))
    whole = (report.total, report.macs, report.activation_bytes)
    for shares in (
        by_resolution(report),
        by_reduction(report),
        by_category(template(name), report),
    ):
        columns = zip(*shares.values(), strict=True)
        assert tuple(map(sum, columns)) == whole
    last = by_depth(report)[-1]
    assert (last.depth, last.params, last.macs) == (report.depth, *whole[:2])


def test_resnet50_has_its_five_stages_and_a_border_is_none() -> None:
    stages = by_resolution(analyze(template("resnet50")))
    assert list(stages) == ["224x224", "112x112", "56x56", "28x28", "14x14", "7x7", "vector"]


def test_networks_for_other_inputs_meet_in_their_reductions() -> None:
    large, little = template("vgg16"), template("vgg16", height=64, width=64)
    stages = [f"1/{size}" for size in (1, 2, 4, 8, 16, 32)]
    for design in (large, little):
        assert list(by_reduction(analyze(design))) == [*stages, "vector"]
    unet = by_reduction(analyze(template("unet")))
    assert sorted(unet) == sorted(stages[:5])


def test_the_receptive_field_only_grows_and_ends_at_the_whole_image() -> None:
    fields = [reach.field for reach in by_depth(analyze(template("resnet50")))]
    sizes = [field for field in fields if field is not None]
    assert sizes == sorted(sizes)
    assert (sizes[-1], fields[-1]) == (483, None)


def small() -> Design:
    return Design("small").add("photo", Image(16, 16, 3)).add("stem", Conv(8), after="photo")


def own(filters: int) -> Design:
    """A skip in an own block called Skip, over so many channels."""
    design = (
        Design("own")
        .add("photo", Image(16, 16, 3))
        .add("one", Conv(filters), after="photo")
        .add("two", Conv(filters), after="one")
        .add("sum", Add(), after=["two", "one"])
        .add("head", Classifier(10), after="sum")
    )
    return design.apply(pack(design, ["one", "two", "sum"], "Skip"))[0]


def node_of(design: Design) -> str:
    return next(n.id for n in design.nodes.values() if n.block.type_name.startswith("own:"))
