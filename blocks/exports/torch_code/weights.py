"""How weights lie in Keras and in PyTorch."""

from collections.abc import Mapping
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

ROLES = {
    "kernel": "weight",
    "bias": "bias",
    "gamma": "weight",
    "beta": "bias",
    "moving_mean": "running_mean",
    "moving_variance": "running_var",
    "alpha": "weight",
    "scale": "weight",
}
SEPARABLE_ROLES = {
    "depthwise_kernel": "depthwise.weight",
    "pointwise_kernel": "pointwise.weight",
    "bias": "pointwise.bias",
}


def name_in_torch(kind: str, role: str) -> str:
    """Return what a weight of a Keras layer is called in its PyTorch module."""
    return (SEPARABLE_ROLES if kind.startswith("Separable") else ROLES)[role]


def to_torch(kind: str, role: str, value: Array) -> Array:
    """Return a Keras weight as PyTorch has it: filters and channels first."""
    if role == "alpha":
        return value.reshape(-1)
    if not role.endswith("kernel"):
        return value
    turned = value.transpose(_axes(kind, role, value.ndim))
    if _by_channel(kind, role):
        return turned.reshape(-1, 1, *turned.shape[2:])
    return turned


def to_keras(kind: str, role: str, value: Array, shape: tuple[int, ...]) -> Array:
    """Return a PyTorch weight as Keras has it; `shape` is that of the Keras weight.

    The value is given back as it is where it has another number of entries.
    """
    if value.size != np.prod(shape, dtype=int):
        return value
    if role == "alpha":
        return value.reshape(shape)
    if not role.endswith("kernel"):
        return value
    axes = _axes(kind, role, len(shape))
    turned = value.reshape([shape[axis] for axis in axes])
    return turned.transpose(np.argsort(axes))


def _by_channel(kind: str, role: str) -> bool:
    return role == "depthwise_kernel" or kind.startswith("Depthwise")


def _axes(kind: str, role: str, rank: int) -> tuple[int, ...]:
    """Return Keras' axes in PyTorch's order; Keras has both kinds of channels last."""
    last, before = rank - 1, rank - 2
    ends = (before, last) if _by_channel(kind, role) else (last, before)
    return (*ends, *range(rank - 2))


def placed(paths: Mapping[str, str], layer: str, kind: str, role: str) -> str:
    """Return the name of a Keras weight in the network's state."""
    return f"{paths[layer]}.{name_in_torch(kind, role)}"
