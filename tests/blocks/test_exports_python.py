"""Exported Keras code: what it says, what it builds, and what cannot get into it."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings

from blocks import (
    BLOCKS,
    Design,
    Image,
    Residual,
    analyze,
    pack,
    python_code,
    template,
    templates,
    to_keras,
)
from blocks.exports.code.naming import snake
from blocks.exports.code.scheme import loop_over
from blocks.keras_model import build_model
from blocks.proof.structure import structure_checks
from tests.blocks.example_designs import EXAMPLES
from tests.blocks.test_against_keras import designs
from tests.blocks.test_import_round_trip import shared_encoder, tapped, wrapped

GOLDEN = Path(__file__).parents[1] / "golden/python"
SPECIAL = {draw.__name__: draw for draw in (shared_encoder, tapped, wrapped)}
SHOWN = {
    **EXAMPLES,
    **{
        name: lambda name=name: template(name)
        for name in ("tutorial_vgg3", "tutorial_inception", "tutorial_residual", "max_pool_fork")
    },
}


def run(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "exported"}
    exec(compile(code, "exported.py", "exec"), names)
    return names


def assert_builds(design: Design) -> None:
    """Run the code and compare with the design's own model; weights are counted, not made."""
    import keras

    graph = analyze(design).graph
    with keras.StatelessScope(initialize_variables=False):
        built = run(python_code(design))["build_model"]()
        expected = build_model(graph, design.name)
    assert built.name == expected.name
    failed = [check for check in structure_checks(graph, expected, built) if not check.passed]
    assert not failed


@pytest.mark.parametrize("name", SHOWN)
def test_the_code_is_the_golden_code(name: str, update_golden: bool) -> None:
    file, code = GOLDEN / f"{name}.py", python_code(SHOWN[name]())
    if update_golden:
        file.write_text(code, encoding="utf-8")
    assert code == file.read_text(encoding="utf-8")


@pytest.mark.keras
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_code_builds_the_design(name: str) -> None:
    assert_builds(EXAMPLES[name]())


@pytest.mark.keras
@pytest.mark.parametrize("name", templates())
def test_the_code_of_every_template_builds_it(name: str) -> None:
    assert_builds(template(name))


@pytest.mark.keras
@given(designs())
@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=HealthCheck)
def test_the_code_of_any_design_builds_it(design: Design) -> None:
    assume(analyze(design).graph.outputs)
    assert_builds(design)


def test_a_formatter_and_a_linter_leave_the_code_as_it_is(tmp_path: Path) -> None:
    every = {**SHOWN, **{name: partial(template, name) for name in templates()}, **SPECIAL}
    for name, draw in every.items():
        (tmp_path / f"{name}.py").write_text(python_code(draw()), encoding="utf-8")
    for words in (["format", "--check", "--diff"], ["check", "--select", "E,F,W,I,B,UP,SIM"]):
        command = [sys.executable, "-m", "ruff", *words, "--isolated", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


@pytest.mark.keras
def test_the_code_runs_alone_and_prints_the_summary(tmp_path: Path) -> None:
    file = tmp_path / "vgg.py"
    file.write_text(python_code(EXAMPLES["vgg"]()), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", str(file)], cwd=tmp_path, capture_output=True, text=True
    )
    assert "Total params: 3,005" in done.stdout, done.stderr


@pytest.mark.parametrize("name", SHOWN)
def test_the_code_imports_keras_alone_and_has_no_trace_of_us(name: str) -> None:
    code = python_code(SHOWN[name]())
    imported = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Import)]
    imported += [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)]
    assert [ast.unparse(node) for node in imported] == ["import keras", "from keras import layers"]
    assert "blockwright" not in code.lower()


def test_blocks_of_one_structure_are_one_function_and_its_arguments_are_what_differs() -> None:
    code = python_code(template("tutorial_vgg3"))
    assert code.count("\ndef ") == 2
    assert "def vgg_block(x, filters, convolutions, kernel_size, name):" in code
    assert "for i in range(convolutions):" in code


def test_a_value_that_varies_without_a_formula_becomes_an_argument() -> None:
    fork = BLOCKS["MaxPoolFork"]
    design = Design().add("photo", BLOCKS["Image"](8, 8, 3))
    design = design.add("a", fork(filters=5, kernel_size=3), "photo")
    design = design.add("b", fork(filters=9, kernel_size=3), "a")
    code = python_code(design)
    assert "max_pool_fork(x, filters, kernel_size, subsample, widen_padding, name)" in code
    assert 'subsample=1, widen_padding=4, name="b"' in code


