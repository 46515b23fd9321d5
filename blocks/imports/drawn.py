"""What code told beside its layers, as the child that followed it says: its calls and loops."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from blocks.exports.code.trace import expression_of

KEY = "drawn"
"""The entry of an architecture that has it."""

TURNS = "turns"
"""What the number of turns of the loop around a layer is called among its formulas."""

MAX_ASKED = 1_000  # keeps values made to be without end from being looked through

Formulas = Mapping[str, Sequence[str]]
"""For the arguments of a layer, by name, the arguments of the function that they are made of."""


class DrawnCall(NamedTuple):
    """One call of a function; layers by their names.

    `within` is the place of the call among all that this one was made in, -1 where the function
    that builds the model made it. The formulas are over the arguments of this call. `loops` are
    the layers that each of its own loops makes.
    """

    function: str
    arguments: Mapping[str, Any]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    layers: Mapping[str, Formulas]
    within: int
    loops: Sequence[Sequence[str]]


class Drawn(NamedTuple):
    """All such calls, outer ones first, and the layers that each loop of the model calls itself."""

    calls: tuple[DrawnCall, ...] = ()
    loops: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Drawn":
        """Return what our own child wrote."""
        calls = [
            DrawnCall(**{**one, "inputs": tuple(one["inputs"]), "outputs": tuple(one["outputs"])})
            for one in data.get("calls", ())
        ]
        return cls(tuple(calls), tuple(tuple(names) for names in data.get("loops", ())))


def mentioned(value: Any) -> frozenset[str]:
    """Return the names that a value is made of, by the formulas it remembers.

    Of very many values, the first are asked: hand-written code may hold them within each other.
    """
    found: set[str] = set()
    waiting = [value]
    for one in islice(waiting, MAX_ASKED):  # `waiting` grows on the way
        if isinstance(one, Mapping):
            waiting += islice(one.values(), MAX_ASKED)
        elif isinstance(one, list | tuple):
            waiting += one[:MAX_ASKED]
        elif formula := expression_of(one):
            found |= formula.params
    return frozenset(found)
