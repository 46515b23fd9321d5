"""Words that people type are words in everything that is exported: nothing of them is ever run."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from blocks import (
    BLOCKS,
    Design,
    DesignError,
    Epoch,
    TrainingSettings,
    analyze,
    export,
    python_code,
    thumbnail,
    training_script,
)
from blocks.exports import format_named
from blocks.training.folders import create
from editor.run_report import report
from editor.run_table import RunFigures

BREAKERS = (
    '"""\n@\n"""',
    "'''\n@\n'''",
    '"); @ #',
    "'); @ #",
    "{@}",
    "{{@}}",
    '\\"""@',
    "\n@\n",
    "\r@\u2028@\x0c@",
    "# @\n    @",
    '" + str(@) + "',
    "' + str(@) + '",
    "\\\n@",
    "\\N{DOLLAR SIGN}@",
    '"]; @; ["',
    "</text></svg>@",
)
DOES = (
    "open('canary','w')",
    "__import__('os').system('touch canary')",
    "eval(\"open('canary','w')\")",
    "[c for c in ().__class__.__base__.__subclasses__()]",
    "print(open('/etc/passwd').read())",
    "<script>canary()</script>",
    "<img src=x onerror=canary()>",
    "<svg onload=canary()>",
    '" onmouseover="canary()',
    "javascript:canary()",
    "\\input{canary}",
    "\\immediate\\write18{touch canary}",
    "click node canary()",
    "%%{init: {'theme': 'canary'}}%%",
    "`touch canary`",
    "$(touch canary)",
)
PAYLOADS = [breaker.replace("@", does) for breaker in BREAKERS for does in DOES]

STAND_IN = """
import json, sys, types

class Anything:
    def __call__(self, *given, **words):
        return self

    def __getattr__(self, name):
        return self

for name in ("keras", "h5py", "pandas"):
    module = types.ModuleType(name)
    module.__getattr__ = lambda name: Anything()
    sys.modules[name] = module
for code in json.load(open(sys.argv[1])):
    names = {"__name__": "exported"}
    exec(compile(code, "exported.py", "exec"), names)
    names["build_model"]()
print("all run")
"""
"""Runs code with a Keras that does nothing, so that only what code itself does can happen."""


def named(payload: str, blocks_too: bool = True) -> Design:
    """A design with a payload in every field that takes words, blocks' names among them or not."""
    text = payload[:200]
    block = text if blocks_too else "typed"
    entry = {
        "name": "filters",
        "targets": [{"node": "inner", "param": "filters"}],
        "help": text,
        "label": text,
    }
    definition = {
        "title": text,
        "summary": text,
        "nodes": [{"id": "inner", "name": block, "block": "Conv", "note": text}],
        "links": [],
        "inputs": [{"name": "in", "targets": [{"node": "inner"}]}],
        "outputs": [{"name": "out", "node": "inner"}],
        "params": [entry],
    }
    data = {
        "format": "blockwright",
        "version": 1,
        "name": text,
        "nodes": [
            {"id": "photo", "name": "photo", "block": "Image", "note": text},
            _node("typed", name=block, block="Activation"),
            _node(
                "twin", block="KerasLayer", params=_params("Rescaling", {"scale": 2.0}, f"{text}s")
            ),
            _node(
                "same", block="KerasLayer", params=_params("Rescaling", {"scale": 2.0}, f"{text}s")
            ),
            _node("named", block="Conv", layer_names={"": f"{text}1"}),
            _node("vgg", block="VGGBlock", layer_names=_both(text)),
            _node("mine", block="own:mine"),
            _node("strange", block="KerasLayer", params=_params("Dense", _strange(text), "")),
        ],
        "links": [],
        "definitions": {"mine": definition},
        "notes": {"n1": {"text": text, "x": 0, "y": 0, "width": 200, "height": 100}},
    }
    ids = [node["id"] for node in data["nodes"]]
    data["links"] = [{"source": a, "target": b} for a, b in pairwise(ids)]
    return Design.from_json(data)


def _node(node_id: str, name: str = "", **fields: Any) -> dict[str, Any]:
    return {"id": node_id, "name": name or node_id, "note": fields.get("note", ""), **fields}


def _params(layer: str, config: dict[str, Any], shared: str) -> dict[str, Any]:
    return {"layer": layer, "config": json.dumps(config), "shared": shared}


def _both(text: str) -> dict[str, str]:
    return {"conv1": f"{text}2", "pool": f"{text}3"}


def _strange(text: str) -> dict[str, Any]:
    scaling = {"class_name": "VarianceScaling", "config": {"mode": text[:39]}}
    return {"units": 3, "kernel_initializer": scaling}


def texts(design: Design, format_id: str, folder: Path) -> str:
    path = folder / f"it.{format_id}"
    format_named(format_id).write(design, path)
    return path.read_text(encoding="utf-8")