def test_repeated_blocks_are_a_loop() -> None:
    code = python_code(EXAMPLES["residual"]())
    assert "    for i in range(1, 5):\n        x = residual_bottleneck(" in code
    assert 'name=f"stage_{i}"' in code
    assert "    for i in range(2, 4):\n        x = residual_pre_activation(" in code


def test_names_given_by_hand_that_follow_a_scheme_are_written_as_one() -> None:
    code = python_code(template("resnet50_signs"))
    assert 'name=f"bn{name}_branch2a"' in code
    assert 'for letter in "bcdef":\n        x = residual(x' in code
    assert 'name=f"4{letter}")' in code
    assert 'stride=2, name="4a")' in code
    assert len(code.splitlines()) < 110


@pytest.mark.parametrize(
    ("words", "loop"),
    [
        (("4b", "4c"), ('for letter in "bc"', "4{letter}")),
        (("8_x", "9_x", "10_x"), ("for i in range(8, 11)", "{i}_x")),
        (("b10", "b11"), ("for i in range(10, 12)", "b{i}")),
        (("b1", "b3"), ('for letter in "13"', "b{letter}")),
        (("one", "two"), None),
        (("b01", "b02", "b10"), None),
    ],
)
def test_a_loop_is_one_that_a_person_would_write(words: tuple[str, ...], loop: Any) -> None:
    found = loop_over(words)
    assert found == loop
    if found:
        head, text = found
        line = f"[f'{text}' {head}]"
        assert eval(line) == list(words)


@pytest.mark.keras
def test_names_that_follow_no_scheme_or_could_be_code_are_given_one_by_one() -> None:
    for names in (("left", "right"), ("{0}a", "{0}b"), ("a'\"b", "a'\"c")):
        design = Design("odd").add("photo", Image(8, 8, 3))
        last = "photo"
        for index, name in enumerate(names):
            given = {"conv1": name, "conv2": f"{index}_{name}"}
            block = Residual(3)
            design = design.add(f"block{index}", block, last, layer_names=given)
            last = f"block{index}"
        if not analyze(design).errors:
            assert "names[" in python_code(design)
            assert_builds(design)


def test_a_number_in_several_places_and_sizes_are_constants_at_the_top() -> None:
    code = python_code(template("densenet121", height=64, width=64, classes=10))
    before = code.partition("\n\n\ndef ")[0]
    assert before.endswith("INPUT_SHAPE = (64, 64, 3)\nCLASSES = 10\nEPSILON = 1.001e-05")
    assert code.count("EPSILON") == 6
    assert "1.001e-05" not in code.replace(before, "")


def test_inputs_and_heads_that_differ_have_a_constant_each() -> None:
    code = python_code(EXAMPLES["branches"]())
    assert "INPUT_SHAPE = (8, 8, 2)\nCOARSE_CLASSES = 2\nFINE_CLASSES = 6\n" in code
    design = Design("x").add("EPSILON", Image(8, 8, 3)).add("classes", Image(4, 4, 3))
    sizes = python_code(design.add("a", BLOCKS["Conv"](4), "EPSILON"))
    assert "EPSILON_SHAPE = (8, 8, 3)\nCLASSES_SHAPE = (4, 4, 3)\n" in sizes


def test_a_constant_of_a_head_does_not_say_classes_twice() -> None:
    assert "\nSIDE_CLASSES = 2\nCLASSES = 3\n" in python_code(EXAMPLES["own"]())


def test_a_layer_called_several_times_is_held_under_its_own_name() -> None:
    code = python_code(shared_encoder())
    assert '    encoder = layers.Conv2D(4, (3, 1), name="encoder")\n' in code
    assert "    encoder_left = encoder(left)\n" in code


def test_a_layer_inside_another_is_written_as_layers_are() -> None:
    assert "    layers.Conv2D(2, 3, kernel_regularizer=" in python_code(wrapped())


def test_what_tells_variants_apart_is_a_layer_that_does_something() -> None:
    code = python_code(template("xception"))
    assert "def xception_module_separable3(x, filters, name):" in code


def test_no_function_takes_an_argument_that_it_does_not_use() -> None:
    for function in ast.walk(ast.parse(python_code(EXAMPLES["vgg"]()))):
        if isinstance(function, ast.FunctionDef):
            read = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
            assert {argument.arg for argument in function.args.args} <= read


def test_long_lists_of_outputs_and_of_variables_keep_to_the_width_of_a_line() -> None:
    design = Design("wide").add("photo", Image(8, 8, 3))
    names = [f"a_convolution_with_a_long_name_{place}" for place in range(4)]
    for name in names:
        design = design.add(name, BLOCKS["Conv"](2), "photo")
    packed, _inverse = design.apply(pack(design, names, "Wide"))
    for code in (python_code(design), python_code(packed)):
        assert max(map(len, code.splitlines())) <= 88
        ast.parse(code)


