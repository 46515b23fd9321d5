"""Which lines of exported code make a block. Pure."""

import ast
import re
from collections.abc import Collection


def lines_of(code: str, name: str, names: Collection[str]) -> list[tuple[int, int]]:
    """Return the lines, as (first, last) counted from 1, of the statements that name a block.

    Docstrings make nothing. `names` are those of all blocks: where one begins with another, the
    longest one counts.
    """
    longest = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    mention = re.compile(rf"(?<![A-Za-z0-9_])({longest})(?![A-Za-z0-9])")
    naming = {
        number
        for number, line in enumerate(code.splitlines(), start=1)
        if any(found[1] == name for found in mention.finditer(line))
    }
    spans = sorted(
        (statement.lineno, statement.end_lineno or statement.lineno)
        for statement in ast.walk(ast.parse(code))
        if isinstance(statement, ast.stmt) and not hasattr(statement, "body")
        if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
    )
    return _joined([(a, b) for a, b in spans if naming & {*range(a, b + 1)}])


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans with those that touch made one."""
    joined: list[tuple[int, int]] = []
    for first, last in spans:
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return joined
