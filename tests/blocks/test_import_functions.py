"""Functions in Python files that no export wrote: read as own blocks, or as plain layers."""

from typing import Any

import pytest

from blocks import Design, analyze, python_code
from blocks.imports.architecture import design_of
from tests.blocks.example_designs import EXAMPLES
from tests.blocks.keras_files import layer, model, source
from tests.blocks.test_import_own_blocks import changed, twice
from tests.blocks.test_import_python import back

PAIR = """

def pair(x, more, name):
    one = layers.Dense(4, name=f"{name}_one")(x)
    two = layers.Dense(5, activation="relu", name=f"{name}_two")(one)
    return RETURNED
"""


def test_a_function_written_by_hand_becomes_a_block_of_ones_own() -> None:
    code = python_code(EXAMPLES["vgg"]())
    by_hand = """

def two_steps(x, width, name):
    x = layers.Dense(width, activation="relu", name=f"{name}_first")(x)
    return layers.Dense(width // 2, name=f"{name}_second")(x)
"""
    old = "    x = layers.Flatten("
    assert old in code
    flat = next(line for line in code.splitlines(keepends=True) if line.startswith(old))
    code = code.replace(flat, flat + '    x = two_steps(x, width=8, name="steps")\n')
    code = code.replace("\n\ndef build_model", by_hand + "\n\ndef build_model")
    found = back(code)
    assert found.node("steps").block.values() == {"width": 8}
    assert analyze(changed(found, "steps", width=6)).graph["steps_first"].config["units"] == 6


def test_code_whose_loops_and_functions_lead_nowhere_is_read_as_plain_layers() -> None:
    code = python_code(EXAMPLES["own"]())
    lost = """
    y = photo
    for i in range(3):
        y = layers.Dense(4, name=f"lost_{i}")(y)
    for one in step(y, name="away"), photo:
        y = one
    fork_1_two_act, fork_1_sum = fork("""
    found = back(code.replace("\n    fork_1_two_act, fork_1_sum = fork(", lost))
    assert analyze(found).graph.hash == analyze(EXAMPLES["own"]()).graph.hash


def test_a_formula_that_would_double_with_every_turn_is_forgotten() -> None:
    code = python_code(twice({"width": 6}, {"width": 8}))
    turns = """
    one = width // width
    for i in range(5000):
        one = one * one
    width = width * one
    x = vgg_block("""
    old = "\n    x = vgg_block("
    assert old in code
    found = back(code.replace(old, turns))
    assert analyze(found).graph.hash == analyze(back(code)).graph.hash


def with_pair(lines: str, returned: str = "two", function: str = PAIR) -> Design:
    """Read code in which a function of two layers follows after `flat`, which the lines call."""
    model = "    flat = layers.Flatten(name='flat')(photo)\n" + lines
    code = f"import keras\nfrom keras import layers\n{function.replace('RETURNED', returned)}"
    code += "\n\ndef build_model():\n    photo = keras.Input(shape=(4, 4, 3), name='photo')\n"
    return back(f"{code}{model}    return keras.Model(inputs=photo, outputs=x, name='hand')\n")


@pytest.mark.parametrize(
    ("returned", "line"),
    [
        ("(two,), more", "    (x,), none = pair(flat, 3, name='a')"),
        (
            "one, (two,)",
            "    y, (x,) = pair(flat, 3, name='a')\n    x = layers.Concatenate()([y, x])",
        ),
        ("two, two", "    x, y = pair(flat, 3, name='a')"),
        ("two", "    x = pair(flat, 3, name='')"),
    ],
)
def test_a_function_that_hides_what_leaves_it_is_read_as_plain_layers(
    returned: str, line: str
) -> None:
    assert not with_pair(f"{line}\n", returned).definitions


@pytest.mark.parametrize(
    "lines",
    [
        "    t = range(10000000000000)\n",
        "    t = (1, 1)\n    for i in range(99):\n        t = (t, t)\n",
        "    t = (1, 1)\n    for i in range(9999):\n        t = (t, 1)\n",
    ],
)
def test_an_argument_without_end_is_not_looked_through(lines: str) -> None:
    found = with_pair(f"{lines}    x = pair(flat, t, name='a')\n")
    assert found.node("a").block.type_name == "own:pair"


def test_functions_are_read_after_those_they_call_in_other_calls_only() -> None:
    function = (
        PAIR
        + """

def inner(x, turns, name):
    x = pair(x, 3, name=f"{name}_first")
    for i in range(turns):
        x = pair(x, 3, name=f"{name}_turn_{i + 1}")
    return layers.Dense(6, name=f"{name}_9")(x)


def outer(x, turns, name):
    x = layers.Dense(7, name=f"{name}_start")(x)
    return inner(x, turns, name=f"{name}_inner")
"""
    )
    calls = "    x = outer(flat, 0, name='a')\n    x = inner(x, 2, name='b')\n"
    assert list(with_pair(calls, function=function).definitions) == ["pair", "outer"]


def test_what_a_file_says_of_its_code_is_not_believed_where_it_has_none() -> None:
    data = {**keras_file(), "drawn": {"calls": [{"function": "f"}], "loops": 3}}
    assert not design_of(data).definitions


def keras_file() -> dict[str, Any]:
    return model(source(), layer("Flatten", "flat", "photo"))