@pytest.mark.keras
@pytest.mark.parametrize("word", ["EPSILON", "CLASSES", "INPUT_SHAPE"])
def test_a_block_may_be_called_as_a_constant_is(word: str) -> None:
    norm = BLOCKS["BatchNorm"](epsilon=0.01)
    design = Design(word).add("photo", Image(8, 8, 3)).add("one", norm, "photo")
    design = design.add(word, norm, "one").add("more", BLOCKS["Conv"](3), word)
    design = design.add("both", BLOCKS["Add"](), [word, "more"])
    assert_builds(design.add("end", BLOCKS["Classifier"](3), "both"))


def test_the_docstring_cites_the_architecture() -> None:
    code = python_code(template("tutorial_inception"))
    assert '"""Inception (Szegedy et al. 2014, fig. 2b).' in code
    vgg = template("vgg16", height=64, width=64, classes=10)
    cited = '"""VGG-16 (Simonyan & Zisserman 2014, table 1, column D): '
    assert python_code(vgg).startswith(cited)
    (changed, _) = vgg.apply({"nodes": {vgg.node("fc1").id: {"params": {"units": 4095}}}})
    assert python_code(changed).startswith('"""Convolutional network vgg16: ')


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("VGGBlock", "vgg_block"),
        ("ConvNeXtBlock", "convnext_block"),
        ("UNetStep", "unet_step"),
        ("MaxPoolFork", "max_pool_fork"),
        ("Conv", "conv"),
        ("own_name", "own_name"),
    ],
)
def test_a_function_is_called_as_its_block_in_lower_case(name: str, word: str) -> None:
    assert snake(name) == word


@pytest.mark.keras
@pytest.mark.parametrize("name", EXAMPLES)
def test_weights_go_both_ways_by_order_and_by_name(name: str, tmp_path: Path) -> None:
    design = EXAMPLES[name]()
    ours, theirs = to_keras(design), run(python_code(design))["build_model"]()
    for source, target in ((ours, theirs), (theirs, ours)):
        _disturb(source)
        source.save_weights(tmp_path / "it.weights.h5")
        target.load_weights(tmp_path / "it.weights.h5")
        assert _same_weights(source, target)
        _disturb(source)
        for layer in source.layers:
            target.get_layer(layer.name).set_weights(layer.get_weights())
        assert _same_weights(source, target)


def _disturb(model: Any) -> None:
    random = np.random.default_rng(0)
    for weight in model.weights:
        weight.assign(weight + random.uniform(0.5, 1.5, weight.shape))


def _same_weights(one: Any, other: Any) -> bool:
    pairs = zip(one.get_weights(), other.get_weights(), strict=True)
    return all(np.array_equal(a, b) for a, b in pairs)


NAMES = ("keras", "layers", "x", "y", "i", "name", "range", "vgg_block", "build_model", "class_")
PAYLOADS = (
    '"""\nimport os\nos.abort()\n"""',
    "'; __import__('os').abort() #",
    '{__import__("os").abort()}',
    "\\",
    '\\"""',
    "a\nb\r\u2028\u202e\x00",
    "\U0001f600 é",
    "%s %(x)s {0}",
)


@pytest.mark.keras
@pytest.mark.parametrize("name", NAMES)
def test_names_that_mean_something_in_python_are_safe_names_of_blocks(name: str) -> None:
    design = Design(name).add("photo", BLOCKS["Image"](8, 8, 3))
    design = design.add(name, BLOCKS["VGGBlock"](filters=2), "photo", repeat=2)
    design = design.add("last", BLOCKS["VGGBlock"](filters=3), name)
    design = design.add("other", BLOCKS["Flatten"](), name)
    assert_builds(design)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_typed_by_a_person_becomes_code(payload: str) -> None:
    design, typed = EXAMPLES["named"](), {"conv1": payload, "conv2": f"{payload}2", "add": "add"}
    patch = {
        "name": payload,
        "nodes": {
            node.id: {"note": payload, "layer_names": typed if node.name == "res" else {}}
            for node in design.nodes.values()
        },
    }
    changed, _ = design.apply(patch)
    harmless = {"layer_names": {"conv1": "p", "conv2": "q", "add": "add"}}
    plain, _ = changed.apply({"name": "m", "nodes": {design.node("res").id: harmless}})
    assert list(skeleton(python_code(changed))) == list(skeleton(python_code(plain)))


def skeleton(code: str) -> Iterator[str]:
    """Yield the syntax of a module without the words in its strings."""
    assert code.isascii()
    for node in ast.walk(ast.parse(code)):
        yield type(node).__name__
        if isinstance(node, ast.Name):
            yield node.id
