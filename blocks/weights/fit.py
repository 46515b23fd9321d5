"""Which layers of a design its carried weights still fit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from blocks.carried import Carried
from blocks.design import Design
from blocks.errors import ReadError
from blocks.graph import Layer, LayerGraph
from blocks.weights import files
from blocks.weights.files import Array, Form
from blocks.weights.store import index_of, path_of


@dataclass(frozen=True)
class Fit:
    """How carried weights fit a design.

    `layers` are the names of those that get carried values, each with the name that the file has
    for it; `wanted` counts the design's layers that have weights; `there` is false where the file
    is not on this machine.
    """

    carried: Carried
    layers: Mapping[str, str]
    wanted: int
    there: bool = True

    def sentence(self) -> str:
        """Say it in a sentence."""
        source = self.carried.source
        if not self.there:
            return (
                f"the weights from {source} are not on this machine, so all layers start with "
                "fresh values; import the model again with its weights to have them here"
            )
        if len(self.layers) == self.wanted:
            return f"weights from {source} for {self.wanted} of {self.wanted} layers"
        return (
            f"weights from {source}: {len(self.layers)} of {self.wanted} layers still fit; the "
            "others start with fresh values"
        )


def form_of(layer: Layer) -> Form:
    """Return role and shape of each weight of a layer."""
    return tuple((weight.role, weight.shape) for weight in layer.weights)


def weights_fit(design: Design, graph: LayerGraph) -> Fit | None:
    """Return how the weights that a design carries fit its layers; None where it carries none.

    A layer gets its values when name, roles and shapes are those of the file. A block that was
    renamed keeps the values that the file has under its name of before.
    """
    if design.weights is None:
        return None
    index = index_of(design.weights)
    weighted = [layer for layer in graph if layer.weights]
    fitting = _fitting(index or {}, weighted, _before(design, design.weights))
    return Fit(design.weights, fitting, len(weighted), index is not None)


def _fitting(
    index: Mapping[str, Form], weighted: Sequence[Layer], before: Mapping[str, str]
) -> dict[str, str]:
    """Return the layers that the file has values for, with its names for them.

    Those of renamed blocks come first: what is called so now does not take their values.
    """
    found: dict[str, str] = {}
    for layer in weighted:
        name = layer.name
        node = layer.scope.node
        if node in before and (name == node or name.startswith(f"{node}_")):
            name = before[node] + name.removeprefix(node)
            if index.get(name) == form_of(layer):
                found[layer.name] = name
    taken = set(found.values())
    for layer in weighted:
        free = layer.name not in found and layer.name not in taken
        if free and index.get(layer.name) == form_of(layer):
            found[layer.name] = layer.name
    return found


def _before(design: Design, carried: Carried) -> dict[str, str]:
    """Return the name that the file knows a renamed block by, by its name now."""
    known = carried.renamed.items()
    return {design.nodes[key].name: name for key, name in known if key in design.nodes}


def carried_layers(found: Fit) -> Iterator[tuple[str, list[Array]]]:
    """Yield the values of the layers that fit, a layer at a time; the file is verified first.

    Raises:
        ReadError: the file is not what its name says.
    """
    if not found.layers:
        return
    path = path_of(found.carried)
    if files.digest(path) != found.carried.id:
        raise ReadError(
            f"the weights from {found.carried.source} are damaged on this disk; import the model "
            "again with its weights"
        )
    ours = {name: layer for layer, name in found.layers.items()}
    for name, arrays in files.read_layers(path, ours):
        yield ours[name], arrays
