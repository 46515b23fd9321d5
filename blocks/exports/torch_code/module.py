"""Writing the whole file: imports, helpers, one class per type of block, and the network."""

from blocks.design import Design
from blocks.expand import expand
from blocks.exports.code.constants import Constants
from blocks.exports.code.instances import traced_blocks
from blocks.exports.code.naming import name_variants
from blocks.exports.code.opening import cited_title
from blocks.exports.code.pattern import innermost_first
from blocks.exports.code.variant import variants
from blocks.exports.format import ExportError
from blocks.exports.torch_code.fusing import fused
from blocks.exports.torch_code.helpers import helper_names, helpers
from blocks.exports.torch_code.names import IN_CODE, class_name
from blocks.exports.torch_code.network import NetworkClass
from blocks.exports.torch_code.operation import Site, module_of
from blocks.exports.torch_code.steps import operation, torch_instances
from blocks.graph import LayerGraph

MAIN = 'if __name__ == "__main__":\n    print(Network())'


def torch_code(design: Design, weights: str = "") -> str:
    """Return PyTorch code that builds a design without errors, as the class `Network`.

    `weights` names the file of its weights, where the code says how to load them.

    Raises:
        ExportError: a layer has no equal in PyTorch.
    """
    graph = expand(design).graph
    traced = traced_blocks(design, graph, fused, with_names=False)
    instances = torch_instances(traced.instances, traced.shapes)
    constants = Constants(instances)
    found = variants(instances, constants.of_layer)
    steps = [step for one in innermost_first(instances) for step in one.steps]
    kinds = [module_of(step.kind) for step in steps if not step.inner]
    name_variants(found, class_name, IN_CODE | constants.names | helper_names(kinds))
    network = NetworkClass(graph, instances, found, traced.outputs, constants)
    blocks = ["\n".join(block.lines()) for block in network.classes]
    parts = [*helpers(network.modules()), *blocks, "\n".join(network.lines()), MAIN]
    named = "\n".join(constants.lines())
    code = "\n\n\n".join(parts)
    start = [f'"""{_opening(design, graph, weights)}"""', _imports(code)]
    start += [named] if named else []
    return "\n\n".join(start) + f"\n\n\n{code}\n"


def _opening(design: Design, graph: LayerGraph, weights: str) -> str:
    """Return the docstring of the module; it says where the weights are, if there are any."""
    text = cited_title(design, graph)
    if not weights and design.weights is None:
        return text
    if not weights:
        return f"{text.rstrip()}\n\nIts weights are in the export with weights.\n"
    return (
        f"{text.rstrip()}\n\nIts weights are in {weights}; load them so:\n\n"
        "    import torch\n\n"
        "    network = Network()\n"
        f'    network.load_state_dict(torch.load("{weights}", weights_only=True))\n'
        "    network.eval()\n"
    )


def obstacle(graph: LayerGraph) -> str:
    """Say which layer of a graph has no equal in PyTorch; nothing where all have."""
    for layer in graph:
        inputs = [graph[name].shape for name in layer.inputs]
        channels = [shape[-1] if shape else 1 for shape in inputs]
        block, kind, shape = layer.scope.node, layer.kind, layer.shape
        try:
            if inputs:
                operation(Site(layer.name, block, kind, layer.config, inputs, shape, channels))
        except ExportError as error:
            return str(error)
    return ""


def _imports(code: str) -> str:
    lines = ["import torch"] if "torch." in code else []
    lines += ["import torch.nn.functional as F"] if "F." in code else []
    return "\n".join([*lines, "from torch import nn"])
