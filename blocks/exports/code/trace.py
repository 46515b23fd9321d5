"""Parameter values that remember the expression they come from: `filters`, `filters // 4`."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from blocks.block import Block
from blocks.exports.code.words import argument_names


@dataclass(frozen=True)
class Expression:
    """A formula over the parameters of a block: its text, their names, and how to compute it."""

    text: str
    params: frozenset[str]
    compute: Callable[[Mapping[str, Any]], Any]
    whole: bool = True

    def bracketed(self) -> str:
        """Return the text as an operand."""
        return self.text if self.whole else f"({self.text})"


class TracedText(str):
    """A word that remembers its parameter."""

    expression: Expression


class TracedNumber(float):
    """A real number that remembers its parameter."""

    expression: Expression


class TracedInteger(int):
    """A whole number that remembers its formula.

    Products and quotients with plain numbers, and sums and differences of traced numbers, stay
    traced. A sum or difference with a plain number does not: that number may be true of one
    block only, such as the channels that come in.
    """

    expression: Expression

    def __mul__(self, other: int) -> int:
        return _combined(self, "*", other, int.__mul__(self, other))

    def __rmul__(self, other: int) -> int:
        return _combined(other, "*", self, int.__mul__(self, other))

    def __floordiv__(self, other: int) -> int:
        return _combined(self, "//", other, int.__floordiv__(self, other))

    def __add__(self, other: int) -> int:
        result = int.__add__(self, other)
        return _combined(self, "+", other, result) if expression_of(other) else result

    def __sub__(self, other: int) -> int:
        result = int.__sub__(self, other)
        return _combined(self, "-", other, result) if expression_of(other) else result


OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "*": operator.mul,
    "//": operator.floordiv,
    "+": operator.add,
    "-": operator.sub,
}


def expression_of(value: object) -> Expression | None:
    """Return the formula a value remembers, if it remembers one."""
    expression = getattr(value, "expression", None)
    return expression if isinstance(expression, Expression) else None


def traced(block: Block) -> Block:
    """Return a block whose numbers and words remember their parameters.

    Inputs stay as they are: the sizes they give would carry their formulas into other blocks.
    """
    if not block.inputs:
        return block
    names = argument_names(block.params())
    return block.replace(
        {name: parameter(name, v, names[name]) for name, v in block.values().items()}
    )


def parameter(name: str, value: Any, written: str) -> Any:
    """Return a value that remembers its parameter, and how that is written."""
    kinds = ((int, TracedInteger), (float, TracedNumber), (str, TracedText))
    remembering: Any = next((made for kind, made in kinds if isinstance(value, kind)), None)
    if remembering is None or isinstance(value, bool):
        return value
    found = remembering(value)
    found.expression = Expression(written, frozenset([name]), operator.itemgetter(name))
    return found


def seen_outside(value: Any, values: Mapping[str, Any]) -> Any:
    """Return a value in a block as it is seen outside: with the formulas that `values` remember.

    `values` are those of the block's parameters; a formula over anything else is forgotten.
    """
    if isinstance(value, Mapping):
        return {key: seen_outside(item, values) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)([seen_outside(item, values) for item in value])
    formula = expression_of(value)
    if formula is None:
        return value
    if formula.params <= values.keys() and (found := formula.compute(values)) == value:
        return found
    return forgetful(value)


def forgetful(value: Any) -> Any:
    """Return a number or word without what it remembers."""
    kinds = ((TracedInteger, int), (TracedNumber, float), (TracedText, str))
    return next((kind(value) for traced, kind in kinds if isinstance(value, traced)), value)


def _combined(left: int, sign: str, right: int, result: int) -> int:
    if type(left) is bool or type(right) is bool or not isinstance(result, int):
        return result
    one, other = _operand(left), _operand(right)
    apply = OPERATORS[sign]
    number = TracedInteger(result)
    number.expression = Expression(
        f"{one.bracketed()} {sign} {other.bracketed()}",
        one.params | other.params,
        lambda params: apply(one.compute(params), other.compute(params)),
        whole=False,
    )
    return number


def _operand(value: int) -> Expression:
    return expression_of(value) or Expression(str(value), frozenset(), lambda params: value)
