"""From the nested config of a Keras model to a flat list of calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

from blocks.errors import LayerError, ReadError
from blocks.graph import Shape
from blocks.imports.calls import Call
from blocks.imports.keras_layers import Entry, entry_of, is_model, layer_name
from blocks.imports.stand_ins import at_inference, stand_in
from blocks.imports.wiring import NESTED, Ref, Wire, ends_of, wires_of
from blocks.layers import RULES, canonical
from blocks.layers.stock import checked

MAX_CALLS = 20_000
MAX_NESTED = 20
MAX_RANK = 9


@dataclass
class Flattener:
    """Collects the calls of a model and of the models inside it, each after what it reads.

    A layer is known by the names of the models around it and its own, so that a second call of
    it, or of a model around it, is found to be one of the same layer.
    """

    calls: dict[str, Call] = field(default_factory=dict)
    called: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    names: dict[tuple[str, ...], str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    inputs: list[str] = field(default_factory=list)

    def model(
        self, data: Mapping[str, Any], path: tuple[str, ...] = (), given: Sequence[str] = ()
    ) -> list[str]:
        """Add the calls of a model on the calls `given`; return those that give its outputs.

        Raises:
            ReadError: naming the layer that cannot be held, or what is damaged.
        """
        config = data.get("config")
        layers = config if isinstance(config, list) else _field(config, "layers", list)
        if len(path) > MAX_NESTED:
            raise ReadError(f"models may stand in each other {MAX_NESTED} deep, got more")
        for layer in layers:
            if not isinstance(layer, Mapping):
                raise ReadError(f"a layer must be an object, got {layer!a:.60}")
        if data["class_name"] == "Sequential":
            return self._sequential(layers, config, path, given)
        return self._functional(layers, config, path, given)

    def finished(self) -> tuple[Call, ...]:
        """Return the calls, those of one layer marked as such."""
        shared = {name: names[0] for names in self.called.values() for name in names if names[1:]}
        return tuple(
            call._replace(shared=shared[name]) if name in shared else call
            for name, call in self.calls.items()
        )

    def _sequential(
        self, layers: Sequence[Any], config: Any, path: tuple[str, ...], given: Sequence[str]
    ) -> list[str]:
        if not layers:
            raise ReadError("a sequential model must have layers, got none")
        tensors = list(given)
        for layer in layers:
            if layer.get("class_name") == "InputLayer" or not tensors:
                if not tensors:
                    tensors = [self._input(*_source(layer, config))]
                if layer.get("class_name") == "InputLayer":
                    continue
            tensors = self._call(layer, path, tensors, Wire(()))
        return tensors

    def _functional(
        self, layers: Sequence[Any], config: Any, path: tuple[str, ...], given: Sequence[str]
    ) -> list[str]:
        wires: dict[tuple[str, int], tuple[Any, Wire]] = {}
        for layer in layers:
            name = _name(layer)
            if (name, 0) in wires:
                raise ReadError(f"the layer name {name!a:.80} stands twice in the model")
            kind = NESTED if is_model(layer) else str(layer.get("class_name"))
            for index, wire in enumerate(wires_of(name, kind, layer.get("inbound_nodes", []))):
                wires[name, index] = (layer, wire)
            if not layer.get("inbound_nodes"):
                wires[name, 0] = (layer, Wire(()))
        tensors: dict[Ref, str] = {}
        sources = ends_of(_field(config, "input_layers", list | dict))
        for ref, name in zip(sources, given, strict=False):
            tensors[ref] = name
        if given and len(given) != len(sources):
            raise ReadError(
                f"{path[-1]}: it has {len(sources)} inputs, but is called on {len(given)} tensors"
            )
        for name, index in _sorted(wires):
            layer, wire = wires[name, index]
            if Ref(name, index, 0) in tensors:
                continue
            read = [_look_up(tensors, ref, name) for ref in wire.refs]
            if layer.get("class_name") == "InputLayer":
                made = [self._input(entry_of(layer), layer["config"])]
            else:
                made = self._call(layer, path, read, wire)
            tensors |= {Ref(name, index, place): one for place, one in enumerate(made)}
        if not path:
            self.inputs = [_look_up(tensors, ref, "the inputs") for ref in sources]
        ends = ends_of(_field(config, "output_layers", list | dict))
        return [_look_up(tensors, ref, "the outputs") for ref in ends]

    def _call(
        self, layer: Any, path: tuple[str, ...], read: Sequence[str], wire: Wire
    ) -> list[str]:
        if is_model(layer):
            inner = (*path, _name(layer))
            before = len(self.calls)
            leaving = self.model(layer, inner, read)
            for name in list(self.calls)[before:] if wire.inference else ():
                self.calls[name] = at_inference(self.calls[name])
            return leaving
        entry = entry_of(layer)
        if not read:
            raise ReadError(f"{entry.name}: nothing comes in, and it is no input of the model")
        return [self._layer(entry, path, read, wire)]

    def _layer(self, entry: Entry, path: tuple[str, ...], read: Sequence[str], wire: Wire) -> str:
        identity = (*path, entry.name)
        if identity not in self.names:
            self.names[identity] = self._free(entry.name, path)
        first = self.names[identity]
        earlier = self.called.setdefault(identity, [])
        name = f"{first}_call_{len(earlier) + 1}" if earlier else first
        for call in stand_in(entry, name, [self.calls[one] for one in read], wire.operands):
            made = self._counted(call)
            self.calls[call.name] = at_inference(made) if wire.inference else made
        earlier.append(name)
        if len(self.calls) > MAX_CALLS:
            raise ReadError(f"a model may have {MAX_CALLS:,} layers, got more")
        return name

    def _counted(self, call: Call) -> Call:
        """Return a call with its canonical config, its shape and its weights."""
        shapes: list[Shape] = [self.calls[name].shape for name in call.inputs]
        try:
            config = canonical(call.kind, call.config, shapes)
            outcome = checked(RULES, call.kind, config, shapes)
        except LayerError as error:
            raise ReadError(f"{call.name}: {error}") from None
        return call._replace(config=config, shape=outcome.shape, weights=outcome.weights)

    def _free(self, name: str, path: tuple[str, ...]) -> str:
        """Return a layer's name, that of the model around it in front where it is taken."""
        if name in self.taken and path:
            name = f"{path[-1]}_{name}"
        if name in self.taken:
            raise ReadError(f"the layer name {name!a:.80} stands twice in the model")
        self.taken.add(name)
        return name

    def _input(self, entry: Entry, config: Mapping[str, Any]) -> str:
        shape, batch = _batch_shape(entry.name, config)
        for flag in ("sparse", "ragged", "optional"):
            if config.get(flag):
                raise ReadError(f"{entry.name}: a {flag} input cannot be held")
        found = {"shape": shape} | ({"batch_size": batch} if batch else {})
        name = self._free(entry.name, ())
        self.calls[name] = Call(name, "InputLayer", found, shape=shape, dtype=entry.dtype)
        self.inputs.append(name)
        return name


