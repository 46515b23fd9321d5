"""What code told beside its layers, as the child that followed it says: its calls and loops."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from blocks.exports.code.trace import expression_of

KEY = "drawn"
"""The entry of an architecture that has it."""

TURNS = "turns"
"""What the number of turns of the loop around a layer is called among its formulas."""

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
    """Return the names that a value is made of, by the formulas it remembers."""
    if isinstance(value, Mapping):
        return frozenset().union(*map(mentioned, value.values()))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return frozenset().union(*map(mentioned, value))
    formula = expression_of(value)
    return formula.params if formula else frozenset()
