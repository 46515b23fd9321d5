"""Bad Python files against what reads exported code back; nothing in them may be run.

Code that our export wrote is damaged in its words, its lines and its bytes, and gets statements
that it never has. The readers are called as the editor's child calls them.
"""

import re
import sys
from functools import cache
from random import Random

from blocks import python_code, template
from tests.blocks.example_designs import EXAMPLES
from tests.soak._fuzzing import Importer, main
from tests.soak._mutations import mutated_bytes
from tests.soak.fuzz_keras import open_file

TEMPLATES = ("tutorial_vgg", "tutorial_inception", "lenet5")
PIECES = re.compile(r"\n|[ ]+|\w+|'[^'\n]*'|\"[^\"\n]*\"|[^\w\s]|.")
"""What a text is taken apart into; put together again it is the same text."""

PLAIN_WORDS = """
x 0 1 -1 None True 'a' ''' ' ( ) [ ] { } , = * ** // % - + @ : := . ... -> ; \\ #
keras layers keras.Input keras.Model keras.initializers build_model range units Lambda
def for in return lambda if while class import await match open eval __import__ __builtins__
x.__class__ os.system 1e999 1j 10**10**10 999999999999999 0x1f 1_0 0.1 b'a' 'a'*999999999
f'{x}' f'{x!r}' f'{1:999999999}' '\\ud800' '\\x00' 名前 \ufb01
"""
LONG_WORDS = ("9" * 40, "(" * 40, "[" * 29 + "]" * 29, "-" * 400, "x" + ".a" * 200, "x" + "()" * 99)
WORDS = (
    *(*PLAIN_WORDS.split(), *LONG_WORDS, f"'{'a' * 600}'", "\t", "\n", "\r", "\f"),
    *("\x00", "\x1b", "\u202e", "\u2028", "\ud800", "\ufeff"),
)
LINES = """
import os
from os import system as layers
import keras as layers
x = open("/etc/passwd")
x = __import__("os").system("id")
x = eval("1")
exec("1")
x = (lambda: 1)()
while True:
for i in range(10**9):
for i in range(999999999):
for i in "ab":
if x:
def build_model():
def f(x, *y):
class A:
try:
with x:
@print
return x
pass
del x
x = layers.Lambda("y")(x)
x = layers.Dense(0)(x)
x = layers.Dense(3, name="a/b")(x)
x = layers.Flatten()(x)
x = layers.Add()([x, x])
x = layers.Wrapper(layers.Dense(1))(x)
y = layers.Dense(3)
x = y(x)
x = x(x)
x = keras.Input(shape=(8, 8, 3))
x = keras.Input(())
return keras.Model(x, x)
x = build_model()
x = 1
x += 1
x, y = x
x: int = 1
x = x or x
x = 1 < 2
x = 1 // 0
x = 2 * 999999999999999
x = "a" * 999999999
x = [y for y in x]
x = {**x}
global x
assert x
raise x
yield x
# -*- coding: utf-7 -*-
""".strip().splitlines()


@cache
def codes() -> tuple[str, ...]:
    """Return the good files: of templates, and of every structure that a design can have."""
    designs = [*(template(name) for name in TEMPLATES), *(draw() for draw in EXAMPLES.values())]
    return tuple(python_code(design) for design in designs)


def _python(random: Random) -> bytes:
    text = random.choice(codes())
    for _ in range(random.choice((1, 1, 1, 1, 2, 4))):
        text = random.choice(CHANGES)(text, random)
    content = text.encode("utf-8", "surrogatepass")
    return mutated_bytes(content, random) if random.random() < 0.07 else content


def _another_word(text: str, random: Random) -> str:
    pieces = PIECES.findall(text)
    place = random.randrange(len(pieces) or 1)
    new = random.choice((*WORDS, *random.choices(pieces or [""], k=20), ""))
    return "".join([*pieces[:place], new, *pieces[place + random.randrange(2) :]])


def _other_words_of_a_kind(text: str, random: Random) -> str:
    """Put a number for a number, a name for a name, a text for a text."""
    pieces = PIECES.findall(text)
    kinds = (str.isdigit, str.isidentifier, lambda one: one[:1] in "'\"")
    alike = random.choice(kinds)
    places = [place for place, one in enumerate(pieces) if alike(one)]
    if not places:
        return text
    others = [pieces[random.choice(places)] for _ in range(8)]
    pieces[random.choice(places)] = random.choice([*filter(alike, WORDS), *others])
    return "".join(pieces)


def _another_line(text: str, random: Random) -> str:
    """Put a statement between two lines, as far in as the one before it."""
    lines = text.split("\n")
    place = random.randrange(len(lines))
    before = lines[place]
    indent = before[: len(before) - len(before.lstrip(" "))] + " " * random.choice((0, 0, 0, 4, 1))
    new = random.choice((random.choice(LINES), random.choice(lines).strip()))
    return "\n".join([*lines[: place + 1], indent + new, *lines[place + 1 :]])


def _lines_moved(text: str, random: Random) -> str:
    """Leave lines out, or have them at another place, once or very often."""
    lines = text.split("\n")
    start = random.randrange(len(lines))
    stop = start + random.choice((1, 1, 2, 8))
    taken, rest = lines[start:stop], [*lines[:start], *lines[stop:]]
    place = random.randrange(len(rest) + 1)
    again = taken * random.choice((0, 1, 1, 2, 300))
    return "\n".join([*rest[:place], *again, *rest[place:]])


CHANGES = (
    _another_word,
    _other_words_of_a_kind,
    _other_words_of_a_kind,
    _other_words_of_a_kind,
    _other_words_of_a_kind,
    _another_line,
    _lines_moved,
)

IMPORTERS = (Importer("Python code", _python, open_file(".py"), in_child=True),)

if __name__ == "__main__":
    sys.exit(main("tests.soak.fuzz_python", IMPORTERS))
