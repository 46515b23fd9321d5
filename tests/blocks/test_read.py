"""Design files are read strictly, refused in a sentence, and come back as they went."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocks import BlockwrightError, Conv, Design, Image, ReadError, analyze, read, templates


def file_of(**changes: Any) -> dict[str, Any]:
    data = Design("tiny").add("photo", Image(8, 8, 1)).add("conv", Conv(), "photo").to_json()
    return {**data, **changes}


def with_node(**changes: Any) -> dict[str, Any]:
    data = file_of()
    data["nodes"][1] = {**data["nodes"][1], **changes}
    return data


@pytest.mark.parametrize("template_id", templates())
def test_a_design_comes_back_from_its_file_with_the_same_structure(
    template_id: str, tmp_path: Path
) -> None:
    design = templates()[template_id].design()
    path = tmp_path / "design.json"
    path.write_text(json.dumps(design.to_json()), encoding="utf-8")
    assert read(path).to_json() == design.to_json()
    assert analyze(read(str(path))).graph.hash == analyze(design).graph.hash


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "No such file|not a usable path|cannot be read"),
        ("{", "a design file is JSON, got something else in line 1"),
        ("{}", '"format": "blockwright"'),
        ('{"format": "blockwright", "version": 99}', "versions 1 to 3, got 99"),
        ('{"format": "blockwright", "version": true}', "versions 1 to 3, got True"),
        ('{"format": "blockwright", "format": "x"}', "'format' stands twice"),
        ('{"a": ' * 600 + "1" + "}" * 600, "nested at most 500 deep"),
        ('{"a": "' + "x" * 5_000_001 + '"}', "at most 5,000,000 bytes"),
    ],
)
def test_text_that_is_no_design_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ReadError, match=sentence):
        read(text)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (file_of(nodes={}), "nodes must be a list"),
        (file_of(nodes=[1]), "block 1: id must be"),
        (file_of(nodes=[{"id": "a", "block": "Conv"}] * 2), "block 2: the id a is used twice"),
        (file_of(nodes=[{"id": "../x", "block": "Conv"}]), "block 1: id must be 1 to 40 letters"),
        (
            file_of(nodes=[{"id": f"n{i}", "block": "Conv"} for i in range(2001)]),
            "at most 2,000 nodes, got 2,001",
        ),
        (file_of(links=[{"source": "photo", "target": "gone"}]), "link 1: its target must be"),
        (file_of(links=[[]]), "link 1: a link must be an object"),
        (with_node(params={"filters": [1]}), r"conv: filters must be a single value, got \[1\]"),
        (with_node(x=True), "conv: x must be a number"),
        (with_node(x=1e300), "conv: x must be a number up to 10,000,000"),
        (with_node(frozen=1), "conv: frozen must be true or false, got 1"),
        (with_node(block=None), "conv: block must be the type of a block, got none"),
        (with_node(note="\ud800"), "conv: note holds half a character"),
        (with_node(repeat="\ud800"), "conv: repeat holds half a character"),
        (with_node(layer_names={"a": 1}), "conv: a must be a single value"),
    ],
)
def test_a_damaged_design_names_the_block_and_the_rule(data: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ReadError, match=sentence):
        read(data)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 5000])
def test_a_number_that_is_not_finite_is_refused_on_its_block(number: str) -> None:
    text = json.dumps(with_node(params={"filters": 0})).replace(
        '"filters": 0', f'"filters": {number}'
    )
    with pytest.raises(ReadError, match="conv: filters must be a finite number, got"):
        read(text)


def test_values_out_of_range_are_read_and_told_by_the_analysis() -> None:
    design = read(with_node(params={"filters": True, "kernel_size": 10**12}))
    assert [problem.node for problem in analyze(design).problems] == ["conv", "conv"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@given(st.sampled_from(["id", "name", "block", "params", "repeat", "frozen", "x", "note"]), JSON)
@settings(max_examples=400, deadline=None, derandomize=True)
def test_whatever_stands_in_a_field_is_a_design_or_a_sentence(field: str, value: Any) -> None:
    for data in (with_node(**{field: value}), file_of(**{field: value, "links": value})):
        with contextlib.suppress(BlockwrightError):
            analyze(read(json.dumps(data)))


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_whatever_text_comes_is_a_design_or_a_sentence(text: str) -> None:
    with pytest.raises(ReadError):
        read("{" + text)
