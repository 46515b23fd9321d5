"""Which lines of exported code make a block. Pure."""

import ast
import re
from collections.abc import Collection, Iterator

MODEL = ("build_model", "Network")
"""What builds the model: a function of Keras code, a class of PyTorch code."""

PREFIXED = 'f"{name}_'
"""How the name of a layer inside a function begins."""


def lines_of(
    code: str, name: str, names: Collection[str], makers: Collection[str] = MODEL
) -> list[tuple[int, int]]:
    """Return the lines, as (first, last) counted from 1, of the statements that name a block.

    Statements count in the functions and classes called as in `makers`; docstrings make nothing.
    `names` are those of all blocks: where one begins with another, the longest one counts.
    """
    longest = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    mention = re.compile(rf"(?<![A-Za-z0-9_])({longest})(?![A-Za-z0-9])")
    lines = code.replace(PREFIXED, " " * len(PREFIXED)).splitlines()
    naming = {
        number
        for number, line in enumerate(lines, start=1)
        if any(found[1] == name for found in mention.finditer(line))
    }
    spans = sorted(
        (statement.lineno, statement.end_lineno or statement.lineno)
        for maker in _defined(code)
        if maker.name in makers
        for statement in ast.walk(maker)
        if isinstance(statement, ast.stmt) and not hasattr(statement, "body")
        if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
    )
    return _joined([(a, b) for a, b in spans if naming & {*range(a, b + 1)}])


def makers_of(code: str, own: str, others: Collection[str]) -> list[str]:
    """Return the functions or classes that stand for an own block, given by its id.

    They are called as it is, with words behind where there are several: `deep_one_frozen`,
    `DeepOneFrozen`; `others` are the ids of all own blocks, of which the longest counts.
    """
    plain = {one: one.replace("_", "") for one in others}
    found = []
    for maker in _defined(code):
        called = maker.name.replace("_", "").lower()
        fitting = [one for one in others if called.startswith(plain[one])]
        if own in fitting and len(plain[own]) == max(len(plain[one]) for one in fitting):
            found.append(maker.name)
    return found


def _defined(code: str) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """Yield the functions and classes of a module."""
    for statement in ast.parse(code).body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            yield statement


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans with those that touch made one."""
    joined: list[tuple[int, int]] = []
    for first, last in spans:
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return joined
