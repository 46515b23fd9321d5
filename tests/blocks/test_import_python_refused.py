"""Python code that the export does not write is refused in a sentence; nothing in it is run."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocks import ReadError, analyze, read
from blocks.imports.python.parsing import MAX_BYTES
from tests.blocks.test_import_python import VGG, back


def code_of(body: str, before: str = "") -> str:
    """Return a module whose model is built by a few statements on an image `x`."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return (
        "import keras\nfrom keras import layers\n\n"
        f"{before}\ndef build_model():\n"
        '    x = photo = keras.Input(shape=(8, 8, 3), name="photo")\n'
        f"{lines}    return keras.Model(inputs=photo, outputs=x)\n"
    )


REFUSED = {
    "a call": ('x = open("/etc/passwd")', "line 7: .*this calls open"),
    "a call of a name of Keras that loads": (
        'x = keras.models.load_model("x.h5")',
        r"line 7: .*this (calls|reads) keras\.models\.load_model",
    ),
    "a method": ("x = x.numpy()", r"line 7: .*this calls x\.numpy"),
    "an import": ("import os", "line 7: .*this says import os"),
    "a nested function": ("def f():\n    return 1", "line 7: .*defines a function within another"),
    "a class": ("class A:\n    y = 1", "line 7: .*defines a class"),
    "an if": ("if 1:\n    x = x", "line 7: .*is an if"),
    "a while": ("while True:\n    x = x", "line 7: .*is a while loop"),
    "a lambda": ("x = layers.Activation(lambda y: y)(x)", "line 7: .*makes a function of its own"),
    "a Lambda layer": ('x = layers.Lambda("y")(x)', "line 7: .*Lambda layer, which holds Python"),
    "a comprehension": ("x = [y for y in x]", "line 7: .*is a comprehension"),
    "a walrus": ("x = (y := x)", "line 7: .*this says"),
    "a star": ("x = layers.Add()([*x])", "line 7: .*this says"),
    "two stars": ("x = layers.Flatten(**x)(x)", "line 7: .*with \\*\\*"),
    "a power": ("y = 10 ** 10 ** 10", "line 7: .*this computes"),
    "a comparison": ("y = 1 < 2", "line 7: .*this says"),
    "a dunder": ("y = __builtins__", "line 7: .*reads __builtins__, which is not set"),
    "an attribute of a text": ('y = "".__class__', "line 7: .*this reads"),
    "a format": ('y = "{0.__class__}".format(x)', "line 7: .*this (calls|reads)"),
    "a formatted attribute": ('y = f"{x.__class__}"', "line 7: .*this reads x.__class__"),
    "a formatted tensor": ('y = f"{x}"', "line 7: .*this formats x"),
    "a format with a width": ('y = f"{1:1000000000}"', "line 7: .*this (formats|says)"),
    "a huge range": ("for i in range(10**9):\n    x = x", "line 7: .*this computes"),
    "many turns": (
        "for i in range(1000000000):\n    x = x",
        "line 7: a loop may have 10,000 turns",
    ),
    "many steps": (
        "for i in range(9999):\n    for j in range(9999):\n        y = i",
        "line .: the model takes more than 1,000,000 steps",
    ),
    "a huge number": ("y = 999999999 * 999999999 * 999999999", "line 7: .*number that no layer"),
    "an endless number": ("y = 1e999", "line 7: .*number that no layer can take"),
    "a division by zero": ("y = 1 // 0", "line 7: .*which has no value"),
    "a repeated text": ('y = "a" * 999999999', "line 7: .*this computes"),
    "a repeated tuple": ("y = (0,) * 999999999", "line 7: .*this computes"),
    "a complex number": ("y = 1j", "line 7: .*this says 1j"),
    "bytes": ('y = b"a"', "line 7: .*this says"),
    "a layer nobody has": ("x = layers.Magic()(x)", "line 7: .*makes a layer Magic, which is not"),
    "a private layer": ("x = layers.__loader__()(x)", "line 7: .*makes a layer __loader__"),
    "too many arguments": (
        "x = layers.Conv2D(1, 2, 3, 4)(x)",
        "line 7: .*gives Conv2D 4 arguments without their names",
    ),
    "an argument twice": (
        "x = layers.Dense(1, units=2)(x)",
        "line 7: .*gives Dense an argument twic",
    ),
    "an argument Keras has not": ("x = layers.Dense(1, size=2)(x)", "dense: .*size"),
    "a tensor as an argument": ("x = layers.Dense(x)(x)", "line 7: .*argument that no layer keeps"),
    "a tensor within one": (
        'y = keras.Input(shape=(1, x), name="y")',
        "line 7: .*Input an argument that no layer keeps",
    ),
    "a range as an argument": (
        "x = layers.Dense(range(3))(x)",
        "line 7: .*argument that no layer keeps",
    ),
    "lists that double": (
        "y = (1,)\nfor i in range(99):\n    y = (y, y)\nx = layers.Dense(y)(x)",
        "line 10: .*more than any layer keeps",
    ),
    "layers around each other without end": (
        "y = layers.Dense(1)\n"
        "for i in range(9999):\n    y = layers.TimeDistributed(layer=y)\nx = y(x)",
        "line 9: .*more than any layer keeps",
    ),
    "a value no layer takes": ("x = layers.Dense(0)(x)", "dense: units must be"),
    "a layer on no tensor": ("x = layers.Flatten()(3)", "line 7: .*no tensor"),
    "a layer not called": ("x = layers.Flatten()", "line 8: .*no tensor"),
    "a tensor called": ("x = x(x)", "line 7: .*this calls x"),
    "a name that is missing": ("x = layers.Dense(units)(x)", "line 7: .*reads units, which is not"),
    "an end of another model": ("y = keras.Input(3)", "line 7: .*without a shape"),
    "deep brackets": (f"y = {'(' * 200}1{')' * 200}", "line 7: brackets stand at most 30 deep"),
    "a deep sum": (f"y = {'+'.join('1' * 100_000)}", "line 7: an expression has at most 300 words"),
    "deep signs": (f"y = {'-' * 100_000}1", "line 7: an expression has at most 300 words"),
    "a chain of names": (f"y = x{'.a' * 100_000}", "line 7: an expression has at most 300 words"),
    "a chain of targets": (f"{'y = ' * 100_000}1", "line 7: an expression has at most 300 words"),
    "a chain of calls": (f"y = x{'()' * 100_000}", "line 7: an expression has at most 300 words"),
    "a chain of conditions": (
        f"y = {'1 if 1 else ' * 9_999}1",
        "line 7: an expression has at most 300 words",
    ),
    "a long number": (f"y = {'9' * 1_000_000}", "line 7: a number has at most 30 digits"),
    "a long text": (f"y = '{'9' * 1_000_000}'", "line 7: a text has at most"),
    "a deep formatted text": (f'y = f"{{{"-" * 1_000}1}}"', "line 7: a text has at most"),
    "deep blocks": (
        "".join(f"{' ' * k}for i in '1':\n" for k in range(90)) + " " * 90 + "y = 1",
        "a line is indented by at most 10 steps",
    ),
    "an open bracket": ("y = (", "line .*: this is not Python code"),
    "an open text": ("y = '", "line .*: this is not Python code"),
    "a null": ("y = '\0'", "line 7: a Python file has no control characters"),
    "no Python": ("x = = 1", "line 7: this is not Python code"),
    "a surrogate": ('x = layers.Flatten(name="\\ud800")(x)', "a layer's name must be printable"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_the_export_does_not_write_is_refused_in_a_sentence(what: str) -> None:
    body, words = REFUSED[what]
    with pytest.raises(ReadError, match=words) as caught:
        back(code_of(body))
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300


OUTSIDE = {
    "a call": ('print("hello")', "line 4: .*this calls print"),
    "another import": ("import os", "line 4: .*this says import os"),
    "PyTorch": ("from torch import nn", "line 4: this is PyTorch code, and only Keras code"),
    "a part of PyTorch": ("import torch.nn.functional as F", "line 4: this is PyTorch code"),
    "no PyTorch": ("import torchaudio", "line 4: .*this says import torchaudio"),
    "a renamed import": ("from os import system as range", "line 4: .*this says from os import"),
    "a function never called": ('def never():\n    open("/etc/passwd")', "line 5: .*calls open"),
    "a decorator": ("@print\ndef f():\n    return 1", "line .: .*with a decorator"),
    "a default that calls": ('def f(x=open("x")):\n    return x', "line 4: .*calls open"),
    "a function of any arguments": ("def f(*x):\n    return x", "line 4: .*other than plain"),
    "a guard that does more": ('if __name__ == "__main__":\n    open("x")', "line 5: .*calls open"),
    "a function within itself": ("def f(x):\n    return f(x)", ""),
}


@pytest.mark.parametrize("what", OUTSIDE)
def test_what_stands_beside_the_model_is_refused_too(what: str) -> None:
    before, words = OUTSIDE[what]
    calls = "x = f(x)" if "itself" in what else "x = layers.Flatten()(x)"
    with pytest.raises(ReadError, match=words or "calls f.. within itself"):
        back(code_of(calls, before))


def test_a_file_without_the_function_is_refused() -> None:
    with pytest.raises(ReadError, match=r"there is no function build_model\(\)"):
        back("import keras\n")


def test_hostile_files_are_refused_and_nothing_in_them_is_run(tmp_path: Path) -> None:
    canary, file = tmp_path / "canary", tmp_path / "net.py"
    start = f"open({str(canary)!r}, 'w')"
    contents = [
        start.encode(),
        f"# -*- coding: utf-7 -*-\n{start}".encode(),
        code_of("x = layers.Flatten()(x)", start).encode(),
        b"\xff\xfe\x00",
        b"a" * (MAX_BYTES + 1),
        b"",
    ]
    for content in contents:
        file.write_bytes(content)
        with pytest.raises(ReadError, match=r"net\.py: "):
            read(file)
    assert not canary.exists()
    with pytest.raises(ReadError, match="there is no such file"):
        read(tmp_path / "none.py")


WORDS = st.sampled_from(
    [
        *("x", "layers.Dense(2)", "(x)", "keras", ".", "(", ")", "\n    ", "=", "[", "]", ","),
        *("f'{x}'", "for i in ", "range(3)", ":", "1", "'a'", "{", "}", "**", "\0", "\\"),
        *("\ud800", "def f(x):"),
    ]
)


@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=20).map("".join)))
@settings(max_examples=400, deadline=None, derandomize=True)
def test_any_text_gives_a_design_or_a_sentence(body: str) -> None:
    for code in (body, code_of(body)):
        with contextlib.suppress(ReadError):
            analyze(back(code))


@given(st.integers(0, len(VGG)), st.integers(0, 12), st.text(max_size=5))
@settings(max_examples=400, deadline=None, derandomize=True)
def test_any_change_of_a_file_gives_a_design_or_a_sentence(at: int, drop: int, put: str) -> None:
    with contextlib.suppress(ReadError):
        analyze(back(VGG[:at] + put + VGG[at + drop :]))
