"""What lies between two designs is told block by block, and an edit leads back."""

from blocks import Add, Change, Conv, Design, Difference, differences, leading_back, template


def edited(design: Design, **edit: object) -> Design:
    return design.apply(edit)[0]


def test_a_design_does_not_differ_from_itself() -> None:
    assert differences(template("resnet50"), template("resnet50")) == ()


def test_a_changed_parameter_is_told_with_both_values() -> None:
    design = template("vgg16", height=64, classes=10)
    assert differences(template("vgg16"), design) == (
        Difference("photo", "Image", "changed", (Change("height", 224, 64),)),
        Difference("predictions", "Classifier head", "changed", (Change("classes", 1_000, 10),)),
    )


def test_blocks_that_came_and_went_are_told_and_what_they_did_to_links() -> None:
    before = template("tutorial_vgg3")
    after = edited(
        before,
        nodes={"vgg_block_3": None, "n1": {"block": "Conv", "name": "conv_1"}},
        links={"vgg_block_1:out>vgg_block_2:in": None}
        | {key: {"order": 0} for key in ("vgg_block_1:out>n1:in", "n1:out>vgg_block_2:in")},
    )
    assert differences(before, after) == (
        Difference("vgg_block_3", "VGG block", "removed"),
        Difference(
            "vgg_block_2",
            "VGG block",
            "changed",
            (Change("inputs", ("vgg_block_1",), ("conv_1",)),),
        ),
        Difference("conv_1", "Convolution", "added"),
    )


def test_a_block_that_took_the_place_of_another_one_is_one_change() -> None:
    before = template("tutorial_vgg3")
    after = edited(
        before,
        nodes={"vgg_block_2": None, "n1": {"block": "Conv", "name": "conv_1"}},
        links={"vgg_block_1:out>n1:in": {"order": 0}, "n1:out>vgg_block_3:in": {"order": 0}},
    )
    changes = (Change("name", "vgg_block_2", "conv_1"), Change("block", "VGGBlock", "Conv"))
    assert differences(before, after) == (Difference("conv_1", "Convolution", "changed", changes),)


def test_blocks_without_common_ids_and_names_are_paired_by_type_and_sequence() -> None:
    before = template("vgg16")
    after = template("vgg19").from_json(
        {**template("vgg19").to_json(), **renamed(template("vgg19"), "other_")}
    )
    found = [one for one in differences(before, after) if one.kind != "changed"]
    assert found == []
    fields = {c.field for one in differences(before, after) for c in one.changes}
    assert fields == {"name", "convolutions"}


def renamed(design: Design, prefix: str) -> dict[str, list[dict[str, object]]]:
    """Return nodes and links of a design with other ids and other names."""
    data = design.to_json()
    nodes = [n | {"id": prefix + n["id"], "name": prefix + n["name"]} for n in data["nodes"]]
    ends = ("source", "target")
    links = [link | {end: prefix + link[end] for end in ends} for link in data["links"]]
    return {"nodes": nodes, "links": links}


def test_places_and_notes_make_no_difference() -> None:
    before = template("tutorial_vgg")
    moved = edited(before, nodes={"vgg_block_1": {"x": 900, "y": 3, "note": "the first"}})
    assert differences(before, moved) == ()


def test_repeats_freezing_and_names_make_one() -> None:
    before = template("resnet50")
    after = edited(before, nodes={"conv2": {"name": "stage", "repeat": 4, "frozen": True}})
    (found,) = differences(before, after)
    assert (found.node, [change.field for change in found.changes]) == (
        "stage",
        ["name", "repeat", "frozen"],
    )


def test_another_type_in_a_place_is_one_change() -> None:
    before = template("vgg16")
    after = edited(before, nodes={"vector": {"block": "GlobalPool", "name": "vector"}})
    assert differences(before, after)[0].changes == (Change("block", "Flatten", "GlobalPool"),)


def test_designs_that_grew_apart_are_compared_by_name() -> None:
    before = Design().add("a", Conv(8)).add("b", Conv(8), after="a")
    node = before.nodes["b"].to_json() | {"id": "other"}
    after = edited(before, nodes={"b": None, "other": node}, links={"a:out>other:in": {"order": 0}})
    assert differences(before, after) == ()


def test_the_order_of_inputs_makes_a_difference() -> None:
    before = Design().add("a", Conv()).add("b", Conv()).add("sum", Add(), after=["a", "b"])
    after = edited(before, links={"a:out>sum:in": {"order": 5}})
    assert differences(before, after)[0].changes == (Change("inputs", ("a", "b"), ("b", "a")),)


def test_one_edit_leads_back_and_keeps_what_makes_no_difference() -> None:
    original = template("vgg16")
    design = edited(
        original,
        nodes={
            "block2": {"x": 5, "note": "mine", "params": {"filters": 96}},
            "fc1": None,
            "n1": {"block": "Dropout", "name": "drop"},
        },
        links={"vector:out>n1:in": {"order": 0}, "n1:out>fc2:in": {"order": 0}},
    )
    back = edited(design, **leading_back(design, original))
    assert differences(original, back) == ()
    assert (back.nodes["block2"].x, back.nodes["block2"].note) == (5, "mine")
    assert back.links == original.links
    assert leading_back(back, original) == {}
