"""Presets: blocks that people know by a name of their own are parameters of a block type."""

import json
from pathlib import Path
from typing import Any

import pytest

from blocks import BLOCKS, Block, Design, Image, Residual, analyze, catalog_schema, python_code

GOLDEN = Path(__file__).parents[1] / "golden"
REFERENCE = json.loads((GOLDEN / "architectures.json").read_text(encoding="utf-8"))
EVERY_PRESET = [
    pytest.param(block, preset.id, id=f"{name}.{preset.id}")
    for name, block in BLOCKS.items()
    for preset in block.presets
]


def homework(stage: int, letters: str, stride: int, inner: int | None = None) -> Design:
    """One stage of the homework's network from presets alone, on what comes into it."""
    filters = 64 * 2**stage
    entering = 64 if stage == 2 else filters // 2
    place: dict[str, Any] = {"filters": filters, "stage": stage}
    first = Residual.preset("convolutional_block", **place, stride=stride)
    others = Residual.preset("identity_block", **place, inner_filters=inner)
    design = Design("stage").add("photo", Image(16, 16, entering)).add("first", first, "photo")
    return design.add("others", others, "first", repeat=len(letters) - 1)


STAGES = [(2, "abc", 1, None), (3, "abcd", 2, None), (4, "abcdef", 2, None), (5, "abc", 2, 256)]


@pytest.mark.parametrize(("block", "preset"), EVERY_PRESET)
def test_a_preset_sets_parameters_that_the_block_has_to_values_it_admits(
    block: type[Block], preset: str
) -> None:
    made = block.preset(preset)
    assert not list(made.problems())
    (found,) = (one for one in block.presets if one.id == preset)
    assert found.values.items() <= made.values().items()
    assert found.title
    assert found.summary.endswith(".")
    assert found.citation


@pytest.mark.parametrize(("stage", "letters", "stride", "inner"), STAGES)
def test_a_stage_of_presets_has_the_homeworks_rows_and_layer_names(
    stage: int, letters: str, stride: int, inner: int | None
) -> None:
    """The names, parameters and channels of every convolution and normalisation of the stage."""
    rows = REFERENCE["seed_homework_resnet50"]["rows"]
    starts = tuple(f"{kind}{stage}{letter}_" for kind in ("res", "bn") for letter in letters)
    expected = {row[0]: (row[1], row[2][-1], row[3]) for row in rows if row[0].startswith(starts)}
    report = analyze(homework(stage, letters, stride, inner))
    assert not report.problems
    got = {
        layer.name: (layer.kind, layer.shape[-1], layer.params)
        for layer in report.layers
        if layer.name in expected
    }
    assert got == expected
    assert len(expected) == 6 * len(letters) + 2


def test_the_names_of_repeats_go_through_the_alphabet_and_beyond() -> None:
    block = Residual.preset("identity_block", filters=4, letter="y")
    design = Design("long").add("photo", Image(4, 4, 4)).add("res", block, "photo", repeat=30)
    sums = [layer.name for layer in analyze(design).layers if layer.kind == "Add"]
    assert sums[:4] == ["res2y", "res2z", "res2aa", "res2ab"]
    assert len(set(sums)) == 30


def test_two_blocks_of_one_letter_are_told_apart_by_the_repair() -> None:
    block = Residual.preset("identity_block", filters=4)
    design = Design("twice").add("photo", Image(4, 4, 4)).add("one", block, "photo", repeat=2)
    design = design.add("two", block, "one", repeat=2)
    (problem,) = analyze(design).problems
    assert str(problem) == (
        "two: its layer name res2b_branch2a is also made by one; rename one of them"
    )
    assert problem.repair
    assert problem.repair.label == "Set letter to d"
    assert not analyze(design.apply(problem.repair.edit)[0]).problems


def test_a_name_given_by_hand_to_layers_of_two_repeats_is_refused() -> None:
    design = Design("twice").add("photo", Image(4, 4, 4))
    design = design.add("res", Residual(4), "photo", repeat=2)
    names = {"layer_names": {"1_add": "sum", "2_add": "sum"}}
    design, _ = design.apply({"nodes": {design.node("res").id: names}})
    (problem,) = analyze(design).problems
    assert str(problem) == "res: two of its layers would be called sum; rename one of them"


def test_a_type_without_such_a_preset_names_those_it_has() -> None:
    with pytest.raises(KeyError, match="Residual has no preset 'identity'; it has: identity_block"):
        Residual.preset("identity")


def test_presets_are_part_of_the_catalogue() -> None:
    (entry,) = (entry for entry in catalog_schema() if entry["type"] == "Residual")
    presets = {preset["id"]: preset for preset in entry["presets"]}
    assert presets["identity_block"]["title"] == "Identity block"
    assert presets["identity_block"]["values"]["shortcut"] == "identity"
    assert json.loads(json.dumps(entry)) == entry


@pytest.mark.keras
def test_the_names_reach_keras_and_the_exported_code() -> None:
    import keras

    from blocks import to_keras

    design = homework(2, "abc", 1)
    names = {layer.name for layer in analyze(design).layers}
    assert {"res2a_branch1", "bn2c_branch2c", "res2b"} <= names
    assert {layer.name for layer in to_keras(design).layers} == names
    module: dict[str, Any] = {"__name__": "exported"}
    with keras.StatelessScope(initialize_variables=False):
        exec(python_code(design), module)
        built = module["build_model"]()
    assert {layer.name for layer in built.layers} == names
