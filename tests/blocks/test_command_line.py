"""The command line is a contract: 0 when it worked, 2 and a sentence when not, no traceback."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from blocks import Conv, Design, Image, template
from blocks.__main__ import main

ROOT = Path(__file__).parent.parent.parent


def run(*arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "blocks", *arguments],
        cwd=ROOT,
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )


def test_templates_lists_ids_with_title_parameters_macs_and_source() -> None:
    done = run("templates", "--json")
    rows = {row["id"]: row for row in json.loads(done.stdout)}
    assert done.returncode == 0
    assert rows["tutorial_vgg"]["params"] == 38_720
    assert set(rows["max_pool_fork"]) == {"id", "title", "params", "macs", "source"}


def test_summary_prints_the_table_of_a_template(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["summary", "tutorial_vgg"]) == 0
    out = capsys.readouterr().out
    assert "vgg_block_1_conv2  Conv2D        256x256x64" in out
    assert "38,720 parameters" in out


def test_summary_as_json_has_every_field_of_the_contract(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["summary", "tutorial_residual", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert set(data) == {
        *("name", "total", "trainable", "non_trainable", "macs", "activation_bytes"),
        *("layers", "problems"),
    }
    assert data["layers"][1] == {
        "name": "residual_1_conv1",
        "kind": "Conv2D",
        "inputs": ["image_1"],
        "shape": [256, 256, 64],
        "params": 1_792,
        "macs": 113_246_208,
        "node": "residual_1",
    }


def test_summary_reads_a_design_from_standard_input() -> None:
    text = json.dumps(template("tutorial_vgg").to_json())
    done = run("summary", "-", "--json", text=text)
    assert json.loads(done.stdout)["total"] == 38_720


def test_summary_of_a_half_drawn_design_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "half.json"
    path.write_text(json.dumps(Design("half").add("conv_1", Conv(filters=0)).to_json()))
    done = run("summary", str(path), "--json")
    assert done.returncode == 0
    assert [problem["node"] for problem in json.loads(done.stdout)["problems"]] == ["conv_1"] * 2


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["summary"],
        ["summary", "no_such_thing"],
        ["summary", "."],
        ["summary", "Makefile"],
        ["diagram", "tutorial_vgg", "-o", "diagram.exe"],
        ["diagram", "tutorial_vgg"],
        ["export", "tutorial_vgg", "--format", "cobol", "-o", "x"],
        ["export", "no_such_thing", "--format", "python", "-o", "x"],
        ["import", "tutorial_vgg", "-o", "no/such/folder/design.json"],
        ["prove", "tutorial_vgg", "no_such_file.h5"],
        ["train", "tutorial_vgg", "--data", "digits", "--epochs", "many", "--run", "r"],
    ],
)
def test_a_wrong_call_is_one_sentence_and_exit_2(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
    assert not done.stdout


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"format": "blockwright"}', "\x00"])
def test_standard_input_that_is_no_design_is_one_sentence_and_exit_2(text: str) -> None:
    done = run("summary", "-", text=text)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1


def test_export_refuses_a_half_drawn_design_with_all_its_problems(tmp_path: Path) -> None:
    design = Design("half").add("photo", Image()).add("a", Conv(filters=0), "photo")
    design = design.add("b", Conv(stride=-1), "photo")
    path = tmp_path / "half.json"
    path.write_text(json.dumps(design.to_json()))
    done = run("export", str(path), "--format", "python", "-o", str(tmp_path / "half.py"))
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 2
    assert not (tmp_path / "half.py").exists()


def test_import_writes_a_design_file_that_reads_back(tmp_path: Path) -> None:
    out = tmp_path / "design.json"
    assert run("import", "tutorial_inception", "-o", str(out)).returncode == 0
    assert run("summary", str(out)).stdout == run("summary", "tutorial_inception").stdout
