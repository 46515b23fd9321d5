"""Adding layers to a graph: tensors, scopes, names, and the rule each kind of layer obeys."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from blocks.errors import LayerError
from blocks.graph import Layer, Loop, Scope, Shape, Weight


class Tensor(NamedTuple):
    """What a layer gives: the layer's name and the shape, without the batch axis."""

    layer: str
    shape: Shape

    @property
    def channels(self) -> int:
        """Length of the last axis.

        Raises:
            LayerError: the last axis is open.
        """
        if self.shape[-1] is None:
            raise LayerError("the number of channels must be known, got an open last axis")
        return self.shape[-1]

    @property
    def spatial(self) -> Shape:
        """The axes before the channels: (length,) of a signal, (height, width) of an image."""
        return self.shape[:-1]


class Outcome(NamedTuple):
    """What a rule says of one layer: its output shape, its weights and its multiply-adds."""

    shape: Shape
    weights: tuple[Weight, ...] = ()
    macs: int = 0


Rule = Callable[[Mapping[str, Any], Sequence[Shape]], Outcome]
"""From a layer's config and the shapes of its inputs to its outcome; raises LayerError."""


def shape_text(shape: Shape, *, grouped: bool = False) -> str:
    """Return a shape as people write it: 128x128x64, with ? for an open axis.

    `grouped` puts separators between thousands, for people to read: 3,211,264.
    """
    write = "{:,}" if grouped else "{}"
    return "x".join("?" if axis is None else write.format(axis) for axis in shape)


def require_spatial(kind: str, shape: Shape) -> None:
    """Refuse a tensor that has no places.

    Raises:
        LayerError: `shape` is neither a signal's nor an image's.
    """
    if len(shape) not in (2, 3):
        raise LayerError(f"{kind} needs a signal or an image as input, got {describe(shape)}")


def describe(shape: Shape) -> str:
    """Return a shape with a word for what it is."""
    words = {1: "a vector", 2: "a signal", 3: "an image"}
    return f"{words.get(len(shape), 'a tensor')} of shape {shape_text(shape)}"


@dataclass
class Builder:
    """Collects the layers of a design; each family of layers adds its methods in a subclass.

    `names` replaces names of single layers, by their places in the block, and `given`, which goes
    before, by their places in the node, unless all are to have `plain_names`.
    """

    rules: Mapping[str, Rule]
    layers: list[Layer] = field(default_factory=list)
    scope: Scope = field(default_factory=lambda: Scope(""))
    prefix: str = ""
    frozen: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    plain_names: bool = False

    def layer(
        self,
        kind: str,
        inputs: Sequence[Tensor],
        config: Mapping[str, Any],
        local: str = "",
        shared: str = "",
    ) -> Tensor:
        """Add one layer of a Keras class and return its output.

        `local` is its name within the block; inside `times` the loop's count follows it.
        Layers with the same word in `shared` are one layer of that name, called several times.

        Raises:
            LayerError: the layer breaks a rule of its kind.
        """
        if self.scope.loops:
            local += "_".join(str(loop.turn + 1) for loop in self.scope.loops)
        name = self._named(local)
        outcome = self.rules[kind](config, [tensor.shape for tensor in inputs])
        weights = outcome.weights
        if self.frozen and weights:
            config = {**config, "trainable": False}
            weights = tuple(weight._replace(trainable=False) for weight in weights)
        layer = Layer(
            name=name,
            kind=kind,
            config=config,
            inputs=tuple(tensor.layer for tensor in inputs),
            shape=outcome.shape,
            weights=weights,
            macs=outcome.macs,
            scope=self.scope,
        )
        layer = self._one_call(layer, shared) if shared else layer
        self.layers.append(layer)
        return Tensor(layer.name, outcome.shape)

    def _spatial(self, kind: str, x: Tensor, config: Mapping[str, Any], local: str) -> Tensor:
        """Add a layer of a class that has its rank in its name: 1D on a signal, 2D on an image."""
        require_spatial(kind.format(""), x.shape)
        return self.layer(kind.format(len(x.spatial)), [x], config, local)

    def _named(self, local: str) -> str:
        usual = f"{self.prefix}_{local}" if local else self.prefix
        if self.plain_names:
            return usual
        place = usual.removeprefix(self.scope.node).removeprefix("_") if self.given else ""
        return self.given.get(place) or self.names.get(local) or usual

    def _one_call(self, layer: Layer, shared: str) -> Layer:
        """Return a layer as one call of the shared layer of a name.

        Raises:
            LayerError: the calls before this one are of another kind, config or size.
        """
        calls = [other for other in self.layers if other.shared == shared]
        if not calls:
            return layer._replace(name=shared, shared=shared)
        first = calls[0]
        if (first.kind, first.config, first.weights) != (layer.kind, layer.config, layer.weights):
            raise LayerError(
                f"all calls of the shared layer {shared} need the same kind, arguments and input "
                f"channels, got {first.kind} and {layer.kind} that differ; give one another word"
            )
        return layer._replace(name=f"{shared}_call_{len(calls) + 1}", weights=(), shared=shared)

    def times(self, count: int, label: str = "loop") -> Iterator[int]:
        """Yield 0, 1, ... count - 1; layers added meanwhile know the loop they stand in."""
        for index in range(count):
            with self._inside(Loop(label, index, count)):
                yield index

    @contextmanager
    def _inside(self, loop: Loop) -> Iterator[None]:
        outer = self.scope
        self.scope = replace(outer, loops=(*outer.loops, loop))
        try:
            yield
        finally:
            self.scope = outer


def trimmed(config: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Return a config without the entries that only say what Keras assumes anyway."""
    missing = object()
    return {key: value for key, value in config.items() if defaults.get(key, missing) != value}
