"""Which lines of the exported code belong to a block."""

from blocks import export, template
from editor.lines import lines_of

CODE = """\
import keras

def build():
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
    assert lines_of(CODE, "photo", NAMES) == [(5, 10), (12, 12)]
    assert lines_of(CODE, "conv_1", NAMES) == [(6, 11)]


def test_a_longer_name_is_another_block() -> None:
    assert lines_of(CODE, "conv_1_2", NAMES) == [(11, 12)]


def test_every_block_of_a_network_has_lines() -> None:
    design = template("tutorial_vgg3")
    code = export(design, "python")
    assert isinstance(code, str)
    for name in design.names():
        for first, last in lines_of(code, name, design.names()):
            assert any(name in line for line in code.splitlines()[first - 1 : last])
