"""Layers that PyTorch code says in one statement with a neighbour."""

from collections import Counter
from collections.abc import Hashable, Iterator
from itertools import zip_longest

from blocks.graph import Layer, LayerGraph

PAD_CHANNELS = "PadChannels"
"""The kind of the layer that stands for padding zeros behind the channels; its config: amount."""

ACTIVATED = (
    "Conv1D",
    "Conv2D",
    "Conv3D",
    "Conv1DTranspose",
    "Conv2DTranspose",
    "Conv3DTranspose",
    "DepthwiseConv1D",
    "DepthwiseConv2D",
    "SeparableConv1D",
    "SeparableConv2D",
    "Dense",
    "BatchNormalization",
    "LayerNormalization",
    "GroupNormalization",
    "Add",
    "Concatenate",
)
"""Kinds whose statement may hold the activation that follows."""

PADDED = ("Conv1D", "Conv2D", "Conv3D", "DepthwiseConv1D", "DepthwiseConv2D")


Place = Hashable
"""A block, or one turn of a loop in it."""


def fused(graph: LayerGraph) -> LayerGraph:
    """Return a graph in which some layers stand for several neighbours in one block.

    An activation goes to the layer before it, and a padding to the convolution after it, as
    `padding` in numbers. Two permutations around a padding become a padding of channels.
    """
    return _Fuser(graph).graph()


class _Fuser:
    def __init__(self, graph: LayerGraph) -> None:
        self.layers = {layer.name: layer for layer in graph}
        self.outputs = graph.outputs
        self.reads = Counter(name for layer in graph for name in layer.inputs)
        self.reads.update(graph.outputs)
        self.within = Counter(place for layer in graph for place in _places(layer))
        self.stands_for: dict[str, str] = {}

    def graph(self) -> LayerGraph:
        for layer in list(self.layers.values()):
            if layer.kind.startswith("ZeroPadding"):
                self._pad_channels(layer)
        for layer in list(self.layers.values()):
            if layer.kind in PADDED:
                self._padding(layer)
            elif layer.kind == "Activation":
                self._activation(layer)
        layers = tuple(
            layer._replace(inputs=tuple(map(self._name, layer.inputs)))
            for layer in self.layers.values()
        )
        return LayerGraph(layers, tuple(map(self._name, self.outputs)))

    def _name(self, name: str) -> str:
        while name in self.stands_for:
            name = self.stands_for[name]
        return name

    def _alone(self, reader: Layer) -> Layer | None:
        """Return the layer that a layer of the same block alone reads, if it reads but one."""
        source = self.layers.get(self._name(reader.inputs[0]))
        if source is None or len(reader.inputs) > 1 or self.reads[source.name] > 1:
            return None
        return source if self._place(source) == self._place(reader) else None

    def _place(self, layer: Layer) -> Place:
        """Return the turn of a loop, or else the innermost block of several layers, around it.

        A block inside an own block that repeats is a loop of its own, be it of one layer.
        """
        if layer.scope.loops:
            return layer.scope
        repeats = [here.repeats for here in reversed(layer.scope.inside)]
        for place, times in zip_longest(_places(layer), repeats, fillvalue=1):
            if self.within[place] > 1 or times > 1:
                return place
        return layer.name

    def _pad_channels(self, pad: Layer) -> None:
        before = self._alone(pad)
        after = next((one for one in self.layers.values() if one.inputs == (pad.name,)), None)
        if before is None or after is None or self._alone(after) is not pad:
            return
        rank = len(pad.shape)
        turns = (rank, *range(1, rank)), (*range(2, rank + 1), 1)
        turned = [tuple(one.config.get("dims", ())) for one in (before, after)] == list(turns)
        padding = pad.config.get("padding")
        first, rest = (padding, ()) if rank == 2 else _parted(padding)
        if not turned or not isinstance(first, tuple) or first[0] or any(map(any, rest)):
            return
        self.layers[pad.name] = pad._replace(
            kind=PAD_CHANNELS,
            config={"amount": first[1]},
            inputs=before.inputs,
            shape=after.shape,
        )
        self._drop(after, pad)
        del self.layers[before.name]

    def _padding(self, conv: Layer) -> None:
        pad = self._alone(conv)
        if pad is None or not pad.kind.startswith("ZeroPadding"):
            return
        amount = pad.config.get("padding", 1)
        if isinstance(amount, int) and conv.config.get("padding", "valid") == "valid":
            config = {**conv.config, "padding": amount}
            self.layers[conv.name] = conv._replace(config=config, inputs=pad.inputs)
            del self.layers[pad.name]

    def _activation(self, layer: Layer) -> None:
        source = self._alone(layer)
        if source is None or source.kind not in ACTIVATED or source.shared:
            return
        if source.config.get("activation", "linear") == "linear":
            config = {**source.config, "activation": layer.config["activation"]}
            self.layers[source.name] = source._replace(config=config)
            self._drop(layer, source)

    def _drop(self, layer: Layer, kept: Layer) -> None:
        del self.layers[layer.name]
        self.stands_for[layer.name] = kept.name
        self.reads[kept.name] = self.reads[layer.name]


def _places(layer: Layer) -> Iterator[Place]:
    """Yield the blocks that a layer stands in, the innermost one first."""
    path = layer.scope.path
    yield from (path[:depth] for depth in range(len(path), 0, -1))


def _parted(padding: object) -> tuple[object, tuple[tuple[int, int], ...]]:
    """Return the padding of the first axis, and those of the others; nothing where it is not so."""
    if isinstance(padding, tuple) and all(isinstance(pair, tuple) for pair in padding):
        return padding[0], padding[1:]
    return None, ()
