"""Exported PyTorch code: what it says, that it computes what Keras does, and what is refused."""

import ast
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, find, given, settings

import blocks.exports.torch
from blocks import (
    BLOCKS,
    Design,
    ExportError,
    Image,
    analyze,
    export_proven,
    formats,
    pack,
    prove,
    template,
    templates,
    torch_code,
)
from blocks.exports.torch_code.names import IN_EVERY_MODULE
from blocks.jobs import run_job
from tests.blocks.example_designs import EXAMPLES, packed
from tests.blocks.random_own_blocks import own_designs
from tests.blocks.test_against_keras import designs
from tests.blocks.test_exports_python import NAMES, PAYLOADS, skeleton

GOLDEN = Path(__file__).parents[1] / "golden/torch"
DRAWN = ("tutorial_vgg3", "densenet121", "resnet50", "max_pool_fork", "unet", "xception")
SHOWN = {name: partial(template, name) for name in DRAWN} | {"nested": EXAMPLES["nested"]}
SMALL = ("digits", "lenet5")


def in_child(function: str, payload: dict[str, Any]) -> dict[str, Any]:
    """Run a function of `torch_work` in a process of its own; this one never loads PyTorch."""
    place = f"tests.blocks.torch_work:{function}"
    return run_job(place, payload, seconds=1_200, memory_bytes=12_000_000_000)


def findings(several: Sequence[Design]) -> list[list[str]]:
    return in_child("compare", {"designs": [one.to_json() for one in several]})["findings"]


@pytest.mark.parametrize("name", SHOWN)
def test_the_code_is_the_golden_code(name: str, update_golden: bool) -> None:
    file, code = GOLDEN / f"{name}.py", torch_code(SHOWN[name]())
    if update_golden:
        file.write_text(code, encoding="utf-8")
    assert code == file.read_text(encoding="utf-8")


def test_a_formatter_and_a_linter_leave_the_code_as_it_is(tmp_path: Path) -> None:
    for name in templates():
        (tmp_path / f"{name}.py").write_text(torch_code(template(name)), encoding="utf-8")
    for name, example in EXAMPLES.items():
        (tmp_path / f"example_{name}.py").write_text(torch_code(example()), encoding="utf-8")
    rules = ["check", "--select", "E,F,W,I,B,UP,SIM"]
    for words in (["format", "--check", "--diff"], rules):
        command = [sys.executable, "-m", "ruff", *words, "--isolated", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", templates())
def test_the_code_imports_what_it_uses_of_pytorch_and_has_no_trace_of_us(name: str) -> None:
    code = torch_code(template(name))
    tree = ast.parse(code)
    imported = [n for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom)]
    allowed = {"import torch", "import torch.nn.functional as F", "from torch import nn"}
    assert {ast.unparse(node) for node in imported} <= allowed
    assert "blockwright" not in code.lower()


def test_classes_that_differ_in_one_layer_are_told_apart_by_a_word() -> None:
    defined = ast.walk(ast.parse(torch_code(template("ecg_rajpurkar"))))
    names = {node.name for node in defined if isinstance(node, ast.ClassDef)}
    assert {"MaxPoolFork", "MaxPoolForkFirst", "MaxPoolForkSame", "MaxPoolForkWiden"} <= names
    assert not [name for name in names if "_" in name]


@pytest.mark.keras
def test_every_template_has_the_parameters_and_the_shapes_that_were_drawn() -> None:
    reports = [analyze(template(name)) for name in templates()]
    closed = [[closed_shape(r.graph[i].shape) for i in r.graph.inputs] for r in reports]
    codes = [torch_code(template(name)) for name in templates()]
    rows = in_child("build", {"codes": list(zip(codes, closed, strict=True))})["rows"]
    for name, report, row in zip(templates(), reports, rows, strict=True):
        assert (row["trainable"], row["total"]) == (report.trainable, report.total), name
        if not any(None in report.graph[end].shape for end in report.graph.outputs):
            drawn = [list(report.graph[end].shape) for end in report.graph.outputs]
            assert row["shapes"] == drawn, name


def closed_shape(shape: Sequence[int | None]) -> list[int]:
    return [axis or 64 for axis in shape]


def looped() -> Design:
    """Return a design with an own block that loops over layers and gives what its loop read too."""
    design = Design("looped").add("photo", Image(8, 8, 3))
    design = design.add("side", BLOCKS["Dropout"](), "photo")
    design = design.add("both", BLOCKS["Concatenate"](), ["side", "photo"])
    deep = BLOCKS["VGGBlock"](filters=3, convolutions=2, batch_norm=True, pool=False)
    design = design.add("deep", deep, "both")
    design = design.add("late", BLOCKS["Activation"](), "photo")
    for name in ("side", "both", "deep", "late"):
        design = design.add(f"after_{name}", BLOCKS["Conv"](2), name)
    return design.apply(pack(design, ["side", "both", "deep", "late"], "Forked"))[0]


def partly_frozen() -> Design:
    """Return a design with an own block of which one block inside is not trained."""
    design = Design("frozen").add("photo", Image(8, 8, 3))
    low = BLOCKS["VGGBlock"](filters=3, convolutions=2, batch_norm=True)
    design = design.add("low", low, "photo", frozen=True).add("high", low, "low")
    return design.apply(pack(design, ["low", "high"], "Both"))[0]


def test_an_activation_after_a_repeated_layer_inside_an_own_block_leaves_its_loop_whole() -> None:
    design = Design("end").add("photo", Image(8, 8, 4))
    design = design.add("conv", BLOCKS["Conv"](filters=4, activation="linear"), "photo")
    design = design.add("act", BLOCKS["Activation"](), "conv")
    design, _inverse = design.apply({"nodes": {"conv": {"repeat": 4}}})
    code = torch_code(packed(design, ["conv", "act"], "unit"))
    assert code.count("nn.Conv2d(") == 1
    assert "            x = conv(x)\n        return F.relu(x)" in code


