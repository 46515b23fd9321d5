"""Exports: every format is written, proved in fresh processes, and put in place whole or not."""

import csv
import io
import json
import stat
import time
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import blocks.exports
from blocks import (
    BLOCKS,
    Design,
    DesignError,
    ExportError,
    JobCancelled,
    analyze,
    export,
    export_proven,
    formats,
    start_export,
)
from tests.blocks.example_designs import EXAMPLES

LIGHT = [name for name, entry in formats().items() if not entry.heavy]
MODELS = [name for name, entry in formats().items() if entry.model and entry.id != "json"]


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.keras
@pytest.mark.parametrize("format", formats())
def test_every_format_is_written_and_proved(format: str, tmp_path: Path) -> None:
    path = tmp_path / f"small{formats()[format].suffix}"
    receipt = export_proven(EXAMPLES["fork_1d"](), format, path)
    assert receipt.passed
    assert receipt.file == path.name
    if format in MODELS:
        assert receipt.largest_difference is not None
        assert receipt.largest_difference <= formats()[format].tolerance
    else:
        assert receipt.largest_difference is None
    assert [name for name in names_in(tmp_path) if name != "home"] == [path.name]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("format", LIGHT)
def test_light_formats_come_as_text_without_a_path(format: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    export(EXAMPLES["vgg"](), format, path)
    assert export(EXAMPLES["vgg"](), format) == path.read_text(encoding="utf-8")


def test_the_table_has_a_row_per_layer_and_the_totals() -> None:
    text = export(EXAMPLES["inception"](), "table_csv")
    assert isinstance(text, str)
    rows = list(csv.DictReader(io.StringIO(text)))
    report = analyze(EXAMPLES["inception"]())
    assert [row["Layer"] for row in rows] == [layer.name for layer in report.layers] + ["Total"]
    assert int(rows[-1]["Parameters"]) == report.total
    assert sum(int(row["MACs"]) for row in rows[:-1]) == report.macs


def test_a_cell_is_never_a_formula() -> None:
    design, formula = EXAMPLES["named"](), '=HYPERLINK("http://a.b","c")'
    patch = {"nodes": {design.node("fc").id: {"layer_names": {"": formula}}}}
    text = export(design.apply(patch)[0], "table_csv")
    assert isinstance(text, str)
    assert f"'{formula}" in [row[0] for row in csv.reader(io.StringIO(text))]


def test_the_design_file_is_read_as_the_same_design() -> None:
    text = export(EXAMPLES["residual"](), "json")
    assert isinstance(text, str)
    assert Design.from_json(json.loads(text)) == EXAMPLES["residual"]()


def test_drawings_are_what_their_ending_says() -> None:
    svg = export(EXAMPLES["vgg"](), "svg")
    assert isinstance(svg, str)
    assert ElementTree.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"
    png, pdf = export(EXAMPLES["vgg"](), "png"), export(EXAMPLES["vgg"](), "pdf")
    assert isinstance(png, bytes)
    assert isinstance(pdf, bytes)
    assert png.startswith(b"\x89PNG\r\n")
    assert pdf.startswith(b"%PDF-")


def test_a_half_drawn_design_can_be_drawn_but_not_exported(tmp_path: Path) -> None:
    half_drawn = Design().add("conv", BLOCKS["Conv"](filters=0))
    assert "conv" in str(export(half_drawn, "dot"))
    for format in MODELS:
        with pytest.raises(DesignError) as error:
            export_proven(half_drawn, format, tmp_path / "file")
        assert "conv: filters must be an integer from 1 to" in str(error.value)
        assert "conv: nothing comes in" in str(error.value)
    assert not list(tmp_path.glob("*file*"))


def test_an_unknown_format_is_refused_with_those_there_are() -> None:
    with pytest.raises(ExportError, match=r"no format 'docx'; there are: .*keras"):
        export(EXAMPLES["vgg"](), "docx")


def test_a_new_format_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "layer_count.py").write_text(
        "from blocks.analysis import analyze\n"
        "from blocks.exports.format import Format\n"
        "def write(design, path):\n"
        "    path.write_text(str(len(analyze(design).layers)))\n"
        "FORMAT = Format('layer_count', 'Number of layers', '.txt', 'text/plain', write)\n"
    )
    monkeypatch.setattr(blocks.exports, "__path__", [*blocks.exports.__path__, str(tmp_path)])
    formats.cache_clear()
    report = analyze(EXAMPLES["inception"]())
    try:
        assert formats()["layer_count"].title == "Number of layers"
        assert export(EXAMPLES["inception"](), "layer_count") == str(len(report.layers))
    finally:
        monkeypatch.undo()
        formats.cache_clear()


@pytest.mark.keras
def test_an_export_that_fails_its_proof_is_not_put_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between writing and proving, the file is exchanged for that of another design."""
    folder, run_job = tmp_path / "files", blocks.exports.proven.run_job
    folder.mkdir()
    other = EXAMPLES["fork_2d"]().to_json()

    def exchange(function: str, payload: dict[str, Any], **options: Any) -> dict[str, Any]:
        return run_job(function, {**payload, "design": other}, **options)

    monkeypatch.setattr(blocks.exports.proven, "run_job", exchange)
    (folder / "model.h5").write_bytes(b"the old file")
    with pytest.raises(ExportError, match=r"^model\.h5 is not what was drawn: layers: "):
        export_proven(EXAMPLES["fork_1d"](), "h5", folder / "model.h5")
    assert names_in(folder) == ["model.h5"]
    assert (folder / "model.h5").read_bytes() == b"the old file"


@pytest.mark.keras
def test_an_export_can_be_watched_and_cancelled(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    task = start_export(EXAMPLES["vgg"](), "keras", folder / "model.keras")
    seen = set()
    while not task.done and task.progress.fraction < 0.3:
        seen.add(task.progress.message)
        time.sleep(0.02)
        if "Writing Keras model" in seen:
            break
    task.cancel()
    with pytest.raises(JobCancelled):
        task.result()
    assert names_in(folder) == []


@pytest.mark.keras
def test_an_export_in_the_background_ends_with_its_receipt(tmp_path: Path) -> None:
    task = start_export(EXAMPLES["vgg"](), "keras", tmp_path / "model.keras")
    assert task.result().passed
    assert task.done
    assert zipfile.is_zipfile(tmp_path / "model.keras")
    failing = start_export(EXAMPLES["vgg"](), "keras", tmp_path / "missing" / "model.keras")
    with pytest.raises(OSError, match="no such folder to write to"):
        failing.result()
