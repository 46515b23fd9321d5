"""Python applies edits as the fixture shared with the canvas says."""

import json
from pathlib import Path
from typing import Any

import pytest

from blocks import Design, EditError

CASES = json.loads((Path(__file__).parents[1] / "golden" / "edits.json").read_text())


def written(design: Design) -> dict[str, Any]:
    """A design as JSON, its links in no order."""
    data = design.to_json()
    return data | {"links": sorted(data["links"], key=str)}


def by_id(design: Design) -> dict[str, Any]:
    """A design as JSON, its blocks in no order either: one that comes back stands last."""
    data = written(design)
    return data | {"nodes": sorted(data["nodes"], key=str)}


def titled(cases: list[Any]) -> Any:
    return pytest.mark.parametrize("case", cases, ids=lambda case: case["title"])


@titled([case for case in CASES if "after" in case])
def test_an_edit_gives_the_design_of_the_fixture(case: Any) -> None:
    design, _ = Design.from_json(case["before"]).apply(case["edit"])
    expected = Design.from_json(case["after"])
    assert written(design) == written(expected)


@titled([case for case in CASES if "after" in case])
def test_both_inverses_lead_back(case: Any) -> None:
    before = Design.from_json(case["before"])
    design, inverse = before.apply(case["edit"])
    for back in (inverse, case["inverse"]):
        assert by_id(design.apply(back)[0]) == by_id(before)


@titled([case for case in CASES if "error" in case])
def test_an_edit_that_does_not_apply_is_refused(case: Any) -> None:
    with pytest.raises(EditError, match=case["error"]):
        Design.from_json(case["before"]).apply(case["edit"])
