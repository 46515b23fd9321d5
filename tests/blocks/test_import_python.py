"""Exported Python code comes back, and so does what people change in it by hand."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings

from blocks import Block, Design, Image, ReadError, analyze, python_code, read, template, templates
from blocks.imports.architecture import design_of
from blocks.imports.python.allowed import check
from blocks.imports.python.evaluating import Evaluator
from blocks.imports.python.parsing import module_of
from tests.blocks.example_designs import EXAMPLES
from tests.blocks.test_against_keras import designs
from tests.blocks.test_import_round_trip import frozen, rows, shared_encoder, tapped, wrapped
from tests.blocks.test_presets import EVERY_PRESET, STAGES, homework


def back(code: str) -> Design:
    """Read code in this process; `read` does the same in a child."""
    module = module_of(code)
    check(module)
    return design_of(json.loads(json.dumps(Evaluator().model_of(module))), drawn=True)


def assert_comes_back(design: Design) -> Design:
    found = back(python_code(design))
    assert analyze(found).graph.hash == analyze(design).graph.hash
    assert rows(found) == rows(design)
    assert not analyze(found).errors
    return found


@pytest.mark.parametrize("name", templates())
def test_the_code_of_every_template_comes_back(name: str) -> None:
    assert_comes_back(template(name))


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_code_of_every_structure_comes_back(name: str) -> None:
    assert_comes_back(EXAMPLES[name]())


@pytest.mark.parametrize("draw", [shared_encoder, tapped, wrapped, frozen])
def test_what_is_special_in_a_design_comes_back(draw: Callable[[], Design]) -> None:
    found = assert_comes_back(draw())
    assert {node.name for node in found.nodes.values() if node.frozen} == {
        node.name for node in draw().nodes.values() if node.frozen
    }


@given(designs())
@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=HealthCheck)
def test_the_code_of_any_design_comes_back(design: Design) -> None:
    assume(analyze(design).graph.outputs)
    assert_comes_back(design)


@pytest.mark.parametrize(("block", "preset"), EVERY_PRESET)
def test_the_code_of_every_preset_comes_back(block: type[Block], preset: str) -> None:
    made = block.preset(preset)
    channels = made.values().get("filters", 16)  # an identity shortcut keeps them
    design = Design("preset").add("photo", Image(32, 32, channels)).add("it", made, "photo")
    assert not analyze(design).errors
    assert_comes_back(design)


@pytest.mark.parametrize(("stage", "letters", "stride", "inner"), STAGES)
def test_a_stage_whose_first_block_differs_comes_back(
    stage: int, letters: str, stride: int, inner: int | None
) -> None:
    assert_comes_back(homework(stage, letters, stride, inner))


@pytest.mark.parametrize("name", ["tutorial_residual", "lesson_plain", "ecg_rajpurkar"])
def test_what_comes_back_is_written_as_code_that_comes_back(name: str) -> None:
    once = assert_comes_back(template(name))
    assert_comes_back(once)


def test_a_file_is_read_by_its_path_and_by_the_command_line(tmp_path: Path) -> None:
    file, design = tmp_path / "net.py", template("tutorial_inception")
    file.write_text(python_code(design), encoding="utf-8")
    found = read(file)
    assert analyze(found).graph.hash == analyze(design).graph.hash
    assert found.name == design.name
    target = tmp_path / "design.json"
    command = [sys.executable, "-m", "blocks", "import", str(file), "-o", str(target)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert analyze(read(target)).graph.hash == analyze(design).graph.hash
    with pytest.raises(ReadError, match=r"weights come along from a \.keras or an \.h5 file only"):
        read(file, weights=True)


VGG = python_code(EXAMPLES["vgg"]())


def edited(old: str, new: str) -> Design:
    assert old in VGG
    return back(VGG.replace(old, new))


def test_a_number_changed_by_hand_is_read() -> None:
    found = edited("filters=4,", "filters=6,")
    assert analyze(found).graph["low_conv1"].config["filters"] == 6


def test_an_activation_changed_by_hand_is_read() -> None:
    found = edited('activation="softmax"', 'activation="sigmoid"')
    assert analyze(found).graph["classes"].config["activation"] == "sigmoid"


def test_a_constant_a_comment_and_another_layout_are_read() -> None:
    code = VGG.replace("filters=4,", "filters=WIDTH // 2,\n        # narrow\n")
    code = code.replace("\n\n\ndef", "\n\nWIDTH = 2 * 4\n\n\ndef", 1).replace('"', "'")
    assert analyze(back(code)).graph.hash == analyze(EXAMPLES["vgg"]()).graph.hash


def test_a_layer_added_by_hand_is_read_and_named_as_keras_does() -> None:
    line = "    x = layers.Flatten("
    assert line in VGG
    found = back(VGG.replace(line, f"    x = layers.Dropout(0.5)(x)\n{line}"))
    assert analyze(found).graph["dropout"].config == {"rate": 0.5}
    assert rows(found).keys() == rows(EXAMPLES["vgg"]()).keys() | {"dropout"}


def test_a_layer_that_leads_nowhere_is_left_out_as_keras_leaves_it_out() -> None:
    line = "    x = layers.Flatten("
    found = back(VGG.replace(line, f'    y = layers.Dropout(0.5, name="lost")(x)\n{line}'))
    assert "lost" not in rows(found)