def run_all(codes: Sequence[str], folder: Path) -> None:
    """Run code in a process of its own and see that it did nothing but build models."""
    work = folder / "work"
    work.mkdir()
    (folder / "codes.json").write_text(json.dumps(list(codes)), encoding="utf-8")
    (folder / "child.py").write_text(STAND_IN, encoding="utf-8")
    command = [sys.executable, "-P", str(folder / "child.py"), str(folder / "codes.json")]
    done = subprocess.run(command, cwd=work, capture_output=True, text=True)
    assert done.stdout == "all run\n", done.stderr[-1_000:]
    assert not list(work.iterdir())


def test_the_corpus_is_large_and_would_do_something() -> None:
    assert len(set(PAYLOADS)) >= 225
    assert not analyze(named("plain", blocks_too=False)).errors


def test_a_block_whose_name_could_be_code_is_refused_before_anything_is_written() -> None:
    for payload in PAYLOADS:
        with pytest.raises(DesignError, match="its name must be letters, digits and underscores"):
            export(named(payload), "python")


def test_the_child_that_runs_code_notices_what_code_does(tmp_path: Path) -> None:
    code = "open('canary', 'w')\n" + python_code(named("plain", blocks_too=False))
    with pytest.raises(AssertionError):
        run_all([code], tmp_path)


def test_no_typed_word_is_run_in_exported_python_code(tmp_path: Path) -> None:
    run_all([python_code(named(one, blocks_too=False)) for one in PAYLOADS], tmp_path)


def test_no_typed_word_is_run_in_a_notebook(tmp_path: Path) -> None:
    codes = []
    for payload in PAYLOADS:
        cells = json.loads(texts(named(payload, blocks_too=False), "notebook", tmp_path))["cells"]
        codes.append("".join(cells[1]["source"]))
        heading = "".join(cells[0]["source"])
        assert "\n" not in heading
        assert not re.search(r"(?<!\\)[<`$\[]", heading)
    run_all(codes, tmp_path)


def test_no_typed_word_is_run_in_a_training_script(tmp_path: Path) -> None:
    codes = []
    for number, payload in enumerate(PAYLOADS[::50]):
        name = payload.replace("/", "").replace("\x00", "")[:60]
        path = tmp_path / f"{name}{number}.csv"
        path.write_text("1,2,0\n3,4,1\n", encoding="utf-8")
        design = Design(payload[:200]).add("wave", BLOCKS["Signal"](2, 1))
        names = {"": payload[:200]}
        design = design.add("head", BLOCKS["Classifier"](2), "wave", layer_names=names)
        run = create(design, {"data": str(path), "settings": {}}, tmp_path / f"run{number}")
        run.rename(payload[:80])
        codes.append(training_script(run))
    (tmp_path / "apart").mkdir()
    run_all(codes, tmp_path / "apart")


def test_typed_words_are_text_in_svg_and_in_the_page_of_a_report(tmp_path: Path) -> None:
    for payload in PAYLOADS[::9]:
        harmless(texts(named(payload), "svg", tmp_path))
    settings = TrainingSettings().values()
    for payload in PAYLOADS:
        design = named(payload)
        harmless(thumbnail(design))
        figures = (Epoch(1, 1, 1.0, 0.5, 1.0, 0.5, 1.0),)
        one = RunFigures("r1", *[payload] * 4, 0, settings | {"tag": payload}, 1, 1, figures)
        page = Tags()
        page.feed(report([one], {payload: design}, payload))
        assert not page.found & {"script", "img", "iframe", "object", "a", "foreignobject"}
        assert not page.handlers


def harmless(svg: str) -> None:
    """See that a drawing has nothing that a browser would run or load."""
    for element in ElementTree.fromstring(svg).iter():
        assert element.tag.rpartition("}")[2] in DRAWN, element.tag
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on")
            assert "javascript:" not in value.lower() or name.endswith("title")


DRAWN = {"svg", "g", "title", "polygon", "polyline", "path", "text", "ellipse", "rect", "tspan"}
DRAWN |= {"line", "circle", "desc", "defs", "clipPath"}


class Tags(HTMLParser):
    """Collects the tags of a page and the attributes that would run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]


def test_typed_words_add_no_line_and_no_command_to_drawings_in_text(tmp_path: Path) -> None:
    plain = {name: skeleton(texts(named("no name!"), name, tmp_path), name) for name in TEXTS}
    for payload in PAYLOADS:
        design = named(payload)
        for name in TEXTS:
            assert skeleton(texts(design, name, tmp_path), name) == plain[name], (name, payload)


TEXTS = ("dot", "mermaid", "tikz")


def skeleton(text: str, format_id: str) -> list[str]:
    """Return what of a text is not a person's: commands, brackets and signs, line by line."""
    if format_id == "dot":
        text = re.sub(r'"(?:[^"\\]|\\.)*"', '""', text, flags=re.DOTALL)
        return [re.sub(r"^\t\w+|(?<=-> )\w+", "node", line) for line in text.splitlines()]
    if format_id == "mermaid":
        return [re.sub(r'"[^"]*"', '""', line) for line in text.splitlines()]
    return list(_commands(text))


def _commands(text: str) -> Iterator[str]:
    """Yield the commands of LaTeX, those that stand for a sign left out."""
    for command in re.findall(r"\\(?:[A-Za-z]+|.)", text):
        if not re.fullmatch(r"\\(dots|text\w+|[{}$&#%_])", command):
            yield command
