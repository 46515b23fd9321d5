"""The receipts that the documentation quotes are still those of the templates they name."""

import json
from pathlib import Path

import pytest

from blocks import Receipt, analyze, formats, template

DOCS = Path(__file__).parents[2] / "docs"
RECEIPTS = sorted((DOCS / "receipts").glob("*.json"))


def test_the_large_networks_have_receipts_of_the_formats_people_take_home() -> None:
    told = {path.stem for path in RECEIPTS}
    names = ("resnet152", "ecg_rajpurkar")
    assert {f"{name}_{kind}" for name in names for kind in ("keras", "onnx", "python")} <= told


@pytest.mark.parametrize("path", RECEIPTS, ids=lambda path: str(path.stem))
def test_a_quoted_receipt_is_that_of_the_template_today(path: Path) -> None:
    receipt = Receipt.from_json(json.loads(path.read_text(encoding="utf-8")))
    name = path.stem.removesuffix(f"_{receipt.format}")
    assert receipt.passed
    assert receipt.design_hash == analyze(template(name)).graph.hash
    assert receipt.largest_difference is not None
    assert receipt.largest_difference <= formats()[receipt.format].tolerance
    largest = f"{receipt.largest_difference:.1e}" if receipt.largest_difference else "0"
    row = f"| [`{receipt.file}`](receipts/{path.name}) | {len(receipt.checks)} | {largest} |"
    assert row in (DOCS / "exports.md").read_text(encoding="utf-8")
