"""What code tells beside the layers: which call of which function made them, and in which loop."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from blocks.exports.code.trace import parameter
from blocks.imports.drawn import TURNS, mentioned
from blocks.imports.python.recording import MadeLayer, TensorOf

Formulas = dict[str, list[str]]


@dataclass
class CallOf:
    """One call of a function.

    `written` are the arguments of the call around it that each argument is made of, and `turning`
    those of its own that each open loop counts its turns by; `loops` are the layers of all loops.
    """

    function: str
    arguments: Mapping[str, Any]
    inputs: list[TensorOf]
    within: int
    written: Formulas
    outputs: list[TensorOf] = field(default_factory=list)
    layers: dict[str, Formulas] = field(default_factory=dict)
    turning: list[list[str]] = field(default_factory=list)
    loops: list[list[str]] = field(default_factory=list)

    def outside(self, names: Iterable[str]) -> set[str]:
        """Return what some arguments are made of in the call around this one."""
        return {outer for name in names for outer in self.written.get(name, ())}


class Tracer:
    """Follows which layers are called where."""

    def __init__(self) -> None:
        self.calls: list[CallOf] = []
        self.loops: list[list[str]] = []
        self.open: list[int] = []
        self._turning = 0

    def entered(self, function: str, local: Mapping[str, Any]) -> dict[str, Any]:
        """Begin a call; return the arguments, which from now on remember their names."""
        tensors = [value for value in local.values() if isinstance(value, TensorOf)]
        rest = {name: v for name, v in local.items() if not isinstance(v, TensorOf)}
        within = self.open[-1] if self.open else -1
        written = {name: sorted(mentioned(value)) for name, value in rest.items()}
        self.open.append(len(self.calls))
        self.calls.append(CallOf(function, rest, tensors, within, written))
        return {
            name: value if isinstance(value, TensorOf) else parameter(name, value, name)
            for name, value in local.items()
        }

    def left(self, returned: Any) -> None:
        """End a call."""
        tensors = returned if isinstance(returned, tuple) else (returned,)
        call = self.calls[self.open.pop()]
        call.outputs = [one for one in tensors if isinstance(one, TensorOf)]

    def called(self, layer: MadeLayer) -> None:
        """Note a call of a layer, in every call that it is made in."""
        if not self.open:
            if self._turning:
                self.loops[-1].append(layer.name)
            return
        formulas: dict[str, Collection[str]] = {
            key: mentioned(value) for key, value in layer.config.items()
        }
        for place in reversed(self.open):
            call = self.calls[place]
            turns = {name for names in call.turning for name in names}
            formulas[TURNS] = turns.union(formulas.get(TURNS, ()))
            if call.turning:
                call.loops[-1].append(layer.name)
            call.layers[layer.name] = {k: sorted(names) for k, names in formulas.items() if names}
            formulas = {key: call.outside(names) for key, names in formulas.items()}

    def looping(self, turns: Any) -> None:
        """Begin a loop whose turns are counted by a value."""
        if self.open:
            call = self.calls[self.open[-1]]
            call.turning.append(sorted(mentioned(turns)))
            call.loops.append([])
        else:
            self._turning += 1
            self.loops.append([])

    def looped(self) -> None:
        """End a loop."""
        if self.open:
            self.calls[self.open[-1]].turning.pop()
        else:
            self._turning -= 1

    def told(self) -> dict[str, Any]:
        """Return everything as JSON has it."""
        calls = [
            {
                "function": call.function,
                "arguments": {name: _plain(value) for name, value in call.arguments.items()},
                "inputs": [tensor.layer.name for tensor in call.inputs],
                "outputs": [tensor.layer.name for tensor in call.outputs],
                "layers": call.layers,
                "within": call.within,
                "loops": _several(call.loops),
            }
            for call in self.calls
        ]
        return {"calls": calls, "loops": _several(self.loops)}


def _several(loops: Sequence[list[str]]) -> list[list[str]]:
    """Return the loops that make several layers."""
    return [names for names in loops if len(names) > 1]


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | float | str | None) else None
