"""Names in exported code that hide nothing which the code reads."""

import builtins
import keyword
import re
from collections.abc import Iterable

SHORTEST_WORD = 3
RESERVED = {"keras", "layers", "name", "names", "i", "letter", "build_model", *dir(builtins)}
LINES = ("x", "y")
"""What a long line of layers is called."""

IN_BODIES = {"keras", "layers", "name", "names", "i", "range", *LINES}
IN_BODIES |= {"self", "torch", "nn", "F", "super", "zip", "_", "__debug__"}
"""What the body of a block's function or class reads, which no argument may hide."""

INPUT = re.compile(r"x\d*")


def snake(name: str) -> str:
    """Return a class name as a function's: VGGBlock is vgg_block, ConvNeXtBlock convnext_block.

    Pieces of one or two letters are no words of their own; they stay with the piece before them,
    or with the one after where they come first.
    """
    words: list[str] = []
    for piece in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[^A-Z]+", name):
        if words and (len(piece) < SHORTEST_WORD or len(words[-1]) < SHORTEST_WORD):
            words[-1] += piece
        else:
            words.append(piece)
    return "_".join(words).lower()


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """Return an identifier like the one wanted that is neither taken nor reserved."""
    word = re.sub(r"\W", "_", wanted, flags=re.ASCII) or "_"
    word = f"_{word}" if word[0].isdigit() else word
    taken = {*taken, *RESERVED}
    while word in taken or keyword.iskeyword(word):
        word += "_"
    return word


def argument_names(params: Iterable[str]) -> dict[str, str]:
    """Return what each parameter of a block is called as an argument: itself, where that is safe.

    Names in capitals could be those of classes, and classes read names that begin with two
    underscores in their own way.
    """
    declared = list(params)
    names = {name: name for name in declared if _is_safe(name)}
    for name in declared:
        if name not in names:
            word = name.lower().lstrip("_") or "value"
            names[name] = free_name(word, {*declared, *names.values(), *IN_BODIES})
            while not _is_safe(names[name]) or names[name] in declared:
                names[name] += "_"
    return {name: names[name] for name in declared}


def _is_safe(name: str) -> bool:
    plain = name == name.lower() and not name.startswith("__") and not keyword.iskeyword(name)
    return plain and name not in IN_BODIES and not INPUT.fullmatch(name)