def _source(layer: Mapping[str, Any], config: Any) -> tuple[Entry, Mapping[str, Any]]:
    """Return the input of a sequential model: its first entry, or the shape the model was built on.

    Raises:
        ReadError: the file tells no shape.
    """
    given = layer.get("config")
    given = given if isinstance(given, Mapping) else {}
    if layer.get("class_name") == "InputLayer":
        return entry_of(layer), given
    shape = given.get("batch_input_shape") or given.get("batch_shape")
    if shape is None and isinstance(config, Mapping):
        shape = config.get("build_input_shape")
    if shape is None:
        raise ReadError("the model has no input shape; build it, or add an Input, before saving it")
    name = f"{_name(layer)}_input"
    return Entry(name, "InputLayer", {}, True, "float32"), {"batch_shape": shape}


def _batch_shape(name: str, config: Mapping[str, Any]) -> tuple[Shape, int | None]:
    found = config.get("batch_shape") or config.get("batch_input_shape")
    lengths = found if isinstance(found, list) and 2 <= len(found) <= MAX_RANK else [0]
    if not all(length is None or _is_length(length) for length in lengths):
        raise ReadError(f"{name}: its shape must be lengths from 1 or null, got {found!a:.60}")
    return tuple(lengths[1:]), lengths[0]


def _is_length(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 100_000_000


def _sorted(wires: Mapping[tuple[str, int], tuple[Any, Wire]]) -> list[tuple[str, int]]:
    """Return the calls so that each follows what it reads."""
    reads = {
        call: [(ref.layer, ref.call) for ref in wire.refs] for call, (_, wire) in wires.items()
    }
    for call, before in reads.items():
        for name, index in before:
            if (name, index) not in reads:
                raise ReadError(f"{call[0]}: it reads {name!a:.60}, which is not in the model")
    try:
        return list(TopologicalSorter(reads).static_order())
    except CycleError as error:
        raise ReadError(f"{error.args[1][0][0]}: it stands in a circle of layers") from None


def _look_up(tensors: Mapping[Ref, str], ref: Ref, reader: str) -> str:
    if ref not in tensors:
        raise ReadError(f"{reader}: there is no tensor {ref.tensor} of {ref.layer!a:.60}")
    return tensors[ref]


def _name(layer: Mapping[str, Any]) -> str:
    config = layer.get("config")
    inner = config.get("name") if isinstance(config, Mapping) else None
    return layer_name(layer.get("name") or inner)


def _field(config: Any, name: str, kind: Any) -> Any:
    value = config.get(name) if isinstance(config, Mapping) else None
    if not isinstance(value, kind):
        raise ReadError(f"a model's config must have {name}, got {value!a:.60}")
    return value
