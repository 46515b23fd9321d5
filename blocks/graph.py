"""The layer graph: the one description that every back end reads."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import Any, NamedTuple

Shape = tuple[int | None, ...]
"""A tensor's shape without its batch axis; None is an axis of open length."""


class Weight(NamedTuple):
    """One variable of a layer: its role ("kernel", "gamma", ...), shape, and if it is trained."""

    role: str
    shape: tuple[int, ...]
    trainable: bool = True

    @property
    def size(self) -> int:
        return prod(self.shape)


class Loop(NamedTuple):
    """One turn of a loop inside a block; turns count from 0."""

    label: str
    turn: int
    turns: int


class Inside(NamedTuple):
    """One repetition, counted from 0, of a node within an own block; its block as it is set there.

    The graph only hands the block on, to those who know what blocks are.
    """

    node: str
    repeat: int
    repeats: int
    block: Any


@dataclass(frozen=True)
class Scope:
    """Where in a design a layer comes from.

    `node` is the node's name and `repeat` the repetition of it; `loops` are the loops inside the
    block that were open when the layer was added, outermost first. Of an own block, `inside` leads
    from its inner node to the one whose layer it is.
    """

    node: str
    repeat: int = 0
    loops: tuple[Loop, ...] = ()
    inside: tuple[Inside, ...] = field(default=(), hash=False)

    @property
    def path(self) -> tuple[tuple[str, int], ...]:
        """The node and those inside it that lead to the layer, each with its repetition."""
        return (self.node, self.repeat), *((here.node, here.repeat) for here in self.inside)


class Layer(NamedTuple):
    """One call of one Keras layer.

    `kind` is the Keras class name, `config` its keyword arguments, `inputs` the names of the
    layers it reads. `shape` has no batch axis; `macs` are multiply-adds per sample.
    Several calls of one layer have the name of the first in `shared`; its weights stand there.
    """

    name: str
    kind: str
    config: Mapping[str, Any]
    inputs: tuple[str, ...]
    shape: Shape
    weights: tuple[Weight, ...]
    macs: int
    scope: Scope
    shared: str = ""

    @property
    def calls_again(self) -> bool:
        """True for every call of a shared layer but the first."""
        return self.shared not in ("", self.name)

    @property
    def trainable(self) -> int:
        return sum(weight.size for weight in self.weights if weight.trainable)

    @property
    def non_trainable(self) -> int:
        return sum(weight.size for weight in self.weights if not weight.trainable)

    @property
    def params(self) -> int:
        return self.trainable + self.non_trainable

    @property
    def elements(self) -> int:
        """Values in the output of one sample; an open axis counts as one."""
        return prod(1 if axis is None else axis for axis in self.shape)


@dataclass(frozen=True)
class LayerGraph:
    """Layers in topological order; a layer refers only to earlier ones."""

    layers: tuple[Layer, ...] = ()
    outputs: tuple[str, ...] = ()
    _index: Mapping[str, Layer] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", {layer.name: layer for layer in self.layers})

    def __getitem__(self, name: str) -> Layer:
        return self._index[name]

    def __iter__(self) -> Iterator[Layer]:
        return iter(self.layers)

    def __len__(self) -> int:
        return len(self.layers)

    @property
    def inputs(self) -> tuple[str, ...]:
        return tuple(layer.name for layer in self.layers if layer.kind == "InputLayer")

    def of_node(self, name: str) -> Sequence[Layer]:
        """Return the layers of a node, given by its name, in their order."""
        return self._nodes.get(name, [])

    def weights_of(self, layer: Layer) -> tuple[Weight, ...]:
        """Return the weights a layer works with; those of a shared one stand at its first call."""
        return self[layer.shared].weights if layer.calls_again else layer.weights

    @cached_property
    def _nodes(self) -> dict[str, list[Layer]]:
        layers: dict[str, list[Layer]] = {}
        for layer in self.layers:
            layers.setdefault(layer.scope.node, []).append(layer)
        return layers

    @cached_property
    def hash(self) -> str:
        """The structural hash: kinds, configs and wiring, whatever the layers are called.

        The order in which the layers stand makes no difference, that of inputs and outputs does.
        """
        order = self.walk()
        position = {name: index for index, name in enumerate(order)}
        rows = []
        for layer in map(self.__getitem__, order):
            row = [layer.kind, settled(layer.config), [position[name] for name in layer.inputs]]
            rows.append([*row, position[layer.shared]] if layer.calls_again else row)
        ends = [[position[name] for name in names] for names in (self.inputs, self.outputs)]
        text = json.dumps([rows, *ends], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def walk(self) -> list[str]:
        """Return the names so that each layer follows its inputs, walked from the outputs.

        Graphs of the same hash are walked alike, layer by layer.
        """
        done: dict[str, None] = {}
        stack = [*(layer.name for layer in reversed(self.layers)), *reversed(self.outputs)]
        while stack:
            name = stack[-1]
            waiting = [source for source in self[name].inputs if source not in done]
            if waiting and name not in done:
                stack.extend(reversed(waiting))
            else:
                done[stack.pop()] = None
        return list(done)


def settled(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return a config without what makes no difference in it.

    A pooling's stride that is its size is what Keras takes anyway; a window of one place reaches
    over no edge, whatever its padding; a wrapped layer's name is no more than a name.
    """
    found = dict(config)
    if isinstance(wrapped := found.get("layer"), Mapping):
        inner = {key: value for key, value in wrapped["config"].items() if key != "name"}
        found["layer"] = {**wrapped, "config": settled(inner)}
    size = found.get("kernel_size", found.get("pool_size"))
    if "pool_size" in found and found.get("strides") == found["pool_size"]:
        del found["strides"]
    if size == 1 and found.get("padding") in ("same", "valid"):
        del found["padding"]
    return found
