"""Which lines of the exported code belong to a block."""

from collections.abc import Callable

import pytest

from blocks import Design, export, python_code, template, torch_code
from editor.lines import lines_of, makers_of
from tests.blocks.example_designs import EXAMPLES

CODE = """\
import keras

def left(x, name):
    photo = layers.Conv2D(8, 3, name=f"{name}_photo")(x)
    return layers.Conv2D(8, 3, name=f"{name}_conv_1_side")(photo)

def build_model():
    'Build it of conv_1 and more.'
    photo = keras.Input((8, 8, 3), name="photo")
    conv_1 = layers.Conv2D(
        8,
        3,
        name="conv_1",
    )(photo)
    conv_1_2 = layers.Conv2D(8, 3, name="conv_1_2")(conv_1)
    return keras.Model(photo, conv_1_2)
"""
NAMES = {"photo", "conv_1", "conv_1_2"}


def test_a_statement_belongs_to_the_blocks_it_names_as_a_whole() -> None:
    assert lines_of(CODE, "photo", NAMES) == [(9, 14), (16, 16)]
    assert lines_of(CODE, "conv_1", NAMES) == [(10, 15)]


def test_a_block_inside_an_own_block_has_its_lines_in_the_function_of_that() -> None:
    assert lines_of(CODE, "photo", NAMES, ["left"]) == [(4, 5)]
    assert lines_of(CODE, "conv_1", NAMES, ["left"]) == [(5, 5)]
    assert lines_of(CODE, "conv_1_2", NAMES, ["left"]) == []


@pytest.mark.parametrize(("write", "unit"), [(python_code, "unit"), (torch_code, "Unit")])
def test_the_function_of_an_own_block_is_called_as_that(
    write: Callable[[Design], str], unit: str
) -> None:
    design = EXAMPLES["nested"]()
    code, ids = write(design), [*design.definitions, "tow"]
    assert makers_of(code, "unit", ids) == [unit]
    assert makers_of(code, "tow", ids) == []
    (stage,) = makers_of(code, "stage", ids)
    for first, last in lines_of(code, "unit_1", ["unit_1", "sum"], [stage]):
        assert "unit_1" in "".join(code.splitlines()[first - 1 : last])
    assert not lines_of(code, "unit_1", ["unit_1", "sum"])


def test_a_longer_name_is_another_block() -> None:
    assert lines_of(CODE, "conv_1_2", NAMES) == [(15, 16)]


def test_every_block_of_a_network_has_lines() -> None:
    design = template("tutorial_vgg3")
    code = export(design, "python")
    assert isinstance(code, str)
    for name in design.names():
        for first, last in lines_of(code, name, design.names()):
            assert any(name in line for line in code.splitlines()[first - 1 : last])
