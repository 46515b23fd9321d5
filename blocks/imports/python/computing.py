"""Computing with the numbers and texts of followed code, within bounds.

Every function raises a ReadError that names the line where something has no value, or too large a
one.
"""

import ast
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from blocks.exports.code.trace import expression_of
from blocks.imports.python.allowed import code, refusal

MAX_INTEGER = 10**15
MAX_WORDS = 500
MAX_FORMULA = 200

OPERATORS: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


def joined(node: ast.AST, parts: Sequence[str]) -> str:
    """Return the parts of a text as one."""
    text = "".join(parts)
    if len(text) > MAX_WORDS:
        raise refusal(node, f"makes a text of more than {MAX_WORDS:,} characters")
    return text


def combined(node: ast.AST, op: ast.operator, left: Any, right: Any) -> Any:
    """Return what an operator makes of two numbers, or two texts as one."""
    if isinstance(left, str) and isinstance(right, str) and isinstance(op, ast.Add):
        return joined(node, [left, right])
    if not (is_number(left) and is_number(right)):
        raise refusal(node, f"computes {code(node)}")
    try:
        return _short(bounded(node, OPERATORS[type(op)](left, right)))
    except ArithmeticError:
        raise refusal(node, f"computes {code(node)}, which has no value") from None


def _short(value: Any) -> Any:
    """Return a number without its formula where that has become long: it could double each time."""
    formula = expression_of(value)
    return int(value) if formula and len(formula.text) > MAX_FORMULA else value


def signed(node: ast.AST, op: ast.unaryop, value: Any) -> Any:
    """Return a number with its sign."""
    if not is_number(value):
        raise refusal(node, f"computes {code(node)}")
    return -value if isinstance(op, ast.USub) else value


def entry(node: ast.AST, whole: Any, place: Any) -> Any:
    """Return the entry of a dictionary or a tuple."""
    try:
        if isinstance(whole, dict | tuple):
            return whole[place]
    except (KeyError, IndexError, TypeError):
        pass
    raise refusal(node, f"reads {code(node)}, which is not there")


def constant(node: ast.AST, value: Any) -> Any:
    """Return a constant of code that a layer can take."""
    if value is None or isinstance(value, bool | str):
        return value
    if is_number(value):
        return bounded(node, value)
    raise refusal(node, f"says {code(node)}")


def bounded(node: ast.AST, value: Any) -> Any:
    """Return a number that is not too large."""
    if not math.isfinite(value) or abs(value) > MAX_INTEGER:
        raise refusal(node, "has a number that no layer can take")
    return value


def is_number(value: Any) -> bool:
    """Tell whether a value is a number; True and False are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_whole(value: Any) -> bool:
    """Tell whether a value is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def counted(node: ast.AST, given: Sequence[Any], words: Mapping[str, Any]) -> range:
    """Return what a call of `range` gives."""
    if words or not 1 <= len(given) <= 3 or not all(map(is_whole, given)):
        raise refusal(node, "calls range() with other than whole numbers")
    if len(given) == 3 and not given[2]:
        raise refusal(node, "calls range() with steps of 0")
    return range(*given)
