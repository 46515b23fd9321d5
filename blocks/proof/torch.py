"""Running exported PyTorch code beside the design's Keras model; runs in the child that proves it.

Keras has the channels in the last axis, PyTorch in the first: values and weights are turned.
"""

import runpy
import tempfile
import zipfile
from collections.abc import Iterator
from inspect import signature
from pathlib import Path
from typing import Any

import numpy as np

from blocks.errors import ReadError
from blocks.graph import Layer, LayerGraph
from blocks.proof.network import Values
from blocks.proof.numbers import Array, random_inputs

ROLES = {
    "kernel": "weight",
    "depthwise_kernel": "weight",
    "pointwise_kernel": "weight",
    "bias": "bias",
    "gamma": "weight",
    "beta": "bias",
    "moving_mean": "running_mean",
    "moving_variance": "running_var",
    "alpha": "weight",
    "scale": "weight",
}
"""What PyTorch calls the weights of Keras' layers."""


CODE_FILE, STATE_FILE = "network.py", "weights.pt"
"""What a zip of code and weights holds."""


class TorchNetwork:
    """The class `Network` of exported code, its weights found by the order its modules are called.

    So no name in the code matters: the first module with weights that is called stands for the
    first layer with weights that was drawn, and so on.
    """

    packages: tuple[str, ...] = ("torch",)

    def __init__(self, path: Path, graph: LayerGraph) -> None:
        self._graph = graph
        self._model = runpy.run_path(str(path), run_name="exported")["Network"]().eval()
        samples = random_inputs(graph, np.random.default_rng(0))
        modules = self._called({name: value[:1] for name, value in samples.items()})
        self._tensors = dict(self._paired(modules))
        self.trainable = frozenset(
            name for name, (_, tensor) in self._tensors.items() if tensor.requires_grad
        )

    def _called(self, inputs: Values) -> Iterator[Any]:
        """Run the network; yield the modules with weights of their own, in the order of calls."""
        called: dict[int, Any] = {}

        def note(module: Any, values: Any) -> None:
            if [*module.parameters(recurse=False), *module.buffers(recurse=False)]:
                called.setdefault(id(module), module)

        hooks = [module.register_forward_pre_hook(note) for module in self._model.modules()]
        self._sample = self.outputs(inputs)
        for hook in hooks:
            hook.remove()
        yield from called.values()

    def _paired(self, modules: Iterator[Any]) -> Iterator[tuple[str, tuple[Layer, Any]]]:
        """Yield "layer/role" of every weight with its layer and the tensor that stands for it."""
        for layer in self._graph:
            module = None
            for weight in () if layer.calls_again else layer.weights:
                if module is None or weight.role == "pointwise_kernel":
                    module = next(modules, None)
                tensor = getattr(module, ROLES.get(weight.role, ""), None)
                if tensor is None:
                    raise ReadError(
                        f"no module of the network has the {weight.role} of {layer.name}"
                    )
                yield f"{layer.name}/{weight.role}", (layer, tensor)
        left = list(modules)
        if left:
            raise ReadError(f"{len(left)} modules of the network stand for no layer of the design")

    def ends(self) -> dict[str, Any]:
        """Return the shapes that were drawn for what comes in, and found for what leaves."""
        taken = len(signature(self._model.forward).parameters)
        inputs = [*self._graph.inputs, *map(str, range(taken))][:taken]
        found = {f"input {name}": (None, *self._graph[name].shape) for name in inputs}
        for name, value in self._sample.items():
            drawn = self._graph[name].shape
            open_axes = [axis is None for axis in drawn] + [False] * value.ndim
            shape = zip(value.shape[1:], open_axes, strict=False)
            found[f"output {name}"] = (None, *(None if free else axis for axis, free in shape))
        return found

    def weights(self) -> dict[str, Array]:
        return {
            name: in_keras_layout(layer, name, tensor.detach().numpy())
            for name, (layer, tensor) in self._tensors.items()
        }

    def state_dict(self) -> dict[str, Any]:
        """Return the weights as PyTorch keeps them in a file."""
        found: dict[str, Any] = self._model.state_dict()
        return found

    def load_state_dict(self, path: Path) -> None:
        """Take all weights from a file that `torch.save` wrote; nothing in it is run."""
        import torch

        self._model.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))

    def put(self, weights: Values) -> None:
        import torch

        with torch.no_grad():
            for name, (layer, tensor) in self._tensors.items():
                value = in_torch_layout(layer, name, weights[name])
                tensor.copy_(torch.from_numpy(np.ascontiguousarray(value)))

    def outputs(self, inputs: Values) -> dict[str, Array]:
        import torch

        values = [torch.from_numpy(np.moveaxis(value, -1, 1)) for value in inputs.values()]
        with torch.no_grad():
            answer = self._model(*values)
        ends = answer if isinstance(answer, tuple) else (answer,)
        found = [np.moveaxis(end.numpy(), 1, -1) for end in ends]
        return dict(zip(self._graph.outputs, found, strict=True))


def torch_archive(path: Path, graph: LayerGraph) -> TorchNetwork:
    """Run the code in a zip and load the weights beside it, as anybody would."""
    with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
        code, state = (Path(archive.extract(name, folder)) for name in (CODE_FILE, STATE_FILE))
        network = TorchNetwork(code, graph)
        network.load_state_dict(state)
        return network


def in_torch_layout(layer: Layer, name: str, value: Array) -> Array:
    """Return a weight of a Keras layer as PyTorch has it; `name` ends in its role."""
    role = name.rpartition("/")[2]
    if not role.endswith("kernel"):
        return value.reshape(-1) if role == "alpha" else value
    turned = value.transpose(_axes(layer, role))
    return turned.reshape(-1, 1, *turned.shape[2:]) if _by_channel(layer, role) else turned


def in_keras_layout(layer: Layer, name: str, value: Array) -> Array:
    """Return a weight of a PyTorch module as Keras has it; as it is where the size is another."""
    role = name.rpartition("/")[2]
    shape = next(weight.shape for weight in layer.weights if weight.role == role)
    if value.size != np.prod(shape, dtype=int):
        return value
    if not role.endswith("kernel"):
        return value.reshape(shape) if role == "alpha" else value
    axes = _axes(layer, role)
    turned = value.reshape([shape[axis] for axis in axes])
    return turned.transpose(np.argsort(axes))


def _by_channel(layer: Layer, role: str) -> bool:
    return role == "depthwise_kernel" or layer.kind.startswith("Depthwise")


def _axes(layer: Layer, role: str) -> tuple[int, ...]:
    """Return Keras' axes in PyTorch's order; a kernel has both of its channels last in Keras."""
    rank = next(len(weight.shape) for weight in layer.weights if weight.role == role)
    last, before = rank - 1, rank - 2
    ends = (before, last) if _by_channel(layer, role) else (last, before)
    return (*ends, *range(rank - 2))