def test_a_block_inside_an_own_block_is_frozen_where_it_is_made() -> None:
    code = torch_code(partly_frozen())
    assert code.count("class VGGBlock(nn.Module)") == code.count("class VGGBlock") == 1
    assert code.count("requires_grad_") == 1
    assert "        self.low.requires_grad_(False)\n        self.high" in code


def test_a_loop_over_what_has_no_weights_is_counted() -> None:
    design = Design("rounds").add("photo", Image(8, 8, 3))
    design = design.add("stem", BLOCKS["Conv"](filters=3), "photo")
    design = design.add("again", BLOCKS["Activation"]("elu"), "stem", repeat=3)
    code = torch_code(packed(design, ["stem", "again"], "rounds"))
    assert "        for _ in range(3):\n            x = F.elu(x)" in code


@given(own_designs())
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=HealthCheck)
def test_no_layer_of_a_loop_is_lost_to_a_variable_of_its_name(design: Design) -> None:
    assume(analyze(design).graph.outputs and not analyze(design).errors)
    assert not lost(torch_code(design))


def lost(code: str) -> set[str]:
    """Return the variables of loops that are assigned again in their bodies."""
    found: set[str] = set()
    for loop in ast.walk(ast.parse(code)):
        if isinstance(loop, ast.For):
            turning = {node.id for node in ast.walk(loop.target) if isinstance(node, ast.Name)}
            inside = [node for line in loop.body for node in ast.walk(line)]
            names = [node for node in inside if isinstance(node, ast.Name)]
            found |= turning & {node.id for node in names if isinstance(node.ctx, ast.Store)}
    return found


@pytest.mark.keras
def test_small_templates_and_every_example_compute_what_keras_does() -> None:
    assert not lost(torch_code(looped()))
    named = {name: template(name) for name in SMALL} | {"looped": looped()}
    named |= {name: example() for name, example in EXAMPLES.items()}
    named["frozen inside"] = partly_frozen()
    found = dict(zip(named, findings(list(named.values())), strict=True))
    assert not {name: wrong for name, wrong in found.items() if wrong}


@pytest.mark.keras
def test_drawn_designs_compute_what_keras_does() -> None:
    drawn: list[Design] = []

    def keep(design: Design) -> bool:
        graph = analyze(design).graph
        if graph.outputs and not any(None in graph[name].shape for name in graph.inputs):
            drawn.append(design)
        return len(drawn) >= 12

    once = settings(max_examples=400, derandomize=True, deadline=None, database=None)
    find(designs(), keep, settings=settings(once, suppress_health_check=HealthCheck))
    wrong = [found for found in findings(drawn) if found]
    assert not wrong, wrong[0]


@pytest.mark.keras
def test_pytorch_has_no_names_that_a_layer_could_take_from_a_module() -> None:
    code = torch_code(EXAMPLES["vgg"]())
    assert set(in_child("module_names", {"code": code})["names"]) <= set(IN_EVERY_MODULE.split())


@pytest.mark.keras
def test_frozen_blocks_keep_their_statistics_in_training() -> None:
    design = Design("frozen").add("photo", Image(8, 8, 3))
    block = BLOCKS["Conv"](filters=4, batch_norm=True)
    design = design.add("kept", block, "photo", frozen=True).add("trained", block, "kept")
    found = in_child("module_names", {"code": torch_code(design)})
    assert found["training"] == [False, True]
    assert "kept.conv.weight" in found["state"]


@pytest.mark.keras
def test_names_that_mean_something_in_pytorch_are_safe_names_of_blocks() -> None:
    drawn = []
    for name in (*NAMES, "forward", "train", "_modules", "self", "F", "nn", "torch", "Network"):
        design = Design(name).add("photo", Image(8, 8, 3))
        design = design.add(name, BLOCKS["VGGBlock"](filters=2), "photo", repeat=2)
        design = design.add("last", BLOCKS["VGGBlock"](filters=3), name)
        drawn.append(design.add("other", BLOCKS["Flatten"](), name))
    codes = [(torch_code(design), [(8, 8, 3)]) for design in drawn]
    rows = in_child("build", {"codes": codes})["rows"]
    assert [row["total"] for row in rows] == [analyze(design).total for design in drawn]


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
    plain, _ = changed.apply(
        {"name": "m", "nodes": {node.id: {"layer_names": {}} for node in design.nodes.values()}}
    )
    assert list(skeleton(torch_code(changed))) == list(skeleton(torch_code(plain)))


def test_without_pytorch_the_export_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks.exports.torch, "find_spec", lambda name: None)
    with pytest.raises(ExportError, match="PyTorch is not installed here; install it with pip"):
        export_proven(EXAMPLES["vgg"](), "torch", tmp_path / "vgg.py")
    assert not (tmp_path / "vgg.py").exists()
    assert "torch" in formats()


@pytest.mark.keras
def test_code_that_computes_something_else_is_not_the_design(tmp_path: Path) -> None:
    design, file = EXAMPLES["residual"](), tmp_path / "residual.py"
    code = torch_code(design)
    assert "eps=EPS" in code
    file.write_text(code.replace("eps=EPS", "eps=0.1"), encoding="utf-8")
    receipt = prove(design, file)
    assert receipt.format == "torch"
    assert "torch" in receipt.versions
    wrong = [check.name for check in receipt.checks if not check.passed]
    assert wrong == ["outputs", "outputs of random weights"]
