"""How deep a network is: layers on its longest way from an input to an output."""

from blocks.graph import Layer, LayerGraph


def depth(graph: LayerGraph) -> int:
    """Return the layers on the longest way, inputs and activations included."""
    return max(layer_depths(graph).values(), default=0)


def layer_depths(graph: LayerGraph) -> dict[str, int]:
    """Return how many layers the longest way from an input to each layer has, itself included."""
    return _ways(graph, {layer.name: 1 for layer in graph})


def weighted_depth(graph: LayerGraph) -> int:
    """Return the convolutions and dense layers on the longest way, as ResNet-152 is named.

    Normalisations have weights too, but papers do not count them; a separable convolution is one.
    """
    ways = _ways(graph, {layer.name: int(_counts(graph, layer)) for layer in graph})
    return max(ways.values(), default=0)


def _counts(graph: LayerGraph, layer: Layer) -> bool:
    return any(weight.role.endswith("kernel") for weight in graph.weights_of(layer))


def _ways(graph: LayerGraph, steps: dict[str, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for layer in graph:
        before = max((found[name] for name in layer.inputs), default=0)
        found[layer.name] = before + steps[layer.name]
    return found
