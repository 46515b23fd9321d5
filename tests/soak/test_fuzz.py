"""Bad files of every kind are opened or refused in a sentence: a slice of `make soak`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocks import BlockwrightError
from editor.panels.uploads import imported
from tests.soak import findings, fuzz_data, fuzz_json, fuzz_keras, fuzz_python
from tests.soak._fuzzing import Importer, fault_of, fuzz, verdict
from tests.soak._mutations import at, places

COUNT = 200
FAMILIES = (fuzz_json, fuzz_keras, fuzz_data, fuzz_python)
EVERY = [(family.__name__, one) for family in FAMILIES for one in family.IMPORTERS]


@pytest.mark.keras
@pytest.mark.parametrize(("module", "importer"), EVERY, ids=[one.name for _, one in EVERY])
def test_a_damaged_file_is_opened_or_refused_in_a_sentence(module: str, importer: Importer) -> None:
    outcome = fuzz(module, importer, COUNT, children=1)
    assert findings([outcome.row()]) == []
    assert outcome.opened + outcome.refused + outcome.held == COUNT
    assert outcome.opened, "nothing opened: the inputs are too bad to reach the end of the reader"
    assert outcome.refused, "nothing was refused: the inputs are too good"


@pytest.mark.keras
@pytest.mark.parametrize("name", [".keras", ".h5"])
def test_the_import_itself_holds_a_damaged_model_in_a_child(name: str) -> None:
    importer = next(one for _, one in EVERY if one.name == name)
    for number in range(12):
        content = importer.input(number)
        expected, _ = verdict(importer, content)
        try:
            imported(content, f"theirs{name}", name[1:], bring=False)
            said = ""
        except BlockwrightError as error:
            said = str(error)
            assert not fault_of(said), said
        assert (said == "") == expected


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
DOCUMENT = fuzz_json.small().to_json()


@given(st.sampled_from(places(DOCUMENT)[1:]), JSON)
@settings(max_examples=400, deadline=None, derandomize=True)
def test_any_json_anywhere_in_a_design_file_is_shown_or_a_sentence(
    path: tuple[Any, ...], value: Any
) -> None:
    data = json.loads(json.dumps(DOCUMENT))
    at(data, path[:-1])[path[-1]] = value
    importer = next(one for one in fuzz_json.IMPORTERS if one.name == "design JSON")
    _, wrong = verdict(importer, json.dumps(data).encode("utf-8", "surrogatepass"))
    assert not wrong, wrong


def _fails(content: bytes) -> None:
    raise KeyError(content.decode())


def _leaks(content: bytes) -> None:
    raise BlockwrightError(f"{Path.home()}/designs cannot be read")


def _traces(content: bytes) -> None:
    raise BlockwrightError('Traceback (most recent call last):\n  File "x.py"')


@pytest.mark.parametrize("opened", [_fails, _leaks, _traces])
def test_what_is_no_sentence_is_found(opened: Callable[[bytes], None]) -> None:
    importer = Importer("bad", lambda random: b"x", opened)
    assert verdict(importer, importer.input(0))[1]
