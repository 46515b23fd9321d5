"""Writing the whole file: imports, helpers, one class per type of block, and the network."""

from typing import NamedTuple

from blocks.design import Design
from blocks.expand import expand
from blocks.exports.code.instances import traced_blocks
from blocks.exports.code.naming import name_variants
from blocks.exports.code.variant import variants
from blocks.exports.torch_code.fusing import fused
from blocks.exports.torch_code.helpers import helpers
from blocks.exports.torch_code.names import IN_CODE, class_name
from blocks.exports.torch_code.network import NetworkClass
from blocks.exports.torch_code.steps import torch_instances
from blocks.keras_model import model_name


class TorchCode(NamedTuple):
    """PyTorch code, and where in its network the weights of each Keras layer are."""

    text: str
    paths: dict[str, str]


def torch_code(design: Design) -> TorchCode:
    """Return PyTorch code that builds a design without errors, as the class `Network`.

    Raises:
        ExportError: a layer has no equal in PyTorch.
    """
    graph = expand(design).graph
    traced = traced_blocks(design, graph, fused)
    instances = torch_instances(traced.instances, traced.shapes)
    found = variants(instances)
    name_variants(found, class_name, IN_CODE)
    network = NetworkClass(graph, instances, found, traced.outputs)
    classes = ["\n".join(block.lines()) for block in network.classes]
    body = [*helpers(network.modules()), *classes, "\n".join(network.lines())]
    code = "\n\n\n".join(body)
    total = sum(layer.params for layer in graph)
    title = f'"""Convolutional network {model_name(design.name)}: {total:,} parameters."""'
    main = 'if __name__ == "__main__":\n    print(Network())'
    text = "\n\n\n".join([f"{title}\n\n{_imports(code)}", code, main]) + "\n"
    return TorchCode(text, network.paths)


def require_torch_code(design: Design) -> None:
    """Refuse a design that PyTorch code cannot be written of.

    Raises:
        ExportError: a layer has no equal in PyTorch.
    """
    torch_code(design)


def _imports(code: str) -> str:
    lines = ["import torch"] if "torch." in code else []
    lines += ["import torch.nn.functional as F"] if "F." in code else []
    return "\n".join([*lines, "from torch import nn"])
