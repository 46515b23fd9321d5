"""Telling whether a block stands for a few calls of an imported model, layer for layer."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from blocks.block import Block
from blocks.build import build_block
from blocks.errors import LayerError
from blocks.graph import Layer, settled
from blocks.imports.calls import Call, Model
from blocks.layers import Layers, Tensor, canonical

PREFIX = "n"
Form = Callable[[Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Piece:
    """A block and the calls it stands for: by their names within the block, head last.

    `inputs` are the calls it reads; `frozen` is true where its weights are not trained. `leaves`
    gives the port of every call that leaves it, where that is more than the head; `name` is what
    it is called, where that is known.
    """

    block: Block
    head: str
    inputs: tuple[str, ...]
    members: Mapping[str, str]
    frozen: bool = False
    note: str = ""
    leaves: Mapping[str, str] = field(default_factory=dict)
    name: str = ""

    def ports(self) -> dict[str, str]:
        """Return the port at which each call leaves that others may read."""
        return dict(self.leaves) or {self.head: "out"}


class Index:
    """The calls of a model by name, and who reads each."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.calls = {call.name: call for call in model.calls}
        self.readers: dict[str, list[str]] = defaultdict(list)
        self.tried = 0  # layers of blocks that were built to be compared
        for call in model.calls:
            for name in call.inputs:
                self.readers[name].append(call.name)

    @cached_property
    def outputs(self) -> frozenset[str]:
        return frozenset(self.model.outputs)

    def before(self, call: Call) -> Call | None:
        """Return what a call of one input reads, if nothing else reads it."""
        if len(call.inputs) != 1:
            return None
        source = self.calls[call.inputs[0]]
        alone = self.readers[source.name] == [call.name] and source.name not in self.outputs
        return source if alone else None


def fit(
    index: Index, block: Block, head: str, inputs: Sequence[str], *, to_the_letter: bool = False
) -> Piece | None:
    """Return the piece of a model that ends in `head` and that a block on `inputs` stands for.

    Every layer of the block is one call: the same kind, arguments and wiring, read by nothing
    else; and there are no others. Arguments that make no difference, such as the padding of a
    window of one place, may differ unless they are to be equal `to_the_letter`.
    """
    if any(block.problems()):
        return None
    nn = Layers()
    nn.prefix = PREFIX
    sources = [Tensor(f"<{name}", index.calls[name].shape) for name in inputs]
    try:
        leaving = block.build(nn, *sources)
    except LayerError:
        return None
    index.tried += len(nn.layers)
    built = {layer.name: layer for layer in nn.layers}
    members = _matched(index, built, leaving.layer, head, dict if to_the_letter else settled)
    if members is None or len(members) != len(nn.layers) or not _alone(index, members, head):
        return None
    calls = [index.calls[name] for name in members.values()]
    trainable = {call.trainable for call in calls if call.weights}
    if len(trainable) > 1 or any(_peculiar(call) for call in calls):
        return None
    return Piece(block, head, tuple(inputs), members, frozen=trainable == {False})


def built_alone(index: Index, block: Block, inputs: Sequence[str]) -> dict[str, Layer]:
    """Return the layers of a block that reads calls of a model, by their names within it."""
    nn = Layers()
    nn.prefix = PREFIX
    sources = [Tensor(f"<{name}", index.calls[name].shape) for name in inputs]
    build_block(nn, block, sources, lambda inner: inner)
    return {layer.name.removeprefix(PREFIX).removeprefix("_"): layer for layer in nn.layers}


def _matched(
    index: Index, built: Mapping[str, Layer], leaving: str, head: str, form: Form
) -> dict[str, str] | None:
    """Pair the layers of a block with calls, from its end to its inputs."""
    members: dict[str, str] = {}
    paired: dict[str, str] = {}
    waiting = [(leaving, head)]
    while waiting:
        name, call_name = waiting.pop()
        if name.startswith("<"):
            if name != f"<{call_name}":
                return None
        elif name in paired:
            if paired[name] != call_name:
                return None
        else:
            layer, call = built[name], index.calls[call_name]
            if not _same(index, layer, call, form):
                return None
            paired[name] = call_name
            members[name.removeprefix(PREFIX).removeprefix("_")] = call_name
            waiting += zip(layer.inputs, call.inputs, strict=True)
    return members if len(set(paired.values())) == len(paired) else None


def _same(index: Index, layer: Layer, call: Call, form: Form) -> bool:
    if layer.kind != call.kind or len(layer.inputs) != len(call.inputs):
        return False
    if layer.kind == "InputLayer":
        return dict(layer.config) == call.config
    shapes = [index.calls[name].shape for name in call.inputs]
    return form(canonical(layer.kind, layer.config, shapes)) == form(call.config)


def _alone(index: Index, members: Mapping[str, str], head: str) -> bool:
    inside = set(members.values())
    return all(
        name not in index.outputs and inside.issuperset(index.readers[name])
        for name in inside - {head}
    )


def _peculiar(call: Call) -> bool:
    """Tell whether a call has what only a block for any Keras layer can hold."""
    odd_dtype = call.dtype != "float32" and call.kind != "InputLayer"
    return odd_dtype or bool(call.shared) or bool(call.note)
