"""The layers of a model as code calls them, kept in the form in which Keras writes a model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from blocks.errors import ReadError
from blocks.imports.design_json import require_few
from blocks.imports.flatten import MAX_CALLS
from blocks.layers.objects import snake_case


@dataclass(frozen=True)
class Made:
    """An object of Keras in its own form: an initialiser and the like."""

    class_name: str
    config: Mapping[str, Any]


@dataclass(eq=False)
class MadeLayer:
    """A layer as code makes it; `calls` are the tensors of each call, `listed` where in a list."""

    kind: str
    config: dict[str, Any]
    calls: list[tuple["TensorOf", ...]] = field(default_factory=list)
    listed: list[bool] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.config["name"])


@dataclass(frozen=True)
class TensorOf:
    """What one call of a layer gives."""

    layer: MadeLayer
    call: int


@dataclass(frozen=True)
class MadeModel:
    """What `keras.Model(...)` gives."""

    name: str
    inputs: tuple[TensorOf, ...]
    outputs: tuple[TensorOf, ...]


class Recorder:
    """Gives layers without a name one as Keras does, and keeps to the limit of layers."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.total = 0

    def layer(self, kind: str, config: dict[str, Any]) -> MadeLayer:
        """Return a new layer."""
        if "name" not in config:
            stem = snake_case(kind).replace("_d", "d")
            self.counts[stem] = self.counts.get(stem, -1) + 1
            config["name"] = f"{stem}_{self.counts[stem]}" if self.counts[stem] else stem
        return MadeLayer(kind, config)

    def call(self, layer: MadeLayer, tensors: Sequence[TensorOf], listed: bool) -> TensorOf:
        """Return what a layer gives when called on tensors."""
        self.total += 1
        if self.total > MAX_CALLS:
            raise ReadError(f"a model may have {MAX_CALLS:,} layers, got more")
        layer.calls.append(tuple(tensors))
        layer.listed.append(listed)
        return TensorOf(layer, len(layer.calls) - 1)


def architecture_of(model: MadeModel) -> dict[str, Any]:
    """Return a model as Keras writes it: what leads to its outputs, and its inputs.

    Raises:
        ReadError: it has more layers than a design has nodes.
    """
    reached = _reached([*model.outputs, *model.inputs])
    require_few(len(reached))
    numbers: dict[TensorOf, int] = {}
    calls: dict[MadeLayer, list[TensorOf]] = {}
    for tensor in sorted(reached, key=lambda one: one.call):
        own = calls.setdefault(tensor.layer, [])
        numbers[tensor] = len(own)
        own.append(tensor)
    layers = [_entry(layer, calls[layer], numbers) for layer in _in_order(reached)]
    return {
        "class_name": "Functional",
        "config": {
            "name": model.name,
            "layers": layers,
            "input_layers": [_place(tensor, numbers) for tensor in model.inputs],
            "output_layers": [_place(tensor, numbers) for tensor in model.outputs],
        },
    }


def _reached(ends: Sequence[TensorOf]) -> dict[TensorOf, None]:
    """Return the calls that lead to some tensors, each after what it reads."""
    done: dict[TensorOf, None] = {}
    waiting = list(reversed(ends))
    while waiting:
        tensor = waiting[-1]
        before = [one for one in tensor.layer.calls[tensor.call] if one not in done]
        if before and tensor not in done:
            waiting += reversed(before)
        else:
            done[waiting.pop()] = None
    return done


def _in_order(reached: Mapping[TensorOf, None]) -> list[MadeLayer]:
    return list(dict.fromkeys(tensor.layer for tensor in reached))


def _entry(
    layer: MadeLayer, calls: Sequence[TensorOf], numbers: Mapping[TensorOf, int]
) -> dict[str, Any]:
    inbound: list[dict[str, Any]] = []
    for tensor in calls if layer.kind != "InputLayer" else ():
        read = [_keras_tensor(one, numbers) for one in layer.calls[tensor.call]]
        args = [read] if layer.listed[tensor.call] else read
        inbound.append({"args": args, "kwargs": {}})
    return {
        "class_name": layer.kind,
        "module": "keras.layers",
        "name": layer.name,
        "config": plain(layer.config),
        "inbound_nodes": inbound,
    }


def _keras_tensor(tensor: TensorOf, numbers: Mapping[TensorOf, int]) -> dict[str, Any]:
    history = {"keras_history": _place(tensor, numbers)}
    return {"class_name": "__keras_tensor__", "config": history}


def _place(tensor: TensorOf, numbers: Mapping[TensorOf, int]) -> list[Any]:
    return [tensor.layer.name, numbers[tensor], 0]


def plain(value: Any) -> Any:
    """Return a value of a config as JSON has it; objects and layers in Keras' form."""
    if isinstance(value, Made):
        return {"class_name": value.class_name, "config": plain(value.config)}
    if isinstance(value, MadeLayer):
        return {"class_name": value.kind, "config": plain(value.config)}
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value
