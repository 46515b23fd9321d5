"""Exports that are read by other programs: Mermaid, LaTeX, Jupyter."""

import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from blocks import BLOCKS, Design, analyze, export, template
from blocks.exports.mermaid import escaped

HOSTILE = '\\input{/etc/passwd} %$#&_^~{}[] "]:::x --> y; <script>`x`'


def exported(design: Design, format: str) -> str:
    text = export(design, format)
    assert isinstance(text, str)
    return text


def two_heads() -> Design:
    """A network with two outputs, one of them a number."""
    image, conv, classes = (BLOCKS[name] for name in ("Image", "Conv", "Classifier"))
    return (
        Design(HOSTILE)
        .add("photo", image(height=16, width=16, channels=3))
        .add("conv", conv(filters=4), after="photo")
        .add("kind", classes(classes=3), after="conv")
        .add("flat", BLOCKS["Flatten"](), after="conv")
        .add("age", BLOCKS["Dense"](units=1, activation="linear"), after="flat")
    )


@pytest.mark.parametrize("name", ["googlenet_aux", "unet", "max_pool_fork"])
def test_a_flowchart_has_a_box_per_block_and_an_arrow_per_link(name: str) -> None:
    design = template(name)
    lines = exported(design, "mermaid").splitlines()
    assert lines[0] == "flowchart TD"
    boxes = dict(re.findall(r'^    (\w+)\["([^<"]*)', "\n".join(lines), re.M))
    arrows = [re.fullmatch(r"    (\w+) --> (\w+)", line) for line in lines if "-->" in line]
    named = sorted((boxes[arrow[1]], boxes[arrow[2]]) for arrow in arrows if arrow)
    names = {node.id: node.name for node in design.nodes.values()}
    links = design.links.values()
    assert named == sorted((names[link.source], names[link.target]) for link in links)
    assert sorted(boxes.values()) == sorted(names.values())


def test_a_half_drawn_design_has_its_flowchart() -> None:
    assert '["conv<br/>Convolution"]' in exported(
        Design().add("conv", BLOCKS["Conv"](filters=0)), "mermaid"
    )


def test_the_figure_has_a_node_per_block_and_an_arrow_per_link() -> None:
    design = template("unet")
    text = exported(design, "tikz")
    assert len(re.findall(r"\\node\[block", text)) == len(design.nodes)
    assert len(re.findall(r"\\draw\[arrow\]", text)) == len(design.links)
    places = re.findall(r"\\node.* at \(([-\d.]+), ([-\d.]+)\)", text)
    assert len(set(places)) == len(design.nodes)
    used = set(re.findall(r"fill=(\w+)!", text))
    assert used == set(re.findall(r"\\definecolor\{(\w+)\}", text))


def test_the_latex_table_has_every_number_of_the_analysis() -> None:
    report = analyze(template("googlenet_aux"))
    lines = [
        line
        for line in exported(template("googlenet_aux"), "table_tex").splitlines()
        if "&" in line
    ]
    rows = [[cell.strip() for cell in line.removesuffix("\\\\").split("&")] for line in lines[1:]]
    assert [row[0].replace("\\_", "_") for row in rows[:-1]] == [row.name for row in report.layers]
    assert [row[3] for row in rows[:-1]] == [f"{layer.params:,}" for layer in report.layers]
    assert [rows[-1][3], rows[-1][4]] == [f"{report.total:,}", f"{report.macs:,}"]


def test_no_text_becomes_a_command_of_latex() -> None:
    design = two_heads()
    patch = {"nodes": {design.node("kind").id: {"layer_names": {"": HOSTILE[:60]}}}}
    lines = exported(design.apply(patch)[0], "table_tex").splitlines()
    (line,) = [line for line in lines if "passwd" in line]
    harmless = r"\\text\w+\{\}|\\[{}$&#%_]|\{[\[\]`'-]\}"
    cells = re.sub(harmless, "", line.removesuffix(r"\\")).split(" & ")
    assert len(cells) == 5
    assert not re.search(r"[\\{}$&#^~%_]", "".join(cells))


def test_no_title_becomes_a_sign_of_mermaid() -> None:
    assert not re.search(r'["\[\]<>`{}|:]', escaped(HOSTILE))
    assert re.sub(r"#(\d+);", lambda code: chr(int(code[1])), escaped(HOSTILE)) == HOSTILE


def test_a_notebook_is_one_that_jupyter_takes() -> None:
    notebook = nbformat.reads(exported(two_heads(), "notebook"), as_version=4)
    nbformat.validate(notebook)
    assert [cell.cell_type for cell in notebook.cells] == [
        "markdown",
        "code",
        "code",
        "markdown",
        "code",
    ]


@pytest.mark.keras
@pytest.mark.parametrize("design", [two_heads(), template("digits")], ids=["two heads", "digits"])
def test_every_cell_of_a_notebook_runs(design: Design, tmp_path: Path) -> None:
    cells = json.loads(exported(design, "notebook"))["cells"]
    code = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    script = tmp_path / "cells.py"
    script.write_text(code + '\nprint("parameters:", model.count_params())\n', encoding="utf-8")
    run = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert run.returncode == 0, run.stderr[-2_000:]
    assert f"parameters: {analyze(design).total}" in run.stdout
