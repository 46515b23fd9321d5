"""Names that mean something to exported code: of designs, blocks, own blocks and parameters."""

import ast
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from blocks import (
    BLOCKS,
    Design,
    Image,
    analyze,
    export,
    export_proven,
    pack,
    python_code,
    torch_code,
    training_script,
)
from blocks.keras_model import build_model
from blocks.own import is_parameter_name
from blocks.proof.structure import structure_checks
from blocks.training.unstarted import unstarted
from tests.blocks.test_exports_torch import in_child
from tests.blocks.test_import_python import assert_comes_back

CODE_READS = (
    *("keras", "layers", "range", "x", "x1", "x2", "y", "name", "names", "i", "letter"),
    *("build_model", "self", "torch", "nn", "F", "super", "zip", "strict", "layer", "_"),
    *("forward", "training", "Network", "same_padding", "Conv2dSame", "PadChannels", "f_"),
)
OTHER_CELLS_READ = ("np", "rng", "inputs", "targets", "model", "json", "Any", "main", "mean")
SCRIPTS_READ = ("scaled", "load_data", "fit", "split_rows", "load_digits", "Array", "SEED")
PYTHON_READS = ("print", "object", "type", "match", "case", "value", "args", "kwargs", "__foo")
CLOSE = (
    "X",
    "Class",
    "IF",
    "Layers",
    "CLASSES",
    "EPSILON",
    "INPUT_SHAPE",
    "x_",
    "_1",
    "in_channels",
)
WORDS = (*CODE_READS, *OTHER_CELLS_READ, *SCRIPTS_READ, *PYTHON_READS, *CLOSE)
LOOKALIKE = "".join(chr(ord(char) + 0xFEE0) for char in "layers")  # Python reads it as layers


Named = tuple[str, str, Sequence[str]]
"""What an own block, its instance and its parameters are called."""


def network(*own: Named) -> Design:
    """Return a design of own blocks in a line.

    Each is a line of convolutions itself, which are called as the parameters that set them.
    """
    design, last = Design(LOOKALIKE).add("photo", Image(8, 8, 1)), "photo"
    for place, (title, _, params) in enumerate(own):
        words = [word for word in params if is_parameter_name(word)]
        for turn, word in enumerate(words):
            block = BLOCKS["Conv"](filters=turn + 2, stride=2 if turn + place == 0 else 1)
            design, last = design.add(word, block, last), word
        exposed = [{"name": w, "targets": [{"node": w, "param": "filters"}]} for w in words]
        last = f"own_{place}"
        design, _ = design.apply(pack(design, words, title, exposed, instance_id=last))
        design, _ = design.apply({"nodes": {last: {"name": last, "repeat": 1 + place % 2}}})
    design = design.add("at_the_end", BLOCKS["Classifier"](classes=10), last)
    called = {f"own_{place}": {"name": name} for place, (_, name, _) in enumerate(own)}
    return design.apply({"nodes": called})[0]


EVERYTHING = network(
    *((title, title, WORDS[place::9]) for place, title in enumerate(WORDS[::3])),
    *((title, title, WORDS[:1]) for title in WORDS[1::3]),
)


def run(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "exported"}
    exec(compile(code, "exported.py", "exec"), names)
    return names


def assert_builds(design: Design, code: str) -> None:
    """Run code and compare what it builds with the design's own model; weights are not made."""
    import keras

    graph = analyze(design).graph
    with keras.StatelessScope(initialize_variables=False):
        built = run(code)["build_model"]()
        expected = build_model(graph, design.name)
    assert not [check for check in structure_checks(graph, expected, built) if not check.passed]


def test_the_design_that_uses_every_word_can_be_built() -> None:
    assert not analyze(EVERYTHING).errors
    assert len(EVERYTHING.definitions) == len(WORDS[::3]) + len(WORDS[1::3])
    code = python_code(EVERYTHING)
    assert code.isascii()
    assert "    layers_," in code


@pytest.mark.keras
@pytest.mark.parametrize("format", ["python", "torch"])
def test_what_is_exported_of_it_runs_and_is_proved(format: str, tmp_path: Path) -> None:
    assert export_proven(EVERYTHING, format, tmp_path / "it.py").passed


@pytest.mark.keras
def test_its_notebook_runs_again_and_again(tmp_path: Path) -> None:
    text = export(EVERYTHING, "notebook")
    assert isinstance(text, str)
    cells = [
        "".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"
    ]
    names: dict[str, Any] = {"__name__": "__main__"}
    cells[-1] = cells[-1].partition("model.compile(")[0]
    for _ in range(2):
        for cell in cells:
            exec(cell, names)
    assert names["inputs"].shape == (64, 8, 8, 1)


@pytest.mark.keras
def test_its_training_script_defines_every_name_once() -> None:
    code = training_script(unstarted(EVERYTHING, "digits"))
    assert_builds(EVERYTHING, code)
    defined = [node.name for node in ast.parse(code).body if isinstance(node, ast.FunctionDef)]
    assert len(defined) == len(set(defined))
    assert {"main", "mean", "scaled"} <= set(defined)


def test_its_code_comes_back() -> None:
    assert_comes_back(EVERYTHING)


words = st.sampled_from(WORDS)
named = st.tuples(words, words, st.lists(words, min_size=2, max_size=5, unique=True))
designs = st.lists(named, min_size=1, max_size=4, unique_by=lambda own: own[1]).map(
    lambda own: network(*own)
)


@pytest.mark.keras
@given(designs)
@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=HealthCheck)
def test_words_in_any_order_build_the_design_and_come_back(design: Design) -> None:
    assert_builds(design, python_code(design))
    assert_comes_back(design)


@pytest.mark.keras
def test_words_in_any_order_are_safe_in_pytorch() -> None:
    drawn: list[Design] = []

    def keep(design: Design) -> bool:
        drawn.append(design)
        return len(drawn) >= 20

    once = settings(max_examples=400, derandomize=True, deadline=None, database=None)
    find(designs, keep, settings=settings(once, suppress_health_check=HealthCheck))
    codes = [(torch_code(design), [(8, 8, 1)]) for design in drawn]
    rows = in_child("build", {"codes": codes})["rows"]
    assert [row["total"] for row in rows] == [analyze(design).total for design in drawn]


def test_a_name_that_only_looks_like_a_word_is_no_name_of_a_block() -> None:
    design = Design().add("photo", Image(8, 8, 1)).add(LOOKALIKE, BLOCKS["Flatten"](), "photo")
    (problem, *_) = analyze(design).errors
    assert "must be" in problem.message
    assert not is_parameter_name(LOOKALIKE)


@pytest.mark.parametrize(
    "name", ["__debug__", "__class__", "__dataclass_builtins_object__", "____"]
)
def test_pythons_own_names_are_no_names_of_parameters(name: str) -> None:
    assert not is_parameter_name(name)
    design = Design().add("photo", Image(8, 8, 1)).add("one", BLOCKS["Conv"](), "photo")
    design, _ = design.apply(pack(design, ["one"], "Block", instance_id="own"))
    (key,) = design.definitions
    hostile = {
        **design.definitions[key],
        "params": [{"name": name, "targets": [{"node": "one", "param": "filters"}]}],
    }
    opened = Design.from_json({**design.to_json(), "definitions": {key: hostile}})
    assert not analyze(opened).errors
