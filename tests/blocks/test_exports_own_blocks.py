"""Exported Keras code of own blocks: a function for each, called by those that hold it."""

import ast

import pytest
from hypothesis import HealthCheck, assume, given, settings

from blocks import BLOCKS, Design, Image, analyze, pack, python_code
from tests.blocks.example_designs import EXAMPLES, packed
from tests.blocks.random_own_blocks import own_designs
from tests.blocks.test_exports_python import assert_builds


@pytest.mark.keras
def test_a_variable_of_a_loop_hides_no_constant() -> None:
    conv, drop = BLOCKS["Conv"](filters=4), BLOCKS["Dropout"](rate=0.3)
    design = Design("hiding").add("photo", Image(8, 8, 4)).add("first", drop, "photo")
    design = design.add("second", drop, "first").add("q1", conv, "first")
    for count in (2, 3, 4):
        design = design.add(f"q{count}", conv, f"q{count - 1}")
    design = design.add("DROPOUT", conv, "first").add("last", drop, "DROPOUT")
    design = design.add("sum", BLOCKS["Add"](), ["second", "q4", "last", "first"])
    design, _inverse = design.apply({"nodes": {"DROPOUT": {"repeat": 3}}})
    design = packed(design, [node for node in design.nodes if node != "photo"], "unit")
    assert "DROPOUT = x\n    for i in range(3):" in python_code(design)
    assert_builds(design)


@pytest.mark.keras
@given(own_designs())
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=HealthCheck)
def test_the_code_of_any_design_with_own_blocks_builds_it(design: Design) -> None:
    assume(analyze(design).graph.outputs and not analyze(design).errors)
    assert_builds(design)


def test_a_block_inside_an_own_block_is_a_call_of_its_own_function() -> None:
    called = calls(python_code(EXAMPLES["nested"]()))
    assert {name: made for name, made in called.items() if made} == {
        "build_model": {"tower", "classifier"},
        "tower": {"stage", "residual"},
        "stage": {"unit"},
        "unit": {"vgg_block"},
    }
    assert {name for name, made in called.items() if not made} == {
        "vgg_block",
        "residual",
        "classifier",
    }


def calls(code: str) -> dict[str, set[str]]:
    """Return which functions of a module each of them calls."""
    functions = [node for node in ast.parse(code).body if isinstance(node, ast.FunctionDef)]
    names = {function.name for function in functions}
    return {
        function.name: names & {n.id for n in ast.walk(function) if isinstance(n, ast.Name)}
        for function in functions
    }


def test_an_argument_of_an_own_block_is_handed_to_the_blocks_inside() -> None:
    code = python_code(EXAMPLES["nested"]())
    assert 'x = stage(x, filters=width, depth=deep, name=f"{name}_stage_1_{i + 1}")' in code
    assert 'tower(x, width=6, deep=1, name="wide")' in code


@pytest.mark.keras
def test_a_function_is_not_hidden_by_an_argument_or_a_variable_of_its_name() -> None:
    design = Design("hidden").add("photo", Image(8, 8, 3))
    design = design.add("stem", BLOCKS["VGGBlock"](filters=4, pool=False), "photo")
    design = packed(design, ["stem"], "stem", vgg_block="stem")
    design = design.add("vgg_block", BLOCKS["Conv"](filters=4), "stem_1")
    design = design.add("last", BLOCKS["Conv"](filters=4), ["vgg_block"])
    packing = packed(design, ["stem", "vgg_block", "last"], "outer", stem="stem:vgg_block")
    assert len(calls(python_code(packing))) == 4
    assert_builds(packing)


@pytest.mark.keras
def test_repetitions_that_read_something_else_are_no_loop() -> None:
    conv = BLOCKS["Conv"](filters=2)
    design = Design("odd").add("photo", Image(8, 8, 2)).add("first", conv, "photo")
    design = design.add("a", conv, "first").add("b", BLOCKS["Output"](), "photo")
    design = design.add("c", BLOCKS["Output"](), "a")
    design = design.apply(pack(design, ["a", "b", "c"], "Crossed", instance_id="crossed"))[0]
    design = design.apply({"nodes": {"crossed": {"repeat": 2}}})[0]
    first, second = (layer for layer in analyze(design).graph if layer.name.endswith("_a"))
    assert second.inputs != (first.name,)
    assert_builds(design)


@pytest.mark.keras
def test_a_layer_that_is_called_twice_in_an_own_block_is_one_layer() -> None:
    twin = BLOCKS["KerasLayer"]("Conv2D", '{"filters": 3, "kernel_size": 1}', shared="twin")
    design = Design("twins").add("photo", Image(8, 8, 3)).add("one", twin, "photo")
    design = design.add("two", twin, "one").add("end", BLOCKS["Classifier"](2), "two")
    design = design.apply(pack(design, ["one", "two"], "Pair"))[0]
    assert python_code(design).count("layers.Conv2D(") == 1
    assert_builds(design)
