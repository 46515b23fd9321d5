"""What code tells beside the layers: which call of which function made them, and in which loop."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from blocks.exports.code.trace import parameter
from blocks.imports.drawn import TURNS, mentioned
from blocks.imports.python.recording import MadeLayer, TensorOf

Formulas = dict[str, list[str]]


@dataclass
class CallOf:
    """One call of a function by the one that builds the model."""

    function: str
    arguments: Mapping[str, Any]
    inputs: list[TensorOf]
    outputs: list[TensorOf] = field(default_factory=list)
    layers: dict[str, Formulas] = field(default_factory=dict)


class Tracer:
    """Follows which layers are called where."""

    def __init__(self) -> None:
        self.calls: list[CallOf] = []
        self.loops: list[list[str]] = []
        self.turning: list[list[str]] = []
        self._inside: CallOf | None = None

    def entered(self, function: str, local: Mapping[str, Any]) -> dict[str, Any]:
        """Begin a call; return the arguments, which from now on remember their names."""
        tensors = [value for value in local.values() if isinstance(value, TensorOf)]
        rest = {name: v for name, v in local.items() if not isinstance(v, TensorOf)}
        self._inside = CallOf(function, rest, tensors)
        self.calls.append(self._inside)
        return {
            name: value if isinstance(value, TensorOf) else parameter(name, value, name)
            for name, value in local.items()
        }

    def left(self, returned: Any) -> None:
        """End a call."""
        if self._inside is not None:
            tensors = returned if isinstance(returned, tuple) else (returned,)
            self._inside.outputs = [one for one in tensors if isinstance(one, TensorOf)]
        self._inside = None

    def called(self, layer: MadeLayer) -> None:
        """Note a call of a layer."""
        if self._inside is not None:
            formulas = {key: sorted(mentioned(value)) for key, value in layer.config.items()}
            formulas[TURNS] = [name for names in self.turning for name in names]
            self._inside.layers[layer.name] = {k: names for k, names in formulas.items() if names}
        elif self.loops and self.turning:
            self.loops[-1].append(layer.name)

    def looping(self, turns: Any) -> None:
        """Begin a loop whose turns are counted by a value."""
        if self._inside is None:
            self.loops.append([])
        self.turning.append(sorted(mentioned(turns)))

    def looped(self) -> None:
        """End a loop."""
        self.turning.pop()

    def told(self) -> dict[str, Any]:
        """Return everything as JSON has it."""
        calls = [
            {
                "function": call.function,
                "arguments": {name: _plain(value) for name, value in call.arguments.items()},
                "inputs": [tensor.layer.name for tensor in call.inputs],
                "outputs": [tensor.layer.name for tensor in call.outputs],
                "layers": call.layers,
            }
            for call in self.calls
        ]
        return {"calls": calls, "loops": [names for names in self.loops if len(names) > 1]}


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | float | str | None) else None
