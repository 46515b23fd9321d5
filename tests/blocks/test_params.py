"""Parameters are declared once and say in words what is wrong."""

import math

import pytest

from blocks import BLOCKS, Block
from blocks.params import Choice, Flag, Integer, Number

EVERY_PARAM = [
    pytest.param(block, name, id=f"{kind}.{name}")
    for kind, block in BLOCKS.items()
    for name in block.params()
]


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (0, "must be an integer from 1 to 8192, got 0"),
        (True, "must be an integer from 1 to 8192, got True"),
        (64.0, "must be an integer from 1 to 8192, got 64.0"),
        ("64", "must be an integer from 1 to 8192, got '64'"),
        (
            10**400,
            "must be an integer from 1 to 8192, got 1000000000000000000000000000000000000...",
        ),
        (None, "must be an integer from 1 to 8192, got None"),
    ],
)
def test_an_integer_says_its_limits_and_the_value_received(value: object, sentence: str) -> None:
    assert Integer(default=1, min=1, max=8192, help="").check(value) == sentence


@pytest.mark.parametrize("value", [math.nan, math.inf, -0.1, 1.1, True, "0.5"])
def test_a_number_is_finite_and_within_its_limits(value: object) -> None:
    sentence = Number(default=0.5, min=0, max=1, help="").check(value)
    assert sentence is not None
    assert sentence.startswith("must be a number from 0 to 1, got ")


def test_a_choice_lists_its_options() -> None:
    param = Choice(default="max", options=("max", "average"), help="")
    assert param.check("min") == "must be one of max, average, got 'min'"
    assert param.check("average") is None


def test_a_flag_takes_no_number() -> None:
    assert Flag(default=True, help="").check(1) == "must be true or false, got 1"


def test_a_parameter_that_does_not_apply_is_not_judged() -> None:
    residual = BLOCKS["Residual"](shortcut="identity", projection_activation="nonsense")
    assert not list(residual.problems())


@pytest.mark.parametrize(("block", "name"), EVERY_PARAM)
def test_every_parameter_has_help_and_a_default_that_keeps_its_rule(block: type, name: str) -> None:
    param = block.params()[name]
    assert param.help.endswith(".")
    assert len(param.help) > 15
    assert param.check(param.default) is None
    assert param.default is None or not param.optional


@pytest.mark.parametrize("kind", BLOCKS)
def test_every_block_type_has_a_title_a_summary_and_a_schema(kind: str) -> None:
    assert not set(BLOCKS[kind].params()) & set(dir(Block)), "a parameter hides a word of Block"
    schema = BLOCKS[kind].schema()
    assert schema["type"] == kind
    assert schema["title"]
    assert schema["summary"].endswith(".")
    assert "\n" not in schema["summary"]
